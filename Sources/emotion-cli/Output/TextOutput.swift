import Foundation

/// Where text goes: a file, or standard output.
struct TextOutput {
    /// The text can't be written.
    struct Failure: Error, CustomStringConvertible {
        let name: String
        let code: Int32

        var description: String { "\(name): \(String(cString: strerror(code)))" }
    }

    private let handle: FileHandle
    private let name: String

    /// Opens `path`, emptied if it is there; nil is standard output.
    init(_ path: String?) throws(Failure) {
        guard let path else {
            handle = .standardOutput
            name = "standard output"
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Failure(name: path, code: errno) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        name = path
    }

    func write(_ text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Foundation.write(handle.fileDescriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Failure(name: name, code: errno) }
            written += count
        }
    }
}
