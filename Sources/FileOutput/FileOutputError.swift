#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A system call that failed. Its user knows what was being written, and words the message.
public struct FileOutputError: Error, Sendable, Hashable {
    public enum Step: Sendable, Hashable {
        /// The file, or one beside it, could not be opened for writing.
        case opening
        case writing
    }

    public let step: Step
    /// The `errno` of the call.
    public let code: Int32

    public init(_ step: Step, code: Int32) {
        self.step = step
        self.code = code
    }

    /// Whether there was no room left, on the disk or in the user's share of it.
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// The system's own words.
    public var reason: String { String(cString: strerror(code)) }
}
