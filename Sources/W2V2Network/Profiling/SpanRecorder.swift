import Dispatch

/// Where the threads of a call note when they began and ended each piece of an operation.
///
/// Each thread writes to a lane of its own, made before the call: no locks, no allocation. Times are in nanoseconds of
/// a clock that never goes back.
final class SpanRecorder {
    /// One lane a thread; the caller's is the first.
    let lanes: [Lane]
    /// How long the caller's thread saw each region take, by the slot of its first operation.
    private var walls: [UInt64]
    /// The regions as the caller's thread saw them, where spans are kept.
    private(set) var regions: [Region] = []
    /// The call itself.
    private(set) var call: Range<UInt64> = 0..<0

    private let keepsSpans: Bool
    /// Regions that the caller's thread began. Written while no other thread is at work for it.
    private var regionsBegun = 0

    /// - Parameters:
    ///   - layers: the most layers, or heads, that an operation belongs to
    ///   - threads: how many there are
    ///   - spans: how many spans each lane keeps; 0 for sums alone
    init(layers: Int, threads: Int, spans: Int = 0) {
        let slots = layers * NetworkOperation.Kind.allCases.count
        lanes = (0..<threads).map { _ in Lane(slots: slots, capacity: spans) }
        walls = [UInt64](repeating: 0, count: slots)
        keepsSpans = spans > 0
    }

    static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

    static func slot(_ operation: NetworkOperation.Kind, layer: Int) -> Int {
        layer * NetworkOperation.Kind.allCases.count + operation.rawValue
    }

    /// Forgets earlier calls and times a new one.
    func record<Result>(_ call: () throws -> Result) rethrows -> Result {
        for lane in lanes { lane.clear() }
        for slot in walls.indices { walls[slot] = 0 }
        regions.removeAll(keepingCapacity: true)
        let start = Self.now
        defer { self.call = start..<Self.now }
        return try call()
    }

    /// When a region begins: now.
    func beginRegion() -> UInt64 {
        regionsBegun += 1
        return Self.now
    }

    /// When a thread's next piece begins: where its last one in the same region ended, as a thread doesn't wait between
    /// two pieces, else now.
    func beginPiece(lane: Int) -> UInt64 { lanes[lane].begin(inRegion: regionsBegun) }

    /// Notes a region that the caller's thread saw from `start` until now.
    func note(_ region: ParallelRegion, layer: Int, since start: UInt64) {
        let end = Self.now
        walls[Self.slot(region.operations.lowerBound, layer: layer)] += end - start
        if keepsSpans { regions.append(Region(region: region, layer: layer, start: start, end: end)) }
    }

    /// What the caller's thread saw a region take in all, in nanoseconds.
    func wall(of region: ParallelRegion, layer: Int) -> UInt64 {
        walls[Self.slot(region.operations.lowerBound, layer: layer)]
    }

    /// A region as the caller's thread saw it.
    struct Region {
        let region: ParallelRegion
        let layer: Int
        let start, end: UInt64
    }

    /// A piece of an operation, done by one thread.
    struct Span {
        let operation: NetworkOperation.Kind
        let layer: Int32
        let start, end: UInt64
    }

    /// What one thread notes. No two threads use the same at once: a lane belongs to a worker of the team.
    final class Lane {
        private(set) var spans: ContiguousArray<Span> = []
        /// Spans that there was no room for.
        private(set) var dropped = 0
        private var busy: [UInt64]
        private let capacity: Int
        /// Where the last piece ended, and in which region it was.
        private var lastEnd: UInt64 = 0
        private var lastRegion = 0

        fileprivate init(slots: Int, capacity: Int) {
            busy = [UInt64](repeating: 0, count: slots)
            self.capacity = capacity
            spans.reserveCapacity(capacity)
        }

        fileprivate func clear() {
            spans.removeAll(keepingCapacity: true)
            dropped = 0
            for slot in busy.indices { busy[slot] = 0 }
        }

        fileprivate func begin(inRegion region: Int) -> UInt64 {
            if region == lastRegion { return lastEnd }
            lastRegion = region
            return SpanRecorder.now
        }

        func note(_ operation: NetworkOperation.Kind, layer: Int, _ start: UInt64, _ end: UInt64) {
            lastEnd = end
            busy[SpanRecorder.slot(operation, layer: layer)] += end - start
            guard capacity > 0 else { return }
            if spans.count < capacity {
                spans.append(Span(operation: operation, layer: Int32(layer), start: start, end: end))
            } else {
                dropped += 1
            }
        }

        /// Notes a task of a product whose columns are those of the operations of `region`, side by side and equally
        /// many. Where the task's columns are those of two operations, each gets its share of the time.
        func note(
            _ region: ParallelRegion, layer: Int, columns: Range<Int>, of all: Int, _ start: UInt64, _ end: UInt64
        ) {
            let operations = region.operations
            let first = operations.lowerBound.rawValue
            let width = all / (operations.upperBound.rawValue - first + 1)
            var (column, time) = (columns.lowerBound, start)
            while column < columns.upperBound {
                let index = column / width
                let next = min(columns.upperBound, (index + 1) * width)
                let until = start + (end - start) * UInt64(next - columns.lowerBound) / UInt64(columns.count)
                if let operation = NetworkOperation.Kind(rawValue: first + index) {
                    note(operation, layer: layer, time, until)
                }
                (column, time) = (next, until)
            }
        }

        /// How long the thread was busy with an operation in all, in nanoseconds.
        func busy(with operation: NetworkOperation.Kind, layer: Int) -> UInt64 {
            busy[SpanRecorder.slot(operation, layer: layer)]
        }
    }
}

/// Operations that the threads do in one go, each taking them up in its own order.
///
/// The caller's thread sees how long they take together; what each takes of that follows from how long the threads were
/// busy with it.
struct ParallelRegion: Equatable {
    let operations: ClosedRange<NetworkOperation.Kind>

    /// All layers, tile by tile.
    static var featureExtractor: Self { Self(operations: .convolution ... .convolutionNorm) }
    /// One product, whose columns are those of the three side by side.
    static var queryKeyValue: Self { Self(operations: .query ... .value) }
    /// Head by head.
    static var attention: Self { Self(operations: .packing ... .context) }

    static func only(_ operation: NetworkOperation.Kind) -> Self { Self(operations: operation...operation) }

    static func containing(_ operation: NetworkOperation.Kind) -> Self {
        let shared = [Self.featureExtractor, .queryKeyValue, .attention]
        return shared.first { $0.operations.contains(operation) } ?? .only(operation)
    }
}
