import ArgumentParser
import Foundation
import NumPyFiles

extension NPZWriter {
    /// Writes to a file, or to standard output where `path` is nil, unless that is a terminal.
    convenience init(to path: String?) throws {
        if let path {
            try self.init(path: path)
            return
        }
        if isatty(STDOUT_FILENO) != 0 {
            throw ValidationError("npz is binary: give --output FILE, or send standard output to a file")
        }
        self.init(.standardOutput)
    }
}
