/// Mean and squared deviations of numbers that come block by block.
///
/// Each block has its own, which are merged as in Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm
/// for Computing Sample Variances" (1979): nothing cancels where the mean is large beside the deviation.
struct RunningStatistics {
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
