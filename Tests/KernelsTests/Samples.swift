import Foundation
import Kernels
import StandInModel
import TestSupport

/// Sizes that leave every kind of remainder: ones, primes, one more and one less than a vector or a tile.
let awkwardSizes = [1, 2, 3, 5, 15, 16, 17, 31, 48, 49, 64, 97, 127]

/// Seeded numbers between -1 and 1 that fill tests' matrices.
struct Samples {
    private var generator: SplitMix64

    init(seed: Int) { generator = SplitMix64(seed: UInt64(truncatingIfNeeded: seed) &* 0xd134_2543_de82_ef95) }

    /// Numbers far apart in the sequence have nothing to do with each other, so sums of products of two parts of it are
    /// those of random numbers.
    mutating func next() -> Float { generator.nextFloat() }

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
