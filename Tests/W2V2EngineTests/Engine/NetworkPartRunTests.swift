import Kernels
import TestSupport
import Testing
import W2V2Engine

@_spi(Benchmarks) @testable import W2V2Network

@Suite("Parts of the network run by themselves")
struct NetworkPartRunTests {
    /// 163 frames, a prime number.
    static let signal = (0..<52_400).map { Float($0 * 7919 % 1009) / 504.5 - 1 }

    @Test("each run starts from the same states and gives the same bits", arguments: NetworkPart.allCases, [1, 2])
    func repeatable(part: NetworkPart, threads: Int) throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset11"), options: EngineOptions(threads: threads))
        let run = try NetworkPartRun(part, of: model, on: Self.signal)
        let results = (0..<2).map { _ in
            run.prepare()
            let before = Matrix(run.workspace.hidden).elements()
            run()
            let after = Matrix(run.workspace.hidden).elements()
            // The feature extractor alone leaves the encoder's states as they are.
            #expect((before == after) == (part == .featureExtractor))
            #expect(after.allSatisfy { $0.isFinite })
            return after
        }
        #expect(results[0] == results[1])
    }

    @Test("the feature extractor gives what it gives in the network", arguments: [1, 2])
    func features(threads: Int) throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset11"), options: EngineOptions(threads: threads))
        var expected: [Float] = []
        _ = try model.states(Self.signal) { state in
            let last = model.architecture.featureExtractor.count - 1
            if state.stage == .featureExtractor(layer: last) { expected = state.values }
        }
        let run = try NetworkPartRun(.featureExtractor, of: model, on: Self.signal)
        run.workspace.features.fill(0)
        run()
        #expect(Matrix(run.workspace.features).elements() == expected)
    }

    @Test("the parts of the published network are nearly all of its arithmetic")
    func operations() throws {
        let network = try ArchitectureTests.published
        let parts = NetworkPart.allCases.reduce(0) { sum, part in
            let layers = part == .attention || part == .feedForward ? network.encoderLayers : 1
            let operations = network.operations(samples: 80_000).filter(part.contains)
            return sum + layers * operations.reduce(0) { $0 + $1.floatingPointOperations }
        }
        let whole = network.floatingPointOperations(samples: 80_000)
        // The rest is the projection of 249 frames from 512 to 1024, and the head.
        #expect(whole - parts == 2 * (249 * 512 * 1024 + 1024 * 1024 + 1024 * 3))
    }
}
