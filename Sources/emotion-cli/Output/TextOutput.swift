import ArgumentParser
import Files
import Foundation
import NumPyFiles

/// Where text goes: a file that appears whole or not at all, or standard output.
struct TextOutput {
    private let file: OutputFile
    private let name: String

    /// Opens `path`, which ``commit()`` replaces; nil is standard output.
    init(_ path: String?) throws(OutputFailure) {
        name = path ?? standardOutput
        guard let path else {
            file = OutputFile(descriptor: STDOUT_FILENO)
            return
        }
        do throws(FileError) { file = try OutputFile(path: path) } catch { throw OutputFailure(path, error) }
    }

    func write(_ text: String) throws(OutputFailure) {
        let bytes = Array(text.utf8)
        do throws(FileError) { try file.write(bytes.span.bytes) } catch { throw OutputFailure(name, error) }
    }

    /// Everything was written. On standard output it is already there.
    func commit() throws(OutputFailure) {
        do throws(FileError) { try file.commit() } catch { throw OutputFailure(name, error) }
    }
}

/// A result can't be written.
struct OutputFailure: Error, CustomStringConvertible {
    private let name: String
    private let cause: FileError

    init(_ name: String, _ cause: FileError) {
        self.name = name
        self.cause = cause
    }

    var description: String { "\(name): \(cause.reason)" }
}

extension NPZWriter {
    /// Writes to a file, or with nil to standard output, unless that is a terminal.
    convenience init(to path: String?) throws {
        if let path {
            try self.init(path: path)
            return
        }
        if isatty(STDOUT_FILENO) != 0 {
            throw ValidationError("npz is binary: give --output FILE, or send standard output to a file")
        }
        self.init(OutputFile(descriptor: STDOUT_FILENO), name: standardOutput)
    }
}

private let standardOutput = "standard output"
