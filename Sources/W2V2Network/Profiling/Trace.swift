/// What each thread did in one call, span by span.
public struct Trace: Sendable, Hashable {
    /// One lane a thread, the caller's first; in each the spans by start, a longer one before those within it.
    public let lanes: [[Span]]
    /// Spans that there was no room for, because the signal is very long.
    public let dropped: Int

    /// The most spans that are kept of a thread, besides those of the caller's regions.
    static let spansOfThread = 1 << 18

    /// A time in which a thread did something.
    public struct Span: Sendable, Hashable {
        /// What it is called, such as `scores`.
        public let name: String
        /// The stage of the network, such as `encoder`.
        public let stage: String
        /// Of the feature extractor or the encoder, or the number of the head; nil elsewhere.
        public let layer: Int?
        /// From the start of the call, in nanoseconds.
        public let start: Int
        /// In nanoseconds.
        public let duration: Int

        /// From the start of the call, in nanoseconds.
        public var end: Int { start + duration }
    }

    init(lanes: [[Span]], dropped: Int) {
        self.lanes = lanes
        self.dropped = dropped
    }

    init(_ recorder: SpanRecorder, _ architecture: Architecture) {
        let origin = recorder.call.lowerBound
        func span(_ name: String, _ stage: String, _ layer: Int?, _ start: UInt64, _ end: UInt64) -> Span {
            Span(name: name, stage: stage, layer: layer, start: Int(start - origin), duration: Int(end - start))
        }

        var lanes = recorder.lanes.map { lane in
            lane.spans.map { piece in
                let layer = Int(piece.layer)
                return span(
                    piece.operation.name, piece.operation.stage, piece.operation.isLayered ? layer : nil, piece.start,
                    piece.end)
            }
        }
        // What the caller's thread saw: the call, the encoder's layers, and what the threads do together.
        var outer = [span("call", "call", nil, origin, recorder.call.upperBound)]
        let encoder = recorder.regions.filter { $0.stage == NetworkOperation.Kind.query.stage }
        for (layer, regions) in Dictionary(grouping: encoder, by: \.layer) {
            guard let first = regions.first, let last = regions.last else { continue }
            outer.append(span("layer \(layer)", first.stage, layer, first.start, last.end))
        }
        outer += recorder.regions.map { seen in
            let operation = seen.region.operations.lowerBound
            let isLayered = operation.isLayered && seen.region != .featureExtractor
            return span(seen.region.name, seen.stage, isLayered ? seen.layer : nil, seen.start, seen.end)
        }
        lanes[0] = outer + lanes[0]
        // The outer spans come first among those that start and end together.
        self.lanes = lanes.map { lane in
            lane.enumerated().sorted { one, other in
                (one.element.start, -one.element.duration, one.offset)
                    < (other.element.start, -other.element.duration, other.offset)
            }
            .map(\.element)
        }
        dropped = recorder.lanes.reduce(0) { $0 + $1.dropped }
    }
}

extension SpanRecorder.Region {
    fileprivate var stage: String { region.operations.lowerBound.stage }
}

extension ParallelRegion {
    fileprivate var name: String {
        switch self {
        case .featureExtractor: "feature extractor"
        case .queryKeyValue: "q, k, v"
        case .attention: "attention"
        default: operations.lowerBound.name
        }
    }
}
