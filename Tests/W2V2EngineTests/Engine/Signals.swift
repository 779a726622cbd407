import TestSupport
import W2V2Engine

/// Seeded noise between -1 and 1.
func noise(_ samples: Int) -> [Float] {
    var state: UInt64 = 42
    return (0..<samples).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
    }
}

/// The largest absolute difference; infinite where the counts differ or something isn't a number.
func largestDifference(_ actual: [Float], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    let differences = zip(actual, expected).map { abs(Double($0) - $1) }
    return differences.contains(where: \.isNaN) ? .infinity : differences.max() ?? 0
}

extension Prediction {
    /// All numbers' bits, so that 0 and -0 differ.
    var bits: [[UInt32]] { values.map { $0.map(\.bitPattern) } }
}

extension Backend {
    func options(threads: Int = 1) -> EngineOptions {
        EngineOptions(threads: threads, instructions: instructions, products: products)
    }
}
