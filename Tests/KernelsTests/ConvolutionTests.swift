import Kernels
import TestSupport
import Testing

@Suite("Convolution as a product with overlapping rows")
struct ConvolutionTests {
    /// The kernels and strides of the network, and some that leave remainders.
    struct Shape: Sendable, CustomTestStringConvertible {
        let kernel: Int
        let stride: Int
        let channels: Int
        let outputs: Int

        static let all = [
            Shape(kernel: 10, stride: 5, channels: 1, outputs: 70),
            Shape(kernel: 3, stride: 2, channels: 96, outputs: 65),
            Shape(kernel: 2, stride: 2, channels: 96, outputs: 64),
            Shape(kernel: 128, stride: 1, channels: 4, outputs: 4),
            Shape(kernel: 16, stride: 1, channels: 64, outputs: 64),
            Shape(kernel: 1, stride: 1, channels: 3, outputs: 5),
            Shape(kernel: 7, stride: 3, channels: 3, outputs: 17),
            Shape(kernel: 3, stride: 5, channels: 3, outputs: 5),
        ]

        var testDescription: String { "\(kernel)/\(stride), \(channels) channels to \(outputs)" }
    }

    @Test("agrees with Double, for every number of frames", arguments: Shape.all, Backend.all)
    func agrees(shape: Shape, backend: Backend) throws {
        let kernels = try backend.kernels()
        let mostFrames = 300
        let depth = shape.kernel * shape.channels
        let samplesCount = (mostFrames - 1) * shape.stride + shape.kernel
        var samples = Samples(seed: depth + shape.stride)
        let signal = samples.next(samplesCount * shape.channels)
        let weight = samples.next(depth * shape.outputs)
        let windows = (0..<mostFrames).flatMap { frame in
            signal[frame * shape.stride * shape.channels..<frame * shape.stride * shape.channels + depth]
        }
        let exact = productInDouble(windows, weight, mostFrames, shape.outputs, depth)

        let weights = panels(depth: depth, columns: shape.outputs, weight)
        for frames in Array(1...20) + [31, 49, 63, 64, 65, 127, 128, 129, 255, 256, 257, 300] {
            // The buffer ends with the last window.
            let needed = (frames - 1) * shape.stride + shape.kernel
            let input = matrix(
                rows: needed, columns: shape.channels, Array(signal.prefix(needed * shape.channels)))
            let result = GuardedMatrix(rows: frames, columns: shape.outputs)
            kernels.multiply(
                input.windows(first: 0, taps: shape.kernel, stride: shape.stride, count: frames), weights,
                into: result.matrix)
            let expected = Array(exact.prefix(frames * shape.outputs))
            #expect(largestDifference(result.elements, expected) <= Tolerance.sum(of: depth), "\(frames) frames")
            #expect(result.isIntact, "\(frames) frames")
        }
    }

    @Test("gives a frame the same bits wherever a tile begins", arguments: Backend.tiles)
    func bitsOfTiles(backend: Backend) throws {
        let kernels = try backend.kernels()
        let (frames, channels, outputs, kernel, stride) = (90, 5, 7, 3, 2)
        var samples = Samples(seed: 3)
        let length = (frames - 1) * stride + kernel
        let input = matrix(rows: length, columns: channels, samples.next(length * channels))
        let weights = panels(depth: kernel * channels, columns: outputs, samples.next(kernel * channels * outputs))
        func run(_ range: Range<Int>) -> [UInt32] {
            let result = mutableMatrix(
                rows: range.count, columns: outputs, [Float](repeating: 0, count: range.count * outputs))
            kernels.multiply(
                input.windows(first: range.lowerBound * stride, taps: kernel, stride: stride, count: range.count),
                weights, into: result)
            return bits(Matrix(result).elements())
        }
        let whole = run(0..<frames)
        for size in [1, 2, 7, 32, 64] {
            let tiles = Swift.stride(from: 0, to: frames, by: size).flatMap { run($0..<min(frames, $0 + size)) }
            #expect(tiles == whole, "tiles of \(size)")
        }
    }
}
