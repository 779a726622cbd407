import Foundation
import Testing

@testable import Kernels

@Suite("Elementwise kernels")
struct ElementwiseTests {
    @Test("GELU agrees with erfc in Double over its whole range")
    func gelu() {
        let range = stride(from: Float(-20), through: 20, by: 1.0 / 512)
        let inputs = Array(range) + [-1e30, 1e30, -0.0, 1e-30, -1e-8]
        let matrix = mutableMatrix(rows: 1, columns: inputs.count, inputs)
        matrix.applyGELU()
        for (x, y) in zip(inputs, Matrix(matrix).row(0)) {
            let exact = geluInDouble(x)
            #expect(abs(Double(y) - exact) <= Tolerance.geluBump + Tolerance.rounding * abs(exact), "at \(x)")
        }
    }

    @Test("bias and GELU together are GELU of the sum", arguments: awkwardSizes)
    func biasGELU(columns: Int) {
        var samples = Samples(seed: UInt64(columns))
        let (x, bias) = (samples.next(3 * columns).map { $0 * 6 }, samples.next(columns))
        let matrix = mutableMatrix(rows: 3, columns: columns, rowStride: columns + 2, x)
        matrix.addBiasAndApplyGELU(ConstantVector(bias))
        let expected = x.indices.map { geluInDouble(x[$0] + bias[$0 % columns]) }
        #expect(largestDifference(Matrix(matrix).elements(), expected) <= Tolerance.geluBump + 8 * Tolerance.rounding)
    }

    @Test("the exponential of negative numbers is right to the last place but one")
    func exponential() {
        for block in stride(from: Float(-87), to: 0, by: 16.0 / 1024) {
            let vector = Vector(
                (0..<Vector.scalarCount).map { Swift.min(0, block + Float($0) / 1024) })
            let result = vector.exponentialOfNegative
            for lane in 0..<Vector.scalarCount {
                let exact = exp(Double(vector[lane]))
                #expect(abs(Double(result[lane]) / exact - 1) <= Tolerance.exponential, "at \(vector[lane])")
            }
        }
        #expect(Vector(repeating: -1e30).exponentialOfNegative[0] < 1e-37)
        #expect(Vector(repeating: -.infinity).exponentialOfNegative[0] < 1e-37)
    }

    @Test("softmax agrees with Double and sums to one", arguments: awkwardSizes, [Float(1), 30, 3000])
    func softmax(columns: Int, spread: Float) {
        var samples = Samples(seed: UInt64(columns))
        let x = samples.next(2 * columns).map { $0 * spread + 5 }
        let matrix = mutableMatrix(rows: 2, columns: columns, rowStride: columns + 1, x)
        matrix.applySoftmax()
        for row in 0..<2 {
            let values = x[row * columns..<(row + 1) * columns].map(Double.init)
            let largest = values.max() ?? 0
            let powers = values.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            let result = Matrix(matrix).row(row)
            #expect(
                largestDifference(result, powers.map { $0 / sum }) <= Tolerance.exponential + 4 * Tolerance.rounding)
            #expect(abs(result.reduce(0) { $0 + Double($1) } - 1) <= Tolerance.sum(of: columns, magnitude: 1))
        }
    }

    @Test("sums and biases are added", arguments: awkwardSizes)
    func addition(columns: Int) {
        var samples = Samples(seed: UInt64(columns))
        let (x, y, bias) = (samples.next(2 * columns), samples.next(2 * columns), samples.next(columns))
        let matrix = mutableMatrix(rows: 2, columns: columns, rowStride: columns + 5, x)
        let other = Matrix(mutableMatrix(rows: 2, columns: columns, y))
        matrix.add(other, bias: ConstantVector(bias))
        #expect(Matrix(matrix).elements() == x.indices.map { x[$0] + (y[$0] + bias[$0 % columns]) })
        matrix.copy(x)
        matrix.add(other)
        #expect(Matrix(matrix).elements() == x.indices.map { x[$0] + y[$0] })
        matrix.copy(x)
        matrix.addBias(ConstantVector(bias))
        #expect(Matrix(matrix).elements() == x.indices.map { x[$0] + bias[$0 % columns] })
    }

    @Test("columns are summed in Double, with weights and without")
    func columnSums() {
        var samples = Samples(seed: 1)
        let x = samples.next(101 * 7).map { $0 + 100 }
        let weights = samples.next(101).map(Double.init)
        let matrix = Matrix(mutableMatrix(rows: 101, columns: 7, rowStride: 9, x))
        let (mean, sums) = (matrix.meanOfRows(), matrix.columnSums(weightedBy: weights))
        for column in 0..<7 {
            let elements = (0..<101).map { Double(x[$0 * 7 + column]) }
            #expect(abs(mean[column] - elements.reduce(0, +) / 101) <= 1e-12 * 101)
            #expect(abs(sums[column] - zip(weights, elements).reduce(0) { $0 + $1.0 * $1.1 }) <= 1e-12 * 101 * 101)
        }
    }

    private func geluInDouble(_ x: Float) -> Double { 0.5 * Double(x) * erfc(-Double(x) / 2.0.squareRoot()) }
}
