import Testing

@testable import Kernels

@Suite("Matrix views")
struct MatrixTests {
    @Test("are copied row by row, whatever the stride")
    func strided() {
        let elements: [Float] = [1, 2, 3, 4, 5, 6]
        let matrix = mutableMatrix(rows: 2, columns: 3, rowStride: 5, elements)
        #expect(Matrix(matrix).elements() == elements)
        #expect(Matrix(matrix[rows: 1..<2, columns: 1..<3]).elements() == [5, 6])
        #expect(Matrix(matrix)[rows: 0..<2, columns: 2..<3].elements() == [3, 6])
    }

    @Test("of windows overlap")
    func windows() {
        let matrix = Matrix(mutableMatrix(rows: 5, columns: 2, (0..<10).map(Float.init)))
        let windows = matrix.windows(first: 0, taps: 3, stride: 1, count: 3)
        #expect(windows.row(0) == [0, 1, 2, 3, 4, 5])
        #expect(windows.row(2) == [4, 5, 6, 7, 8, 9])
        let strided = matrix.windows(first: 1, taps: 2, stride: 2, count: 2)
        #expect(strided.elements() == [2, 3, 4, 5, 6, 7, 8, 9])
    }

    @Test("sum their columns in Double, with weights and without")
    func columnSums() {
        var samples = Samples(seed: 1)
        let x = samples.next(101 * 7).map { $0 + 100 }
        let weights = samples.next(101).map(Double.init)
        let mean = matrix(rows: 101, columns: 7, rowStride: 9, x).meanOfRows()
        let sums = ConstantMatrix(rows: 101, columns: 7, ConstantBytes(FloatBuffer(x))).columnSums(weightedBy: weights)
        for column in 0..<7 {
            let elements = (0..<101).map { Double(x[$0 * 7 + column]) }
            #expect(abs(mean[column] - elements.reduce(0, +) / 101) <= 1e-12 * 101)
            #expect(abs(sums[column] - zip(weights, elements).reduce(0) { $0 + $1.0 * $1.1 }) <= 1e-12 * 101 * 101)
        }
    }

    @Test("that leave their buffer are stopped")
    func bounds() async {
        await #expect(processExitsWith: .failure) {
            _ = Matrix(FloatBuffer(count: 11), rows: 3, columns: 4)
        }
        await #expect(processExitsWith: .failure) {
            _ = Matrix(FloatBuffer(count: 12), offset: 1, rows: 3, columns: 4)
        }
        await #expect(processExitsWith: .failure) {
            _ = MutableMatrix(FloatBuffer(count: 12), rows: 3, columns: 4, rowStride: 2)
        }
        await #expect(processExitsWith: .failure) {
            let matrix = Matrix(FloatBuffer(count: 10), rows: 5, columns: 2)
            _ = matrix.windows(first: 1, taps: 3, stride: 1, count: 3)
        }
    }
}
