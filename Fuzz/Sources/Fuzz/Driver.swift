import Foundation
import Synchronization

/// What libFuzzer calls, and the target that the environment names in FUZZ_TARGET.
private let session = Session()

/// One process of libFuzzer.
private final class Session: Sendable {
    private let target: any Target
    private let scratch: Scratch
    private let counts = Mutex([String: Int]())

    init() {
        let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
        guard let target = allTargets.first(where: { $0.name == name }) else {
            FileHandle.standardError.write(
                Data(
                    "FUZZ_TARGET is '\(name)'; one of \(allTargets.map(\.name).joined(separator: ", ")) is needed\n"
                        .utf8))
            exit(2)
        }
        self.target = target
        scratch = Scratch()
        atexit { session.report() }
    }

    var mutation: Mutation? { target.mutation }

    func run(_ bytes: [UInt8]) {
        reached("executions")
        guard !bytes.isEmpty else { return }
        // An error is an answer, and its message must not trap either.
        do { try target.run(Input(bytes: bytes, scratch: scratch, reached: reached)) } catch {
            _ = String(describing: error)
        }
    }

    private func reached(_ step: String) { counts.withLock { $0[step, default: 0] += 1 } }

    /// One line for each step, the most frequent first.
    func report() {
        let lines = counts.withLock { counts in
            counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { "reached: \($0.key) \($0.value)\n" }
        }
        FileHandle.standardError.write(Data(lines.joined().utf8))
        scratch.remove()
    }
}

/// What a target tries once.
struct Input {
    let bytes: [UInt8]
    let scratch: Scratch
    /// Counts a step that the input came to.
    let reached: (String) -> Void

    /// A file with these bytes, or the input's.
    func file(_ name: String, _ bytes: [UInt8]? = nil) throws -> String {
        try scratch.write(bytes ?? self.bytes, as: name)
    }
}

/// A folder for files, in memory if the system has such a place.
struct Scratch: Sendable {
    let path: String

    init() {
        let parent = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = "\(parent)/emotion-fuzz-\(getpid())"
        mkdir(path, 0o700)
    }

    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

@_silgen_name("LLVMFuzzerMutate")
private func defaultMutation(_ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ most: Int) -> Int

/// SwiftPM links an executable's main under the target's name.
@_cdecl("Fuzz_main")
public func main(_ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    var (argumentCount, arguments) = (argumentCount, arguments)
    return runDriver(&argumentCount, &arguments) { data, count in
        session.run(Array(UnsafeBufferPointer(start: data, count: count)))
        return 0
    }
}

/// Seven of eight mutations are the target's own, if it has one.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32) -> Int {
    if let mutation = session.mutation, seed % 8 != 0 {
        var random = SplitMix(state: UInt64(seed))
        let input = Array(UnsafeBufferPointer(start: data, count: count))
        if let bytes = mutation(input, &random), bytes.count <= most, !bytes.isEmpty {
            UnsafeMutableBufferPointer(start: data, count: most).baseAddress?.update(from: bytes, count: bytes.count)
            return bytes.count
        }
    }
    return defaultMutation(data, count, most)
}

/// The generator of Steele, Lea and Flood (2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
