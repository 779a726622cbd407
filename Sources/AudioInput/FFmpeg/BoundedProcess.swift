import CProcess
import Files
import Foundation

/// A program that works on an open file and writes to this process, within bounds of memory, processor time and waiting.
///
/// It gets the file as its standard input, and nothing else of this process: no descriptor, no signal that is ignored,
/// and no keyboard, as it is in a process group of its own. It ends with this object.
final class BoundedProcess {
    struct Limits {
        /// Of the address space, in bytes.
        var memory: UInt = 1 << 30
        /// In seconds of processor time.
        var processorTime: UInt = 3600
        /// How many seconds it may go without writing anything while this process waits for it.
        var silence = 10.0
    }

    enum Failure: Error {
        case system(SystemError)
        /// It wrote nothing for so long.
        case silent(seconds: Double)
    }

    /// What it wrote to standard error: the beginning of it.
    private(set) var messages: [UInt8] = []
    private static let longestMessages = 1 << 20

    private let limits: Limits
    private let output: Descriptor
    private let errors: Descriptor
    private let process: pid_t
    /// Nil while it runs.
    private var status: Int32?
    private var outputEnded = false
    private var errorsEnded = false

    /// - Throws: if it can't be started.
    init(
        _ program: String, _ arguments: [String], input: Int32, limits: Limits = Limits()
    ) throws(SystemError) {
        self.limits = limits
        let (outputEnd, outputStart) = try Self.pipe()
        let (errorEnd, errorStart) = try Self.pipe()
        (output, errors) = (outputEnd, errorEnd)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, place) in [(input, 0), (outputStart.number, 1), (errorStart.number, 2)] as [(Int32, Int32)] {
            posix_spawn_file_actions_adddup2(&actions, descriptor, place)
        }
        spawn_close_from(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var process = pid_t()
        let code = Self.withCStrings([program] + arguments) { words in
            Self.withCStrings(Self.environment) { environment in
                posix_spawn(&process, program, &actions, &attributes, words, environment)
            }
        }
        guard code == 0 else { throw SystemError(code) }
        self.process = process
        // Whatever this process may have itself is the most that the other can get.
        Self.limit(process, RLIMIT_AS, to: limits.memory)
        Self.limit(process, RLIMIT_CPU, to: limits.processorTime)
        Self.limit(process, RLIMIT_CORE, to: 0)
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            _ = wait()
        }
    }

    /// The next bytes of its output, at most `count`; none at the end.
    func read(atMost count: Int) throws(Failure) -> [UInt8] {
        if outputEnded { return [] }
        try waitForOutput()
        let bytes = try next(output, atMost: count)
        outputEnded = bytes.isEmpty
        return bytes
    }

    /// Waits for its end, after that of its output: 0 if it ended well, else its exit status or, negative, the signal that
    /// ended it.
    func finish() throws(Failure) -> Int32 {
        while !errorsEnded { try waitForOutput() }
        let status = status ?? wait()
        self.status = status
        return status & 0x7F != 0 ? -(status & 0x7F) : status >> 8 & 0xFF
    }

    /// Waits until there is some output or its end, and collects messages meanwhile; after the output's end, until there
    /// is a message or their end.
    private func waitForOutput() throws(Failure) {
        var files: [pollfd] = []
        if !outputEnded { files.append(pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)) }
        if !errorsEnded { files.append(pollfd(fd: errors.number, events: Int16(POLLIN), revents: 0)) }
        let start = ContinuousClock.now
        while true {
            let left = limits.silence - (ContinuousClock.now - start) / .seconds(1)
            guard left > 0 else { throw .silent(seconds: limits.silence) }
            let count = poll(&files, nfds_t(files.count), Int32(left * 1000) + 1)
            if count < 0, errno != EINTR { throw .system(.last) }
            guard count > 0 else { continue }
            if !errorsEnded, files.last?.revents != 0 {
                let bytes = try next(errors, atMost: 1 << 12)
                messages += bytes.prefix(max(0, Self.longestMessages - messages.count))
                errorsEnded = bytes.isEmpty
                if errorsEnded { files.removeLast() }
            }
            if outputEnded || files.first.map({ $0.fd == output.number && $0.revents != 0 }) == true { return }
        }
    }

    private func next(_ pipe: Descriptor, atMost count: Int) throws(Failure) -> [UInt8] {
        do throws(FileError) { return try pipe.readNext(atMost: count) } catch { throw .system(error.cause) }
    }

    private func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    // MARK: What it gets

    /// Without what would make ffmpeg write elsewhere or in colours.
    private static var environment: [String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AV_LOG") && $0.key != "FFREPORT" }
            .map { "\($0.key)=\($0.value)" } + ["AV_LOG_FORCE_NOCOLOR=1"]
    }

    private static func pipe() throws(SystemError) -> (end: Descriptor, start: Descriptor) {
        var descriptors: [Int32] = [0, 0]
        guard pipe_with_flags(&descriptors, O_CLOEXEC) == 0 else { throw .last }
        return (Descriptor(owning: descriptors[0]), Descriptor(owning: descriptors[1]))
    }

    private static func limit(_ process: pid_t, _ resource: __rlimit_resource, to most: UInt) {
        var limit = rlimit()
        guard process_limit(process, resource.rawValue, nil, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_cur, rlim_t(most))
        limit.rlim_max = min(limit.rlim_max, rlim_t(most))
        _ = process_limit(process, resource.rawValue, &limit, nil)
    }

    /// A list of C strings that a null pointer ends, for the time of `body`.
    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a list with its end has an address") }
            return body(base)
        }
    }
}
