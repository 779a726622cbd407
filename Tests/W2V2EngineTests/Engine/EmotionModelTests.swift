import Foundation
import TestSupport
import Testing

@testable import W2V2Engine

@Suite("Emotion model")
struct EmotionModelTests {
    /// Two float32 runs with sums in another order.
    static let reordering: Float = 4e-6

    private func noise(_ samples: Int) -> [Float] {
        var state: UInt64 = 42
        return (0..<samples).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
        }
    }

    @Test("gives the same numbers whatever the threads and the tiles", arguments: [400, 5_000, 16_000, 200_000])
    func threads(samples: Int) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let signal = noise(samples)
        let single = try model.predict(signal, threads: 1)
        // Observing runs the feature extractor in one piece.
        let whole = try model.predict(signal, threads: 1) { _, _, _, _ in }
        for threads in [2, 3, 7] {
            let prediction = try model.predict(signal, threads: threads)
            for (values, expected) in zip(prediction.values + whole.values, single.values + single.values) {
                for (value, other) in zip(values, expected) { #expect(abs(value - other) <= Self.reordering) }
            }
        }
    }

    @Test("gives the same bits each time, in a used workspace as in a new one", arguments: [1, 2])
    func repeatable(threads: Int) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17"), threads: threads)
        let workspace = Workspace(for: model.architecture)
        let lengths = [16_000, 400, 50_000, 719, 16_000]
        for samples in lengths {
            let signal = noise(samples)
            let fresh = try model.predict(signal, threads: threads)
            #expect(try model.predict(signal, threads: threads, workspace: workspace) == fresh)
        }
    }

    @Test("is shared by concurrent calls")
    func concurrent() async throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset13-inputnorm"))
        let signals = (0..<12).map { noise(8_000 + 320 * $0) }
        let expected = try signals.map { try model.predict($0) }
        let predictions = try await withThrowingTaskGroup(of: (Int, Prediction).self) { group in
            for (index, signal) in signals.enumerated() {
                group.addTask { (index, try model.predict(signal, threads: 1 + index % 2)) }
            }
            return try await group.reduce(into: [Int: Prediction]()) { $0[$1.0] = $1.1 }
        }
        for (index, prediction) in expected.enumerated() {
            let other = try #require(predictions[index])
            for (value, same) in zip(other.values.joined(), prediction.values.joined()) {
                #expect(abs(value - same) <= Self.reordering)
            }
        }
    }

    @Test("shows each stage once, in forward order, with its shape")
    func stages() throws {
        for name in Fixtures.modelNames {
            let model = try EmotionModel(contentsOf: Fixtures.model(name))
            let signal = noise(5_000)
            var seen: [Stage] = []
            let prediction = try model.predict(signal) { stage, rows, columns, elements in
                seen.append(stage)
                #expect(elements.count == rows * columns)
                if case .encoderLayer = stage {
                    #expect(rows == model.architecture.frames(samples: signal.count))
                    #expect(columns == model.architecture.hiddenSize)
                }
            }
            #expect(seen == Stage.all(of: model.architecture))
            #expect(prediction.names == model.architecture.outputs)
        }
    }

    @Test("refuses signals that are too short or not finite")
    func refuses() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        #expect(throws: EngineError.signalTooShort(samples: 0, minimum: 400)) { try model.predict([]) }
        #expect(throws: EngineError.signalTooShort(samples: 399, minimum: 400)) { try model.predict(noise(399)) }
        for bad in [Float.nan, .infinity, -.infinity] {
            var signal = noise(1_000)
            signal[17] = bad
            #expect(throws: EngineError.nonFiniteSample(index: 17)) { try model.predict(signal) }
        }
    }

    @Test("passes on an observer's error")
    func observerThrows() throws {
        struct Stop: Error {}
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        #expect(throws: Stop.self) { try model.predict(noise(400)) { _, _, _, _ in throw Stop() } }
    }
}
