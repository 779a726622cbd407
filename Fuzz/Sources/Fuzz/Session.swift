import Foundation
import Synchronization

@testable import FuzzTargets

/// What libFuzzer calls, and the target that the environment names in FUZZ_TARGET.
let session = Session()

/// One process of libFuzzer.
final class Session: Sendable {
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

    /// Reads the input. Whether it is one to keep, if it comes to new places.
    func run(_ bytes: [UInt8]) -> Bool {
        let steps = target.read(bytes, in: scratch)
        counts.withLock { counts in
            for step in ["executions"] + steps { counts[step, default: 0] += 1 }
        }
        return target.step.map(steps.contains) ?? true
    }

    /// One line for each step, the most frequent first.
    func report() {
        let lines = counts.withLock { counts in
            counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { "reached: \($0.key) \($0.value)\n" }
        }
        FileHandle.standardError.write(Data(lines.joined().utf8))
        scratch.remove()
    }
}
