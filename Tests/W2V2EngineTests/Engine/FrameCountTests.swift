import Foundation
import ONNXInterpreter
import ONNXLoader
import StandInModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

/// Signals of every length, against the graph run in Double.
@Suite("Every number of frames")
struct FrameCountTests {
    private static let model = "torch1.10-opset11"

    /// Around the feature extractor's tiles and blocks of frames, those of products, attention's queries and keys, and
    /// the feed-forward part.
    static let edges =
        [FeatureExtractor.tileFrames, 2 * FeatureExtractor.tileFrames, 128, 256]
        + [Attention.queryBlock, 2 * Attention.queryBlock, Attention.keyBlock, 2 * Attention.keyBlock]
        + [FeedForward.frameBlock]

    /// Each once: the edges, one less and one more.
    static let countsAroundEdges = Set(edges.flatMap { [$0 - 1, $0, $0 + 1] }).filter { $0 > 70 }.sorted()

    /// The fewest samples for so many frames, and now and then as many more as make no frame.
    private static func signal(frames: Int) -> [Float] { noise(400 + 320 * (frames - 1) + [0, 1, 319][frames % 3]) }

    @Test(
        "is as exact on all kernels, and has the same bits each time and on any number of threads",
        arguments: 1...70)
    func few(frames: Int) throws {
        try check(frames: frames)
    }

    @Test("around every block's edge", arguments: countsAroundEdges)
    func blockEdges(frames: Int) throws {
        try check(frames: frames)
    }

    private func check(frames: Int) throws {
        let file = try fixture(Self.model)
        let signal = Self.signal(frames: frames)
        let exact = try Interpreter(file).run(signal: signal)
        let tolerance = try #require(ParityTolerance.onnxRuntime[Self.model])
        for backend in Backend.all {
            let model = try Models.shared(backend)
            #expect(model.architecture.frames(samples: signal.count) == frames)
            var single: Prediction?
            for threads in 1...3 {
                let team = model.with(threads: threads)
                let prediction = try team.predict(signal)
                for output in model.architecture.outputs {
                    let expected = try #require(exact[output]?.reals)
                    let values = try #require(prediction[output])
                    #expect(
                        largestDifference(values, expected) <= tolerance.bound(for: output, backend.products),
                        "\(backend) \(output), \(threads) threads")
                }
                #expect(try team.predict(signal).bits == prediction.bits, "\(backend), \(threads) threads, again")
                // The threads decide where the feature extractor's tiles are, on which only OpenBLAS's bits depend.
                if backend.products == .tiles {
                    #expect(prediction.bits == (single ?? prediction).bits, "\(backend), \(threads) threads")
                }
                single = single ?? prediction
            }
        }
    }

    /// A network whose sizes nothing divides evenly but what must.
    @Test("of a network with awkward sizes", arguments: Backend.all)
    func awkwardSizes(backend: Backend) throws {
        let folder = try TemporaryFolder()
        try StandIn(sizes: .awkward).write(toDirectory: folder.path)
        let file = try ONNXModel(contentsOf: folder.file("model.onnx"))
        let interpreter = try Interpreter(file)
        let model = try EmotionModel(file, options: backend.options())
        for frames in [1, 2, 5, 6, 7, 13, 70, 97, 130] {
            let signal = noise(21 + 12 * (frames - 1))
            #expect(model.architecture.frames(samples: signal.count) == frames)
            let exact = try interpreter.run(signal: signal)
            let prediction = try model.predict(signal)
            for output in model.architecture.outputs {
                let expected = try #require(exact[output]?.reals)
                let scale = expected.map(abs).max() ?? 1
                let values = try #require(prediction[output])
                #expect(
                    largestDifference(values, expected) <= StateTolerance.usual * scale, "\(frames) frames, \(output)")
            }
            guard backend.products == .tiles else { continue }
            #expect(try model.with(threads: 3).predict(signal).bits == prediction.bits)
        }
    }

    /// The tiny model on all kernels, each loaded once.
    private enum Models {
        private static let all = Backend.all.map { backend in
            (backend, Result { try EmotionModel(contentsOf: Fixtures.model(model), options: backend.options()) })
        }

        static func shared(_ backend: Backend) throws -> EmotionModel {
            try #require(all.first { $0.0 == backend }).1.get()
        }
    }
}
