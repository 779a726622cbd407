import ONNXLoader
import StandInModel
import TestSupport
import Testing

@Suite("The statistics of a tensor")
struct StatisticsTests {
    /// Of a sum of up to 20,000 numbers in Double, in another order, relative to its terms.
    private static let rounding = 1e-12

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A tensor with these bytes, read from a file.
    private func tensor(_ type: ElementType, count: Int, _ bytes: [UInt8]) throws -> Tensor {
        let model = try folder.load(SyntheticModel.tensor(type: type.rawValue, dims: [count]) { $0.bytes(9, bytes) })
        return try #require(model.graph.initializers["w"])
    }

    /// What loops that do nothing clever say.
    private struct Naive {
        var mean = 0.0
        var deviation = 0.0
        var minimum = Double.infinity
        var maximum = -Double.infinity

        init(_ elements: [Double]) {
            for element in elements {
                mean += element / Double(elements.count)
                minimum = min(minimum, element)
                maximum = max(maximum, element)
            }
            for element in elements { deviation += (element - mean) * (element - mean) / Double(elements.count) }
            deviation = deviation.squareRoot()
        }
    }

    private func expect(
        _ tensor: Tensor, hasElements elements: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let statistics = try tensor.statistics()
        let finite = elements.filter(\.isFinite)
        let naive = Naive(finite)
        let scale = finite.map(abs).max() ?? 0
        #expect(statistics.count == elements.count, sourceLocation: sourceLocation)
        #expect(statistics.nonFiniteCount == elements.count - finite.count, sourceLocation: sourceLocation)
        let mean = try #require(statistics.mean, sourceLocation: sourceLocation)
        let deviation = try #require(statistics.deviation, sourceLocation: sourceLocation)
        #expect(abs(mean - naive.mean) <= Self.rounding * scale, sourceLocation: sourceLocation)
        #expect(abs(deviation - naive.deviation) <= Self.rounding * scale, sourceLocation: sourceLocation)
        #expect(statistics.minimum == naive.minimum, sourceLocation: sourceLocation)
        #expect(statistics.maximum == naive.maximum, sourceLocation: sourceLocation)
    }

    /// Numbers of many sizes and both signs.
    private func floats(_ count: Int) -> [Float] {
        var generator = SplitMix64(seed: 1)
        return (0..<count).map { _ in generator.nextFloat() * Float(Int.random(in: 0...30, using: &generator)) }
    }

    @Test("float32, also where blocks and lanes end early", arguments: [1, 2, 7, 8, 9, 4095, 4096, 4097, 12_299])
    func counts(count: Int) throws {
        let elements = floats(count)
        try expect(tensor(.float32, count: count, elements.littleEndianBytes), hasElements: elements.map(Double.init))
        try expect(Tensor(shape: [count], floats: elements), hasElements: elements.map(Double.init))
    }

    @Test("a mean that is large beside the deviation")
    func offset() throws {
        let offset = 1e6
        let elements = floats(10_000).map { Double($0) * 1e-6 + offset }
        let tensor = try Tensor(shape: [10_000], doubles: elements)
        try expect(tensor, hasElements: elements)
        // The difference of numbers so close is exact. The means of blocks are some 1e-7 apart, and known to a step of
        // Double at the offset, 1e-10: that leaves 2e-7 of a variance of 1e-10 unsure.
        let exact = Naive(elements.map { $0 - offset }).deviation
        let deviation = try #require(try tensor.statistics().deviation)
        #expect(abs(deviation - exact) < 1e-6 * exact)
    }

    @Test("elements that are not finite are counted and left out", arguments: [0, 5, 4096, 9999])
    func notFinite(place: Int) throws {
        for odd in [Float.nan, .infinity, -.infinity] {
            var elements = floats(10_000)
            elements[place] = odd
            elements[4100] = .nan
            try expect(
                tensor(.float32, count: 10_000, elements.littleEndianBytes), hasElements: elements.map(Double.init))
        }
    }

    @Test("nothing but NaN, and nothing at all, have no figures")
    func nothing() throws {
        for elements in [[Float](repeating: .nan, count: 10), []] {
            let statistics = try Tensor(shape: [elements.count], floats: elements).statistics()
            #expect(statistics.count == elements.count && statistics.nonFiniteCount == elements.count)
            #expect(statistics.mean == nil && statistics.deviation == nil)
            #expect(statistics.minimum == nil && statistics.maximum == nil)
            let histogram = try Tensor(shape: [elements.count], floats: elements).histogram(bins: 3, statistics)
            #expect(histogram == [0, 0, 0])
        }
    }

    @Test("float16, bfloat16, integers, booleans and float64")
    func types() throws {
        let halves: [Float16] = [1, -65504, 0.333251953125, .infinity, 0]
        try expect(
            tensor(.float16, count: 5, halves.flatMap(\.bitPattern.littleEndianBytes)),
            hasElements: halves.map(Double.init))
        try expect(tensor(.bfloat16, count: 2, [0x80, 0x3F, 0x00, 0xC0]), hasElements: [1, -2])
        try expect(
            tensor(.int64, count: 3, [Int64.min, 5, 1 << 53].flatMap(\.littleEndianBytes)),
            hasElements: [-0x1p63, 5, 0x1p53])
        try expect(tensor(.uint8, count: 3, [0, 255, 7]), hasElements: [0, 255, 7])
        try expect(tensor(.bool, count: 3, [0, 1, 1]), hasElements: [0, 1, 1])
        let doubles = [1e150, -1e-300, .nan, 3]
        try expect(
            tensor(.float64, count: 4, doubles.flatMap(\.bitPattern.littleEndianBytes)), hasElements: doubles)
        try expect(Tensor(shape: [], floats: [-2.5]), hasElements: [-2.5])
    }

    @Test("a sum beyond the range of Double still has a mean")
    func overflow() throws {
        let statistics = try Tensor(shape: [4], doubles: [1.5e308, 1.5e308, 1.5e308, 1.5e308]).statistics()
        #expect(statistics.mean == 1.5e308 && statistics.nonFiniteCount == 0)
        #expect(statistics.minimum == 1.5e308 && statistics.maximum == 1.5e308)
    }

    @Test("a histogram has every finite element once, the largest in its last interval")
    func histogram() throws {
        let elements: [Float] = [0, 0.5, 1, 1, 2, 2.999, 3, 4, .nan, .infinity]
        let tensor = try Tensor(shape: [10], floats: elements)
        #expect(try tensor.histogram(bins: 4, tensor.statistics()) == [2, 2, 2, 2])
        let equal = try Tensor(shape: [5], floats: [7, 7, 7, 7, 7])
        #expect(try equal.histogram(bins: 3, equal.statistics()) == [5, 0, 0])
        let wide = try Tensor(shape: [3], doubles: [-1.7e308, 0, 1.7e308])
        #expect(try wide.histogram(bins: 3, wide.statistics()) == [1, 1, 1])
        let many = floats(20_000)
        let large = try Tensor(shape: [20_000], floats: many)
        let statistics = try large.statistics()
        let (minimum, maximum) = (try #require(statistics.minimum), try #require(statistics.maximum))
        var naive = [Int](repeating: 0, count: 20)
        for element in many.map(Double.init) {
            naive[min(Int((element - minimum) / (maximum - minimum) * 20), 19)] += 1
        }
        #expect(try large.histogram(bins: 20, statistics) == naive)
    }
}
