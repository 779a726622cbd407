import Kernels

/// Sizes that leave every kind of remainder: ones, primes, one more and one less than a vector or a tile.
let awkwardSizes = [1, 2, 3, 5, 15, 16, 17, 31, 48, 49, 64, 97, 127]

/// Seeded numbers between -1 and 1 that fill tests' matrices.
struct Samples {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
    }

    mutating func next(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }
}

/// A matrix of its own with these elements, its rows `rowStride` apart.
func mutableMatrix(rows: Int, columns: Int, rowStride: Int? = nil, _ elements: [Float]) -> MutableMatrix {
    let stride = rowStride ?? columns
    let buffer = FloatBuffer(count: rows * stride)
    let matrix = MutableMatrix(buffer, rows: rows, columns: columns, rowStride: stride)
    matrix.copy(elements)
    return matrix
}

/// The largest absolute difference.
func largestDifference(_ actual: [Float], _ expected: [Double]) -> Double {
    zip(actual, expected).map { abs(Double($0) - $1) }.max() ?? 0
}
