import Foundation
import TestSupport
import Testing

@testable import W2V2Engine

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

    @Test("is written in Chrome's format, with a name for every lane", arguments: [1, 3])
    func chrome(threads: Int) throws {
        let trace = try Self.trace(threads: threads)
        let file = try JSONSerialization.jsonObject(with: Data(try trace.chromeJSON().utf8)) as? [String: Any]
        let events = try #require(file?["traceEvents"] as? [[String: Any]])
        let names = events.filter { $0["name"] as? String == "thread_name" }
        #expect(names.allSatisfy { $0["ph"] as? String == "M" })
        #expect(names.compactMap { $0["tid"] as? Int } == Array(0..<threads))
        let spans = events.filter { $0["ph"] as? String == "X" }
        #expect(spans.count == trace.lanes.reduce(0) { $0 + $1.count })
        for event in spans {
            #expect(try #require(event["ts"] as? Double) >= 0)
            #expect(try #require(event["dur"] as? Double) >= 0)
            #expect(event["pid"] as? Int == 1 && event["name"] is String && event["cat"] is String)
            #expect((0..<threads).contains(try #require(event["tid"] as? Int)))
        }
        let scores = spans.filter { $0["name"] as? String == "scores" }
        #expect(Set(scores.map { ($0["args"] as? [String: Int])?["layer"] }) == [0, 1])
    }
}
