/// The range and the spread of a tensor's elements, computed in Double.
package struct TensorStatistics: Sendable, Hashable {
    package let count: Int
    /// How many elements are NaN or infinite. They take no part in the other figures.
    package let nonFiniteCount: Int
    /// Nil, as the others, if no element is finite.
    package let mean: Double?
    /// The standard deviation of the elements themselves (divided by their number).
    package let deviation: Double?
    package let minimum: Double?
    package let maximum: Double?

    fileprivate init(_ running: RunningStatistics) {
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
    package func statistics() throws(ONNXError) -> TensorStatistics {
        var running = RunningStatistics()
        try forEachBlock { running.add($0) }
        return TensorStatistics(running)
    }

    /// How many elements there are in each of `bins` intervals of one width from the smallest finite element to the
    /// largest, which is in the last interval; elements that are not finite are in none. If all are equal, the first
    /// interval has them.
    package func histogram(bins: Int, _ statistics: TensorStatistics) throws(ONNXError) -> [Int] {
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

/// Mean and squared deviations of numbers that come block by block.
///
/// Each block has its own, which are merged as in Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm
/// for Computing Sample Variances" (1979): nothing cancels if the mean is large beside the deviation.
private struct RunningStatistics {
    /// Of finite numbers.
    private(set) var count = 0
    private(set) var nonFiniteCount = 0
    private(set) var mean = 0.0
    /// The sum of squared deviations from the mean.
    private(set) var squares = 0.0
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity

    mutating func add(_ block: [Double]) {
        let sum = block.sum()
        if sum.isFinite { return addFinite(block, mean: sum / Double(block.count)) }
        let finite = block.filter(\.isFinite)
        nonFiniteCount += block.count - finite.count
        let finiteSum = finite.sum()
        // The sum of finite numbers may be beyond the range of Double; their mean is not.
        let mean =
            finiteSum.isFinite
            ? finiteSum / Double(finite.count) : finite.reduce(0) { $0 + $1 / Double(finite.count) }
        addFinite(finite, mean: mean)
    }

    private mutating func addFinite(_ block: [Double], mean blockMean: Double) {
        guard !block.isEmpty else { return }
        let spread = block.spread(around: blockMean)
        let (before, added) = (Double(count), Double(block.count))
        let difference = blockMean - mean
        count += block.count
        mean += difference * (added / Double(count))
        squares += spread.squares + difference * difference * (before * added / Double(count))
        minimum = min(minimum, spread.minimum)
        maximum = max(maximum, spread.maximum)
    }
}

extension [Double] {
    private typealias Lanes = SIMD8<Double>

    /// In eight sums side by side.
    fileprivate func sum() -> Double {
        let bytes = span.bytes
        let whole = count - count % Lanes.scalarCount
        var sums = Lanes()
        for index in stride(from: 0, to: whole, by: Lanes.scalarCount) {
            sums += bytes.unsafeLoadUnaligned(fromByteOffset: index * MemoryLayout<Double>.stride, as: Lanes.self)
        }
        return self[whole...].reduce(sums.sum(), +)
    }

    /// The squared distances from `centre`, summed, and the smallest and largest of finite numbers.
    fileprivate func spread(around centre: Double) -> (squares: Double, minimum: Double, maximum: Double) {
        let bytes = span.bytes
        let whole = count - count % Lanes.scalarCount
        var squares = Lanes()
        var (minima, maxima) = (Lanes(repeating: .infinity), Lanes(repeating: -.infinity))
        for index in stride(from: 0, to: whole, by: Lanes.scalarCount) {
            let values = bytes.unsafeLoadUnaligned(
                fromByteOffset: index * MemoryLayout<Double>.stride, as: Lanes.self)
            let distances = values - centre
            squares += distances * distances
            minima.replace(with: values, where: values .< minima)
            maxima.replace(with: values, where: values .> maxima)
        }
        var result = (squares: squares.sum(), minimum: minima.min(), maximum: maxima.max())
        for value in self[whole...] {
            result.squares += (value - centre) * (value - centre)
            result.minimum = Swift.min(result.minimum, value)
            result.maximum = Swift.max(result.maximum, value)
        }
        return result
    }
}
