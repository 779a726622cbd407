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
        /// What was written before could not be read back.
        case reading
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

    /// Whether another process holds the file.
    public var isInUse: Bool { step == .opening && code == EWOULDBLOCK }

    /// The system's own words.
    public var reason: String { String(cString: strerror(code)) }
}
