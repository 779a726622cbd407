import Foundation
import Kernels
import StandInModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Recording of a call's times")
struct RecordingTests {
    @Test("leaves every bit of the answer as it is", arguments: [1, 2, 3], Backend.all)
    func bits(threads: Int, backend: Backend) throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset13-inputnorm"), options: backend.options(threads: threads))
        // 163 frames: more than a block of queries.
        for samples in [400, 16_000, 52_400] {
            let signal = noise(samples)
            let expected = try model.predict(signal).bits
            for spans in [0, 100_000] {
                let recorder = SpanRecorder(layers: model.architecture.timedLayers, threads: threads, spans: spans)
                let recorded = try recorder.record {
                    try model.forward(signal, workspace: nil, recorder: recorder)
                }
                #expect(recorded.bits == expected)
            }
        }
    }

    /// What is no operation's may be no more than this part of a call.
    static let largestRest = 0.03

    @Test("the operations' times add up to the call's", arguments: [1, 2, 3])
    func sum(threads: Int) throws {
        let folder = try TemporaryFolder()
        try StandIn(sizes: .middling).write(toDirectory: folder.path)
        let model = try EmotionModel(contentsOf: folder.path, options: EngineOptions(threads: threads))
        let layers = model.architecture.timedLayers
        let recorder = SpanRecorder(layers: layers, threads: threads)
        let workspace = Workspace(for: model.architecture)
        let signal = noise(80_000)
        let calls = try (0..<7).map { _ in
            try recorder.record { _ = try model.forward(signal, workspace: workspace, recorder: recorder) }
            return CallTimes(recorder, layers: layers)
        }
        for call in calls {
            var sum = call.rest
            for layer in 0..<layers {
                for operation in NetworkOperation.Kind.allCases {
                    let time = call[operation, layer]
                    sum += time.seconds
                    #expect(time.busySeconds.count == threads)
                    // No thread is busy for longer than the operation takes.
                    #expect(
                        time.busySeconds.reduce(0, +) <= time.seconds * Double(threads) * (1 + Self.rounding),
                        "\(operation) \(layer)")
                }
            }
            #expect(abs(sum - call.wall) <= Self.rounding * call.wall)
        }
        // Other processes may hold up the caller's thread anywhere, but not each time.
        #expect(try #require(calls.map { $0.rest / $0.wall }.min()) <= Self.largestRest)
    }

    /// Of sums of a few hundred numbers in Double.
    static let rounding = 1e-9

    /// What recording may add to a call.
    static let largestCost = 0.01

    /// What it takes to note one span, in seconds: the least of several rounds, as others only add to it.
    static func secondsPerSpan(_ recorder: SpanRecorder) -> Double {
        let count = 20_000
        return (0..<10).map { _ in
            recorder.record {
                for _ in 0..<count {
                    // Each in a region of its own, so that its beginning is looked up as well.
                    _ = recorder.beginRegion()
                    recorder.lanes[0].note(.scores, layer: 0, recorder.beginPiece(lane: 0), SpanRecorder.now)
                }
            }
            return Double(recorder.call.count) / 1e9 / Double(count)
        }
        .min() ?? .infinity
    }

    @Test("takes less than a hundredth of a call: its spans, times what noting one takes", arguments: [1, 2])
    func cost(threads: Int) throws {
        let folder = try TemporaryFolder()
        try StandIn(sizes: .middling).write(toDirectory: folder.path)
        let model = try EmotionModel(contentsOf: folder.path, options: EngineOptions(threads: threads))
        let recorder = SpanRecorder(layers: model.architecture.timedLayers, threads: threads, spans: 100_000)
        let workspace = Workspace(for: model.architecture)
        let signal = noise(80_000)
        let calls = try (0..<5).map { _ in
            try recorder.record { _ = try model.forward(signal, workspace: workspace, recorder: recorder) }
            return Double(recorder.call.count) / 1e9
        }
        // The threads note theirs at the same time; the busiest one's count.
        let spans = (recorder.lanes.map(\.spans.count).max() ?? 0) + recorder.regions.count
        let cost = Double(spans) * Self.secondsPerSpan(recorder)
        #expect(spans > 100 && cost <= Self.largestCost * median(calls), "\(spans) spans, \(cost) s of \(calls)")
    }

    @Test("every operation of every layer is timed, and none that isn't there")
    func operations() throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset12-agegender"), options: EngineOptions(threads: 2))
        let architecture = model.architecture
        let recorder = SpanRecorder(layers: architecture.timedLayers, threads: 2)
        try recorder.record { _ = try model.forward(noise(52_400), workspace: nil, recorder: recorder) }
        let call = CallTimes(recorder, layers: architecture.timedLayers)
        for operation in NetworkOperation.Kind.allCases {
            let layers =
                switch operation.stage {
                case "feature extractor": architecture.featureExtractor.count
                case "encoder": architecture.encoderLayers
                case "heads": architecture.heads.count
                case "input normalisation", "layer mix": 0
                default: 1
                }
            for layer in 0..<architecture.timedLayers {
                #expect((call[operation, layer].seconds > 0) == (layer < layers), "\(operation) \(layer)")
            }
        }
    }

    @Test(
        "a task whose columns are those of two operations is divided between them",
        arguments: [
            // Of 3 × 1024 columns: within q, across q and k, across k and v, the last ones.
            (0..<48, [480, 0, 0]), (1008..<1056, [160, 320, 0]), (2016..<2064, [0, 320, 160]),
            (3024..<3072, [0, 0, 480]),
            // Narrow networks have all three in one task.
            (0..<3072, [160, 160, 160]),
        ])
    func columns(columns: Range<Int>, expected: [UInt64]) {
        let recorder = SpanRecorder(layers: 2, threads: 1, spans: 8)
        let lane = recorder.lanes[0]
        lane.note(.queryKeyValue, layer: 1, columns: columns, of: 3072, 1000, 1480)
        let operations: [NetworkOperation.Kind] = [.query, .key, .value]
        #expect(operations.map { lane.busy(with: $0, layer: 1) } == expected)
        #expect(operations.allSatisfy { lane.busy(with: $0, layer: 0) == 0 })
        #expect(lane.spans.first?.start == 1000 && lane.spans.last?.end == 1480)
        #expect(zip(lane.spans, lane.spans.dropFirst()).allSatisfy { $0.end == $1.start })
    }

    @Test("spans that there is no room for are counted, and their times kept")
    func room() throws {
        let recorder = SpanRecorder(layers: 1, threads: 1, spans: 2)
        recorder.record {
            for index in 0..<5 { recorder.lanes[0].note(.scores, layer: 0, UInt64(index * 10), UInt64(index * 10 + 4)) }
        }
        #expect(recorder.lanes[0].spans.count == 2 && recorder.lanes[0].dropped == 3)
        #expect(recorder.lanes[0].busy(with: .scores, layer: 0) == 20)
        recorder.record {}
        #expect(recorder.lanes[0].spans.isEmpty && recorder.lanes[0].dropped == 0)
        #expect(recorder.lanes[0].busy(with: .scores, layer: 0) == 0)
    }
}

extension StandIn.Sizes {
    /// Large enough for a call to take some tens of milliseconds, and for panels that q, k and v share.
    fileprivate static let middling = StandIn.Sizes(
        hidden: 256, layers: 4, heads: 4, feedForward: 1024, channels: 128, positionalKernel: 32, positionalGroups: 4)
}
