import ONNXLoader
import StandInModel
import Testing

@Suite("The weights of a stand-in")
struct WeightsTests {
    /// How far an estimate may be off, in its own standard errors. There are some two hundred estimates.
    static let standardErrors = 5.0
    /// The sum of four uniform numbers: its kurtosis, and its end in standard deviations (√12).
    static let kurtosis = 2.7
    static let end = 3.4642

    static let sizes = StandIn.Sizes(
        hidden: 192, layers: 2, heads: 4, feedForward: 512, channels: 96, positionalKernel: 32, positionalGroups: 8)

    @Test("have the mean, the spread and the ends that their kind should have")
    func moments() throws {
        let graph = try StandIn(sizes: Self.sizes, seed: 11).parsed().graph
        for (name, tensor) in graph.initializers where tensor.elementType == .float32 {
            let weights = try tensor.doubles()
            let expected = try #require(expectation(name: name, shape: tensor.shape), "\(name)")
            let count = Double(weights.count)
            let z = weights.map { ($0 - expected.mean) / expected.deviation }
            let mean = z.reduce(0, +) / count
            let variance = z.map { $0 * $0 }.reduce(0, +) / count
            #expect(abs(mean) < Self.standardErrors / count.squareRoot(), "\(name)")
            let varianceError = ((Self.kurtosis - 1) / count).squareRoot()
            #expect(abs(variance - 1) < Self.standardErrors * varianceError, "\(name)")
            #expect(z.allSatisfy { abs($0) < Self.end }, "\(name)")
        }
    }

    @Test("are independent within a tensor and between tensors")
    func correlations() throws {
        let graph = try StandIn(sizes: Self.sizes, seed: 11).parsed().graph
        let square = try graph.initializers.values
            .filter { $0.shape == [192, 192] }.map { try $0.doubles() }
        #expect(square.count == 9)
        for (index, first) in square.enumerated() {
            for second in square.dropFirst(index + 1) {
                #expect(abs(correlation(first[...], second[...])) < bound(first.count))
            }
            for lag in [1, 2, 192] {
                #expect(abs(correlation(first.dropLast(lag), first.dropFirst(lag))) < bound(first.count))
            }
        }
    }

    private func bound(_ count: Int) -> Double { Self.standardErrors / Double(count).squareRoot() }

    /// Of numbers whose mean is about 0.
    private func correlation(_ first: ArraySlice<Double>, _ second: ArraySlice<Double>) -> Double {
        let product = zip(first, second).map(*).reduce(0, +)
        let squares = [first, second].map { $0.map { $0 * $0 }.reduce(0, +) }
        return product / (squares[0] * squares[1]).squareRoot()
    }

    private func expectation(name: String, shape: [Int]) -> (mean: Double, deviation: Double)? {
        let fanIn = Double(shape.dropFirst().reduce(1, *))
        return switch name {
        case "classifier.out_proj.bias": (0.5, 0.05)
        case "classifier.out_proj.weight": (0, 0.3 / fanIn.squareRoot())
        case "classifier.dense.weight": (0, 0.7 / fanIn.squareRoot())
        case _ where name.hasSuffix("norm.weight"): (1, 0.1)
        case _ where name.hasSuffix("norm.bias"): (0, 0.1)
        case _ where name.hasSuffix(".bias"): (0, 0.05)
        case _ where name.hasSuffix("conv.weight"): (0, (2 / fanIn).squareRoot())
        // The unnamed weights: transposed linear ones, and the positional convolution's.
        case _ where Int(name) != nil && shape.count == 2: (0, 0.7 / Double(shape[0]).squareRoot())
        case _ where Int(name) != nil && shape.count == 3: (0, (1 / (3 * fanIn)).squareRoot())
        default: nil
        }
    }
}
