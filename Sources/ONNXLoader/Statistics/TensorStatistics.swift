/// What the elements of a tensor are like. Computed in Double.
public struct TensorStatistics: Sendable, Hashable {
    public let count: Int
    /// How many elements are NaN or infinite. They take no part in the other figures.
    public let nonFiniteCount: Int
    /// Nil, as the others, where no element is finite.
    public let mean: Double?
    /// The standard deviation of the elements themselves (divided by their number).
    public let deviation: Double?
    public let minimum: Double?
    public let maximum: Double?

    init(_ running: RunningStatistics) {
        count = running.count + running.nonFiniteCount
        nonFiniteCount = running.nonFiniteCount
        let isEmpty = running.count == 0
        mean = isEmpty ? nil : running.mean
        deviation = isEmpty ? nil : (running.squares / Double(running.count)).squareRoot()
        minimum = isEmpty ? nil : running.minimum
        maximum = isEmpty ? nil : running.maximum
    }
}

extension Tensor {
    /// Reads the elements once, a block at a time. 64-bit integers are rounded to the nearest Double.
    public func statistics() throws(ONNXError) -> TensorStatistics {
        var running = RunningStatistics()
        try forEachBlock { running.add($0) }
        return TensorStatistics(running)
    }

    /// How many elements there are in each of `bins` intervals of one width from the smallest finite element to the
    /// largest, which is in the last interval; elements that are not finite are in none. Where all are equal, there is
    /// nothing to divide, and the first interval has them.
    public func histogram(bins: Int, _ statistics: TensorStatistics) throws(ONNXError) -> [Int] {
        precondition(bins > 0, "a histogram needs a bin")
        var counts = [Int](repeating: 0, count: bins)
        guard let minimum = statistics.minimum, let maximum = statistics.maximum else { return counts }
        // Halved, as the difference of two finite numbers may not be.
        let width = maximum / 2 - minimum / 2
        try forEachBlock { block in
            for element in block where element.isFinite {
                let place = width > 0 ? (element / 2 - minimum / 2) / width * Double(bins) : 0
                counts[min(max(Int(place), 0), bins - 1)] += 1
            }
        }
        return counts
    }

    private func forEachBlock(_ body: ([Double]) -> Void) throws(ONNXError) {
        // Small enough for the cache to hold it between the passes over it.
        let size = 1 << 12
        for start in stride(from: 0, to: elementCount, by: size) {
            body(try doubles(in: start..<min(start + size, elementCount)))
        }
    }
}
