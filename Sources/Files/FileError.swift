import Foundation

/// The `errno` of a system call that failed.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    package let code: Int32

    package init(_ code: Int32) { self.code = code }

    /// That of the call that has just failed on this thread.
    package static var last: SystemError { SystemError(errno) }

    /// The system's own words.
    package var description: String { String(cString: strerror(code)) }
}

/// A step of reading or writing a file that failed. The caller knows what the file is for, and words the message.
package struct FileError: Error, Sendable, Hashable {
    package enum Step: Sendable, Hashable {
        /// The file, or one beside it, could not be opened or made.
        case opening
        case reading
        case writing
    }

    package let step: Step
    package let cause: SystemError

    /// Without a code, that of the call that has just failed on this thread.
    package init(_ step: Step, code: Int32 = errno) {
        self.step = step
        cause = SystemError(code)
    }

    /// The `errno` of the call.
    package var code: Int32 { cause.code }

    /// The system's own words.
    package var reason: String { cause.description }

    /// Whether there was no room left, on the disk or in the user's share of it.
    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether another process holds the file.
    package var isInUse: Bool { step == .opening && code == EWOULDBLOCK }
}

/// Why a regular file can't be opened for reading. Messages leave the file's path to the caller.
package enum OpeningError: Error, Sendable, Hashable, CustomStringConvertible {
    case failed(SystemError)
    case zeroByteInPath
    /// With what it is instead, such as "a folder".
    case notRegular(kind: String)

    package var description: String {
        switch self {
        case .failed(let error): error.description
        case .zeroByteInPath: "the path holds a zero byte"
        case .notRegular(let kind): "it is \(kind), not a file"
        }
    }
}
