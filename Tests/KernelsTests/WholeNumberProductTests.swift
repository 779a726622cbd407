import BLAS
import TestSupport
import Testing

@testable import Kernels

@Suite("Product of whole numbers")
struct WholeNumberProductTests {
    private static let mostRows = 257
    private static let mostColumns = 130
    /// Of every tile height, and around the blocks that tasks take.
    private static let rows = Array(1...13) + [49, 255, 256, 257]
    /// Enough of them where the depth is large.
    private static let fewRows = [1, 6, 13, 49, 257]
    private static let columns = [1, 15, 16, 17, 63, 64, 65, 130]
    /// Around cells, runs and the blocks that all tiles take.
    private static let depths = [1, 2, 3, 4, 5, 63, 64, 65, 127, 128, 129, 511, 512, 513, 1000, 1536, 4096]

    @Test(
        "is that of integers of 64 bits at every block edge, bit for bit, and writes nothing else", arguments: depths,
        WholeNumbers.formats)
    func sizes(depth: Int, format: PanelFormat) throws {
        var samples = Samples(seed: depth)
        let a = matrix(rows: Self.mostRows, columns: depth, rowStride: depth + 1, samples.next(Self.mostRows * depth))
        let b = samples.next(depth * Self.mostColumns)
        let panels = Self.columns.map { columns in
            WholeNumbers.panels(PanelLayout(format, depth: depth, columns: columns), b, width: Self.mostColumns)
        }
        let widest = try #require(panels.last)
        var known: WholeNumberReference?
        for kernels in try WholeNumbers.kernels() {
            let frames = WholeNumbers.frames(a, format, kernels)
            // The frames are the same with every instruction set, as another test checks.
            let reference = known ?? WholeNumberReference(frames.rows, widest)
            known = reference
            for panels in panels {
                for rows in depth > 600 ? Self.fewRows : Self.rows {
                    let result = GuardedMatrix(rows: rows, columns: panels.columns)
                    let some = frames.windows(first: 0, taps: 1, stride: 1, count: rows)
                    kernels.multiply(some, panels.panels, into: result.matrix)
                    let isExact = bits(result.elements) == reference.bits(rows: rows, columns: panels.columns)
                    #expect(isExact, "\(rows) × \(panels.columns), \(kernels.instructions)")
                    #expect(result.isIntact, "\(rows) × \(panels.columns), \(kernels.instructions)")
                }
            }
        }
    }

    /// Windows of several frames: the network's, and frames around runs, blocks of cells and whole cells.
    struct Shape: Sendable, CustomTestStringConvertible {
        let taps: Int
        let stride: Int
        let channels: Int
        let outputs: Int

        static let all = [
            Shape(taps: 3, stride: 2, channels: 19, outputs: 19), Shape(taps: 4, stride: 2, channels: 19, outputs: 65),
            Shape(taps: 6, stride: 1, channels: 5, outputs: 5), Shape(taps: 128, stride: 1, channels: 4, outputs: 4),
            Shape(taps: 7, stride: 3, channels: 3, outputs: 17), Shape(taps: 10, stride: 5, channels: 1, outputs: 70),
            Shape(taps: 3, stride: 5, channels: 7, outputs: 5), Shape(taps: 5, stride: 1, channels: 127, outputs: 64),
            Shape(taps: 5, stride: 2, channels: 129, outputs: 66), Shape(taps: 3, stride: 1, channels: 255, outputs: 3),
            Shape(taps: 3, stride: 1, channels: 257, outputs: 64),
            Shape(taps: 3, stride: 2, channels: 512, outputs: 65),
            Shape(taps: 2, stride: 2, channels: 511, outputs: 17),
            Shape(taps: 3, stride: 1, channels: 513, outputs: 65),
            Shape(taps: 4, stride: 1, channels: 600, outputs: 16),
            Shape(taps: 2, stride: 1, channels: 1000, outputs: 65),
        ]

        var testDescription: String { "\(taps)/\(stride), \(channels) channels to \(outputs)" }
    }

    @Test("of windows of frames, too, wherever they begin", arguments: Shape.all)
    func windows(shape: Shape) throws {
        let (most, first) = (130, 2)
        let depth = shape.taps * shape.channels
        var samples = Samples(seed: depth + shape.stride)
        let length = first + (most - 1) * shape.stride + shape.taps
        // Each frame has a size of its own.
        let x = matrix(
            rows: length, columns: shape.channels,
            (0..<length).flatMap { row in samples.next(shape.channels).map { $0 * Float(1 + row % 7) } })
        let panels = WholeNumbers.panels(
            PanelLayout(.int16, depth: depth, columns: shape.outputs, frameDepth: shape.channels),
            samples.next(depth * shape.outputs))
        var known: WholeNumberReference?
        for kernels in try WholeNumbers.kernels() {
            let frames = WholeNumbers.frames(x, .int16, kernels)
            func windows(_ range: Range<Int>) -> QuantizedRows {
                frames.windows(
                    first: first + range.lowerBound * shape.stride, taps: shape.taps, stride: shape.stride,
                    count: range.count)
            }
            let reference = known ?? WholeNumberReference(windows(0..<most), panels)
            known = reference
            let expected = reference.bits(rows: most, columns: shape.outputs)
            for rows in [0..<1, 0..<2, 3..<8, 0..<6, 0..<7, 120..<130, 1..<14, 0..<49, 0..<130] {
                let result = GuardedMatrix(rows: rows.count, columns: shape.outputs)
                kernels.multiply(windows(rows), panels.panels, into: result.matrix)
                let wanted = Array(expected[rows.lowerBound * shape.outputs..<rows.upperBound * shape.outputs])
                let isExact = bits(result.elements) == wanted
                #expect(isExact, "rows \(rows), \(kernels.instructions)")
                #expect(result.isIntact, "rows \(rows), \(kernels.instructions)")
            }
        }
    }

    @Test("is finished by its epilogue, also where the residual is the destination", arguments: EpilogueTests.Parts.all)
    func epilogues(parts: EpilogueTests.Parts) throws {
        for (rows, columns, depth) in [(1, 1, 1), (7, 17, 3), (49, 64, 128), (13, 130, 129), (257, 65, 33)] {
            for format in WholeNumbers.formats {
                var samples = Samples(seed: rows + columns)
                let a = matrix(rows: rows, columns: depth, samples.next(rows * depth))
                let panels = WholeNumbers.panels(
                    PanelLayout(format, depth: depth, columns: columns), samples.next(depth * columns))
                let (biases, residuals) = (samples.next(columns), samples.next(rows * columns))
                var sharedBits: [UInt32]?
                for kernels in try WholeNumbers.kernels() {
                    let frames = WholeNumbers.frames(a, format, kernels)
                    let product = WholeNumberReference(frames.rows, panels).product
                    let exact = product.enumerated().map { index, product in
                        let x = product + (parts.bias ? biases[index % columns] : 0)
                        let y = parts.gelu ? geluInDouble(Double(x)) : Double(x)
                        return Float(y + (parts.residual ? Double(residuals[index]) : 0))
                    }
                    let result = GuardedMatrix(rows: rows, columns: columns)
                    if parts.residual { result.matrix.copy(residuals) }
                    kernels.multiply(
                        frames.rows, panels.panels, into: result.matrix,
                        Epilogue(
                            bias: parts.bias ? ConstantVector(biases) : nil, gelu: parts.gelu,
                            adding: parts.residual ? Matrix(result.matrix) : nil))
                    let place = "\(rows) × \(columns), \(format), \(kernels.instructions)"
                    #expect(result.isIntact, "\(place)")
                    if parts.gelu {
                        // Of its own, and of a rounding of the sum with the residual.
                        let scale = exact.reduce(1) { max($0, abs(Double($1))) }
                        let tolerance = Tolerance.geluBump + 3 * Tolerance.rounding * scale
                        #expect(largestDifference(result.elements, exact) <= tolerance, "\(place)")
                    } else {
                        #expect(bits(result.elements) == bits(exact), "\(place)")
                    }
                    #expect(bits(result.elements) == sharedBits ?? bits(result.elements), "\(place)")
                    sharedBits = bits(result.elements)
                }
            }
        }
    }

    @Test("has the same bits when it is shared by a team", arguments: [1, 2, 3], WholeNumbers.formats)
    func teams(threads: Int, format: PanelFormat) throws {
        let team = ThreadTeam(count: threads)
        for kernels in try WholeNumbers.kernels() {
            for (rows, columns, depth) in [(1, 1, 40), (70, 65, 130), (257, 64, 300), (600, 130, 77)] {
                var samples = Samples(seed: rows)
                let a = matrix(rows: rows, columns: depth, samples.next(rows * depth))
                let panels = WholeNumbers.panels(
                    PanelLayout(format, depth: depth, columns: columns), samples.next(depth * columns))
                let frames = WholeNumbers.frames(a, format, kernels)
                let (alone, shared) = (
                    GuardedMatrix(rows: rows, columns: columns), GuardedMatrix(rows: rows, columns: columns)
                )
                kernels.multiply(frames.rows, panels.panels, into: alone.matrix)
                kernels.multiply(frames.rows, panels.panels, into: shared.matrix, team: team)
                #expect(bits(shared.elements) == bits(alone.elements), "\(rows) × \(columns), \(kernels.instructions)")
                #expect(shared.isIntact)
            }
        }
    }

    @Test("of no rows is nothing", arguments: WholeNumbers.formats)
    func empty(format: PanelFormat) throws {
        let panels = WholeNumbers.panels(PanelLayout(format, depth: 3, columns: 2), [1, 2, 3, 4, 5, 6])
        for kernels in try WholeNumbers.kernels() {
            let frames = WholeNumbers.frames(matrix(rows: 0, columns: 3, []), format, kernels)
            let result = GuardedMatrix(rows: 0, columns: 2)
            kernels.multiply(frames.rows, panels.panels, into: result.matrix)
            #expect(result.isIntact)
        }
    }
}
