import Foundation

/// A system call that failed.
struct SystemFailure: Error, CustomStringConvertible {
    /// An `errno`.
    let code: Int32

    var description: String {
        switch code {
        case ENOENT, ENOTDIR: "no such file"
        case EACCES, EPERM: "no permission to read it"
        default: String(cString: strerror(code))
        }
    }
}
