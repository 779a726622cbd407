import Testing

@testable import Kernels

@Suite("Matrix product")
struct MatrixProductTests {
    /// Every awkward size as rows, columns and inner size, in turn.
    static let sizes = awkwardSizes.indices.map { index in
        let count = awkwardSizes.count
        return (awkwardSizes[index], awkwardSizes[(index * 5 + 3) % count], awkwardSizes[(index * 7 + 1) % count])
    }

    @Test("agrees with sums in Double", arguments: sizes, [1, 2, 3])
    func product(size: (Int, Int, Int), threads: Int) throws {
        let (m, n, k) = size
        var samples = Samples(seed: UInt64(m * 10_000 + n * 100 + k))
        let (a, b, c) = (samples.next(m * k), samples.next(k * n), samples.next(m * n))
        let product = try MatrixProduct()
        let result = mutableMatrix(rows: m, columns: n, rowStride: n + 3, c)
        let left = mutableMatrix(rows: m, columns: k, rowStride: k + 1, a)
        let right = mutableMatrix(rows: k, columns: n, b)
        let team = ThreadTeam(count: threads)

        product.multiply(Matrix(left), Matrix(right), into: result, team: team)
        let expected = naiveProduct(a, b, m, n, k)
        #expect(largestDifference(Matrix(result).elements(), expected) <= Tolerance.sum(of: k, magnitude: 1))

        result.copy(c)
        product.multiply(Matrix(left), Matrix(right), into: result, accumulating: true, team: team)
        let accumulated = zip(c, expected).map { Double($0) + $1 }
        #expect(largestDifference(Matrix(result).elements(), accumulated) <= Tolerance.sum(of: k + 1, magnitude: 1))
    }

    @Test("with a transposed factor agrees with sums in Double", arguments: sizes)
    func transposed(size: (Int, Int, Int)) throws {
        let (m, n, k) = size
        var samples = Samples(seed: UInt64(m + n * 1000 + k))
        let (a, b) = (samples.next(m * k), samples.next(n * k))
        let result = mutableMatrix(rows: m, columns: n, [Float](repeating: 9, count: m * n))
        let left = mutableMatrix(rows: m, columns: k, a)
        let right = mutableMatrix(rows: n, columns: k, rowStride: k + 2, b)
        try MatrixProduct().multiplyTransposed(Matrix(left), Matrix(right), scale: 0.125, into: result)

        var transposed = [Float](repeating: 0, count: k * n)
        for row in 0..<n { for column in 0..<k { transposed[column * n + row] = b[row * k + column] } }
        let expected = naiveProduct(a, transposed, m, n, k).map { $0 / 8 }
        #expect(largestDifference(Matrix(result).elements(), expected) <= Tolerance.sum(of: k, magnitude: 0.125))
    }

    @Test("of overlapping windows, in parts, is a convolution")
    func convolution() throws {
        let (frames, channels, outputs, kernel, step) = (23, 5, 7, 3, 2)
        var samples = Samples(seed: 3)
        let (signal, weight) = (samples.next(frames * channels), samples.next(kernel * channels * outputs))
        let count = (frames - kernel) / step + 1
        let input = Matrix(mutableMatrix(rows: frames, columns: channels, signal))
        let weights = Matrix(mutableMatrix(rows: kernel * channels, columns: outputs, weight))
        let result = mutableMatrix(rows: count, columns: outputs, [Float](repeating: 0, count: count * outputs))
        let product = try MatrixProduct()
        product.multiply(
            input.windows(first: 0, taps: 2, stride: step, count: count), weights[rows: 0..<2 * channels], into: result)
        product.multiply(
            input.windows(first: 2, taps: 1, stride: step, count: count),
            weights[rows: 2 * channels..<3 * channels], into: result, accumulating: true)

        let windows = (0..<count).flatMap { Array(signal[$0 * step * channels..<($0 * step + kernel) * channels]) }
        let expected = naiveProduct(windows, weight, count, outputs, kernel * channels)
        #expect(
            largestDifference(Matrix(result).elements(), expected)
                <= Tolerance.sum(of: kernel * channels, magnitude: 1))
    }

    @Test(
        "convolves like its definition, however the frames are dealt out",
        arguments: [(1, 1), (2, 2), (3, 2), (10, 5), (7, 3), (16, 1)], [1, 2, 4, 5])
    func convolution(shape: (kernel: Int, stride: Int), interleaving: Int) throws {
        let (frames, channels, outputs) = (37, 3, 5)
        var samples = Samples(seed: UInt64(shape.kernel * 10 + interleaving))
        let signal = samples.next(frames * channels)
        let weight = samples.next(shape.kernel * channels * outputs)
        let count = (frames - shape.kernel) / shape.stride + 1
        let result = mutableMatrix(rows: count, columns: outputs, rowStride: outputs + 2, samples.next(count * outputs))
        try MatrixProduct().convolve(
            Matrix(mutableMatrix(rows: frames, columns: channels, signal)),
            ConstantMatrix(rows: shape.kernel * channels, columns: outputs, weight),
            kernel: shape.kernel, stride: shape.stride, interleaving: interleaving, into: result)

        let windows = (0..<count).flatMap { frame in
            signal[frame * shape.stride * channels..<(frame * shape.stride + shape.kernel) * channels]
        }
        let expected = naiveProduct(windows, weight, count, outputs, shape.kernel * channels)
        #expect(
            largestDifference(Matrix(result).elements(), expected)
                <= Tolerance.sum(of: shape.kernel * channels, magnitude: 1))
    }

    private func naiveProduct(_ a: [Float], _ b: [Float], _ m: Int, _ n: Int, _ k: Int) -> [Double] {
        var c = [Double](repeating: 0, count: m * n)
        for row in 0..<m {
            for inner in 0..<k {
                let factor = Double(a[row * k + inner])
                for column in 0..<n { c[row * n + column] += factor * Double(b[inner * n + column]) }
            }
        }
        return c
    }
}
