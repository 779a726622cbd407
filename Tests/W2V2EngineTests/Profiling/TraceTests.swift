import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Trace of a call")
struct TraceTests {
    static func trace(threads: Int) throws -> Trace {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset13-inputnorm"), options: EngineOptions(threads: threads))
        return try model.trace(noise(52_400))
    }

    @Test("a lane's spans lie one within the other or one after the other", arguments: [1, 2, 3])
    func nesting(threads: Int) throws {
        let trace = try Self.trace(threads: threads)
        #expect(trace.lanes.count == threads && trace.dropped == 0)
        for (thread, lane) in trace.lanes.enumerated() {
            var open: [Trace.Span] = []
            for span in lane {
                #expect(span.start >= 0 && span.duration >= 0)
                while let last = open.last, last.end <= span.start { open.removeLast() }
                if let last = open.last { #expect(last.start <= span.start && span.end <= last.end, "\(last) \(span)") }
                open.append(span)
            }
            // Only the caller's thread has spans around others.
            if thread > 0 {
                #expect(zip(lane, lane.dropFirst()).allSatisfy { $0.end <= $1.start })
            }
        }
    }

    @Test("the caller's lane shows the call, the encoder's layers and what threads do together")
    func outer() throws {
        let lane = try Self.trace(threads: 2).lanes[0]
        #expect(lane.first?.name == "call" && lane.allSatisfy { $0.end <= lane[0].end })
        let layers = lane.filter { $0.name.hasPrefix("layer ") }
        #expect(layers.map(\.name) == ["layer 0", "layer 1"] && layers.map(\.layer) == [0, 1])
        for layer in layers {
            let names = lane.filter { layer.start <= $0.start && $0.end <= layer.end }.map(\.name)
            for region in ["attention norm", "q, k, v", "attention", "out", "ffn norm", "ffn1 + GELU", "ffn2"] {
                #expect(names.contains(region), "\(region)")
            }
        }
        for stage in ["input normalisation", "feature extractor", "positional convolution + GELU", "mean over time"] {
            #expect(lane.contains { $0.stage == stage }, "\(stage)")
        }
    }

}
