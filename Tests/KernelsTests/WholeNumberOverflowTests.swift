import BLAS
import Testing

@testable import Kernels

/// The inequality of Cauchy and Schwarz is an equality where a frame and a column are parallel: no sum is larger then.
@Suite("The largest sums of products of whole numbers")
struct WholeNumberOverflowTests {
    /// What a run's sum has to stay below.
    private static let limit = 1 << 31

    /// Depths: parts of runs, whole runs, several, and around the blocks that all tiles take.
    private static let depths = [1, 2, 3, 127, 128, 129, 130, 256, 500, 512, 513, 640, 1000]

    @Test("of 16 bits are those of 64 bits, for frames and columns that are parallel", arguments: HardNumbers.large)
    func parallel(numbers: HardNumbers) throws {
        for depth in Self.depths {
            let x = numbers(depth)
            let frames = x + x.map { -$0 } + x.reversed()
            // The frame, and its opposite.
            let panels = WholeNumbers.panels(
                PanelLayout(.int16, depth: depth, columns: 2), x.flatMap { [$0, -$0] })
            try check(matrix(rows: 3, columns: depth, frames), taps: 1, panels)
        }
    }

    /// Frames of several runs, the last of which is short, and windows of such frames.
    private static let channels = [5, 127, 129, 200, 257, 511, 512, 513, 520, 600, 640, 1000]

    @Test("and so are those of windows, wherever in a frame a block of its cells ends", arguments: HardNumbers.large)
    func windows(numbers: HardNumbers) throws {
        for channels in Self.channels {
            let frame = numbers(channels)
            for taps in [2, 3, 5] {
                let layout = PanelLayout(.int16, depth: taps * channels, columns: 2, frameDepth: channels)
                let column = (0..<taps).flatMap { _ in frame }
                let panels = WholeNumbers.panels(layout, column.flatMap { [$0, -$0] })
                let frames = (0..<taps + 1).flatMap { _ in frame }
                try check(matrix(rows: taps + 1, columns: channels, frames), taps: taps, panels)
            }
        }
    }

    @Test("come within a thousandth of what 32 bits hold, so that these tests test something")
    func close() throws {
        let kernels = try KernelSet()
        for numbers in HardNumbers.large {
            let x = numbers(128)
            // Alone, a spike is stored as 32,767.
            let isSpike = x.count { $0 != 0 } == 1
            let panels = WholeNumbers.panels(PanelLayout(.int16, depth: 128, columns: 1), x)
            let frames = WholeNumbers.frames(matrix(rows: 1, columns: 128, x), .int16, kernels)
            let largest = WholeNumberReference(frames.rows, panels).largestSum
            #expect(
                largest < Self.limit && Double(largest) > (isSpike ? 0.499 : 0.999) * Double(Self.limit), "\(numbers)")
        }
    }

    /// Checks that a product is that in 64 bits, with every instruction set, and that no sum leaves 32 bits.
    private func check(_ x: Matrix, taps: Int, _ panels: ConstantPanels) throws {
        let count = x.rows - taps + 1
        for kernels in try WholeNumbers.kernels() {
            let frames = WholeNumbers.frames(x, .int16, kernels)
            let rows = frames.windows(first: 0, taps: taps, stride: 1, count: count)
            let reference = WholeNumberReference(rows, panels)
            #expect(reference.largestSum < Self.limit)
            let result = GuardedMatrix(rows: count, columns: panels.columns)
            kernels.multiply(rows, panels.panels, into: result.matrix)
            #expect(
                bits(result.elements) == bits(reference.product),
                "\(taps) · \(frames.columns), \(kernels.instructions)")
        }
    }

    @Test("of 8 bits fit at the largest depth: all 255 times all ±127, and all of it taken back by the zero")
    func deepest() throws {
        let depth = PanelLayout.deepestInt8
        #expect(depth * 255 * 127 < Self.limit && (depth + 1) * 255 * 127 >= Self.limit)
        // Ones become 255 with 0 for zero, minus ones 0 with 255 for zero; the last row has both.
        let rows: [[Float]] = [
            .init(repeating: 1, count: depth), .init(repeating: -1, count: depth),
            (0..<depth).map { $0.isMultiple(of: 2) ? 1 : -1 },
        ]
        // Columns of 127, of -127, of both signs in turn, and of the halves.
        let panels = WholeNumbers.panels(
            PanelLayout(.int8, depth: depth, columns: 4),
            (0..<depth).flatMap { [1, -1, $0.isMultiple(of: 2) ? 1 : -1, $0 < depth / 2 ? 1 : -1] as [Float] })
        for kernels in try WholeNumbers.kernels() {
            let frames = WholeNumbers.frames(matrix(rows: 3, columns: depth, rows.flatMap(\.self)), .int8, kernels)
            #expect(Set(frames.stored(0).prefix(depth)) == [255] && frames.zero(0) == 0)
            #expect(Set(frames.stored(1).prefix(depth)) == [0] && frames.zero(1) == 255)
            let reference = WholeNumberReference(frames.rows, panels)
            #expect(reference.largestSum == Int64(depth * 255 * 127))
            let result = GuardedMatrix(rows: 3, columns: 4)
            kernels.multiply(frames.rows, panels.panels, into: result.matrix)
            #expect(bits(result.elements) == bits(reference.product), "\(kernels.instructions)")
            #expect(result.isIntact)
        }
    }
}
