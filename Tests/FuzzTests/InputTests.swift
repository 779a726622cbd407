import Foundation
import TestSupport
import Testing

@testable import FuzzTargets

/// The fuzzer's seeds, and every input that it found a fault with: each is read to its end, soon, in a result or an error.
@Suite("Inputs of the fuzzer", .serialized)
struct InputTests {
    @Test("end in a result or an error", arguments: ["Corpus", "Findings"])
    func inputs(kind: String) throws {
        let scratch = Scratch()
        defer { scratch.remove() }
        for target in allTargets {
            let folder = Fixtures.fuzz("\(kind)/\(target.name)")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
            #expect(kind != "Corpus" || !names.isEmpty, "\(target.name) has no seed")
            for name in names {
                let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
                let begin = ContinuousClock.now
                target.read(bytes, in: scratch)
                #expect(begin.duration(to: .now) < .seconds(5), "\(kind)/\(target.name)/\(name)")
            }
        }
    }

    /// Otherwise, the fuzzer would only find what the first checks refuse.
    @Test(
        "among the seeds are some that come to the last step",
        arguments: [
            ("onnx", "predicted"), ("packed", "predicted"), ("numpy", "member"), ("numpy", "signal"),
            ("yaml", "labelled"), ("tables", "segment"), ("lists", "recording"), ("requests", "segment"),
            ("progress", "resumed"), ("audio", "decoded"), ("profile", "read"), ("checkpoints", "numbers"),
            ("checkpoints", "configured"),
        ])
    func depth(name: String, step: String) throws {
        let target = try #require(allTargets.first { $0.name == name })
        let (scratch, folder) = (Scratch(), Fixtures.fuzz("Corpus/\(name)"))
        defer { scratch.remove() }
        var steps: Set<String> = []
        for seed in try FileManager.default.contentsOfDirectory(atPath: folder) {
            steps.formUnion(target.read([UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(seed)"))), in: scratch))
        }
        #expect(steps.contains(step), "\(steps)")
    }
}
