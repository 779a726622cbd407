import Foundation
import Synchronization

@testable import FuzzTargets

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
            let names = allTargets.map(\.name).joined(separator: ", ")
            FileHandle.standardError.write(Data("FUZZ_TARGET is '\(name)'; one of \(names) is needed\n".utf8))
            exit(2)
        }
        self.target = target
        scratch = Scratch()
        atexit { session.report() }
    }

    var mutation: Mutation? { target.mutation }

    func run(_ bytes: [UInt8]) {
        reached("executions")
        target.read(bytes, in: scratch, reached: reached)
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
