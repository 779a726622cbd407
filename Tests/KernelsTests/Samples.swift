import Foundation
import Kernels

/// Sizes that leave every kind of remainder: ones, primes, one more and one less than a vector or a tile.
let awkwardSizes = [1, 2, 3, 5, 15, 16, 17, 31, 48, 49, 64, 97, 127]

/// Seeded numbers between -1 and 1 that fill tests' matrices.
struct Samples {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0xd134_2543_de82_ef95 }

    /// SplitMix64's next: numbers far apart in the sequence have nothing to do with each other, so sums of products of
    /// two parts of it are those of random numbers.
    mutating func next() -> Float {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return Float(Int32(truncatingIfNeeded: (bits ^ (bits >> 31)) >> 32)) * 0x1p-31
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

/// The same, to read.
func matrix(rows: Int, columns: Int, rowStride: Int? = nil, _ elements: [Float]) -> Matrix {
    Matrix(mutableMatrix(rows: rows, columns: columns, rowStride: rowStride, elements))
}

/// Panels with these elements, `[depth, columns]`.
func panels(depth: Int, columns: Int, _ elements: [Float]) -> Panels {
    ConstantPanels(depth: depth, columns: columns) { $0.pack(elements, rows: 0..<depth, columns: columns) }.panels
}

/// The largest absolute difference; infinite where the counts differ or something isn't a number.
func largestDifference(_ actual: [Float], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    var largest = 0.0
    for index in actual.indices {
        let difference = abs(Double(actual[index]) - expected[index])
        // Also where it is not a number.
        if !(difference <= largest) { largest = difference.isNaN ? .infinity : difference }
    }
    return largest
}

/// x · Φ(x).
func geluInDouble(_ x: Double) -> Double { 0.5 * x * erfc(-x / 2.0.squareRoot()) }

/// a · b in Double, for a `[m, k]` and b `[k, n]`.
func productInDouble(_ a: [Float], _ b: [Float], _ m: Int, _ n: Int, _ k: Int) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    let b = b.map(Double.init)
    c.withUnsafeMutableBufferPointer { c in
        for row in 0..<m {
            for inner in 0..<k {
                let factor = Double(a[row * k + inner])
                for column in 0..<n { c[row * n + column] += factor * b[inner * n + column] }
            }
        }
    }
    return c
}

/// The bits of floats, so that 0 and -0 differ and one NaN is like another of the same bits.
func bits(_ elements: [Float]) -> [UInt32] { elements.map(\.bitPattern) }
