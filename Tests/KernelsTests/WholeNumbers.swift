import BLAS

@testable import Kernels

/// What tests of products of whole numbers have in common.
enum WholeNumbers {
    static let formats: [PanelFormat] = [.int16, .int8]

    /// The kernels of every instruction set of this machine: the baseline, too, has tiles for whole numbers.
    static func kernels() throws -> [KernelSet] {
        try KernelSet.available.map { try KernelSet(instructions: $0, forWholeNumbers: true) }
    }

    /// The rows of a matrix in whole numbers, in memory that held something else.
    static func frames(_ x: Matrix, _ format: PanelFormat, _ kernels: KernelSet) -> QuantizedFrames {
        let buffer = FloatBuffer(count: QuantizedFrames.floatCount(format, frames: x.rows, columns: x.columns))
        MutableMatrix(buffer, rows: 1, columns: buffer.count).fill(.nan)
        let frames = QuantizedFrames(buffer, format, frames: x.rows, columns: x.columns)
        kernels.quantize(x, into: frames)
        return frames
    }

    /// The first columns of a matrix `[depth, width]` in panels.
    static func panels(_ layout: PanelLayout, _ elements: [Float], width: Int? = nil) -> ConstantPanels {
        let width = width ?? layout.columns
        return ConstantPanels(layout) { panels in
            for row in 0..<layout.depth {
                let first = row * width
                panels.pack(
                    Array(elements[first..<first + layout.columns]), rows: row..<row + 1, columns: layout.columns)
            }
        }
    }

    /// The largest sum of squares that a run of numbers may have: two runs of such numbers multiply to less than 2³¹.
    static let largestSquare = Int64(46_340 * 46_340)
    /// Numbers of a run.
    static let run = 128

    /// The sums of squares of each run of a frame's numbers.
    static func squares(_ numbers: some Collection<Int32>) -> [Int64] {
        let numbers = Array(numbers)
        return stride(from: 0, to: numbers.count, by: run).map { start in
            numbers[start..<min(start + run, numbers.count)].reduce(0) { $0 + Int64($1) * Int64($1) }
        }
    }
}

// MARK: Reading back what is in memory

extension QuantizedFrames {
    /// The numbers of a frame, and those that fill up its last cell.
    func stored(_ frame: Int) -> [Int32] {
        withExtendedLifetime(self) {
            let base = numbers + frame * cells * 4
            return (0..<cells * (format == .int8 ? 4 : 2)).map { index in
                format == .int8
                    ? Int32(base.load(fromByteOffset: index, as: UInt8.self))
                    : Int32(base.load(fromByteOffset: 2 * index, as: Int16.self))
            }
        }
    }

    func scale(_ frame: Int) -> Float { withExtendedLifetime(self) { scales[frame] } }

    /// What stands for zero.
    func zero(_ frame: Int) -> Int32 { withExtendedLifetime(self) { format == .int8 ? zeros[frame] : 0 } }

    /// The numbers of a frame, less what stands for zero.
    func centred(_ frame: Int) -> [Int32] { stored(frame).prefix(columns).map { $0 &- zero(frame) } }

    /// All that there is of a frame, to be compared.
    func all(_ frame: Int) -> [Int32] {
        [Int32(bitPattern: scale(frame).bitPattern), zero(frame)] + stored(frame)
    }
}

extension ConstantPanels {
    private var numbersPerCell: Int { format == .int8 ? 4 : 2 }
    private var frameCells: Int { (layout.frameDepth + numbersPerCell - 1) / numbersPerCell }
    /// Bytes of a row of cells.
    private static var rowBytes: Int { 64 * 4 }
    private var panelBytes: Int { depth / layout.frameDepth * frameCells * Self.rowBytes }
    private var panelCount: Int { (columns + 63) / 64 }

    /// Where a number is, in bytes.
    func offset(row: Int, column: Int) -> Int {
        let (frame, place) = row.quotientAndRemainder(dividingBy: layout.frameDepth)
        let cell = frame * frameCells + place / numbersPerCell
        return column / 64 * panelBytes + cell * Self.rowBytes + column % 64 * 4
            + place % numbersPerCell * (4 / numbersPerCell)
    }

    /// A column's numbers.
    func stored(column: Int) -> [Int32] {
        bytes.withUnsafeBytes { bytes in
            (0..<depth).map { row in
                let offset = offset(row: row, column: column)
                return format == .int8
                    ? Int32(bytes.load(fromByteOffset: offset, as: Int8.self))
                    : Int32(bytes.load(fromByteOffset: offset, as: Int16.self))
            }
        }
    }

    func scale(column: Int) -> Float {
        bytes.withUnsafeBytes { $0.load(fromByteOffset: panelCount * panelBytes + column * 4, as: Float.self) }
    }

    /// The sum that is stored beside a column in int8.
    func sum(column: Int) -> Int32 {
        bytes.withUnsafeBytes {
            $0.load(fromByteOffset: panelCount * (panelBytes + Self.rowBytes) + column * 4, as: Int32.self)
        }
    }
}
