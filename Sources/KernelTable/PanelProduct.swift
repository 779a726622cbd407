/// Columns of a panel: how the second factor of a product is laid out, for every instruction set and every format.
///
/// Inlinable, so that it is a constant in the tiles' loops.
@inlinable package var panelWidth: Int { 64 }

/// How the numbers of a panel are stored: row by row of cells of 32 bits, one for each of its columns.
package enum PanelFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// A cell is a number.
    case float32
    /// A cell is two whole numbers that follow each other in a column; a scale a column.
    case int16
    /// A cell is four whole numbers that follow each other in a column; a scale and a sum a column.
    case int8

    /// Numbers of a column in one cell.
    package var numbersPerCell: Int {
        switch self {
        case .float32: 1
        case .int16: 2
        case .int8: 4
        }
    }

    /// Cells that `numbers` numbers of a column take; the last is filled up with zeros.
    package func cells(_ numbers: Int) -> Int { (numbers + numbersPerCell - 1) / numbersPerCell }
}

/// Runs of products of whole numbers of 16 bits that are summed in 32 bits before their sum becomes a float.
///
/// In each such run of a frame, and of a weight's column, the numbers' Euclidean norm is at most ``largestNorm``: by the
/// inequality of Cauchy and Schwarz the sum of the run's products is at most its square, which is less than 2³¹. Sums are
/// modulo 2³², so what they are on the way does not matter.
package enum Int16Products {
    /// Products of a run: those of a frame from its first on, the last run of a frame may be shorter.
    @inlinable package static var count: Int { 128 }
    @inlinable package static var largestNorm: Int { 46_340 }
    @inlinable package static var largestNumber: Int { 32_767 }

    /// The norm that numbers may have before they are rounded: each rounding moves one by at most ½, and the norm, with
    /// what float32 rounds in computing it, by less than what is left.
    @inlinable package static var largestUnroundedNorm: Int { largestNorm - 12 }
}

/// a · b for one panel b, with its epilogue.
package struct PanelProduct {
    /// `[rows, depth]` in cells; rows may overlap.
    package var a: UnsafeRawPointer
    /// In cells.
    package var aStride: Int
    /// `[depth, panelWidth]` in cells, in the format of the kernel that is called.
    package var b: UnsafeRawPointer
    package var rows: Int
    /// In cells.
    package var depth: Int
    /// How many of the panel's columns are stored.
    package var columns: Int
    package var epilogue: RawEpilogue
    /// What turns sums of products of whole numbers into those of the numbers; nil where the cells are numbers.
    package var scaling: RawScaling?

    package init(
        a: UnsafeRawPointer, aStride: Int, b: UnsafeRawPointer, rows: Int, depth: Int, columns: Int,
        epilogue: RawEpilogue, scaling: RawScaling? = nil
    ) {
        self.a = a
        self.aStride = aStride
        self.b = b
        self.rows = rows
        self.depth = depth
        self.columns = columns
        self.epilogue = epilogue
        self.scaling = scaling
    }
}

/// The scales of a product of whole numbers. A row of the first factor is one frame or several that follow each other, the
/// window of a convolution; each frame has a scale.
package struct RawScaling {
    /// Of the first frame of the first row.
    package var frameScales: UnsafePointer<Float>
    /// Frames from one row's first to the next one's.
    package var frameStride: Int
    /// Cells of a frame, a divisor of the product's depth.
    package var frameCells: Int
    /// What was added to a frame's numbers so that none is negative; only where the format is int8, and then a row is
    /// one frame.
    package var frameZeros: UnsafePointer<Int32>?
    /// One a column.
    package var columnScales: UnsafePointer<Float>
    /// The sum of each column; only where the format is int8.
    package var columnSums: UnsafePointer<Int32>?

    package init(
        frameScales: UnsafePointer<Float>, frameStride: Int, frameCells: Int, frameZeros: UnsafePointer<Int32>?,
        columnScales: UnsafePointer<Float>, columnSums: UnsafePointer<Int32>?
    ) {
        self.frameScales = frameScales
        self.frameStride = frameStride
        self.frameCells = frameCells
        self.frameZeros = frameZeros
        self.columnScales = columnScales
        self.columnSums = columnSums
    }
}

/// Whole numbers of each row of a matrix, each row with a scale of its own: x ≈ (number − zero) · scale.
package struct RowQuantization {
    /// `[rows, columns]`
    package var source: UnsafePointer<Float>
    package var sourceStride: Int
    package var rows: Int
    package var columns: Int
    /// ``PanelFormat/int16``, whose zero is 0, or ``PanelFormat/int8``, whose numbers are from 0 to 255.
    package var format: PanelFormat
    /// `[rows, cells]`
    package var destination: UnsafeMutableRawPointer
    /// `[rows]`
    package var scales: UnsafeMutablePointer<Float>
    /// `[rows]`; only where the format is int8.
    package var zeros: UnsafeMutablePointer<Int32>

    package init(
        source: UnsafePointer<Float>, sourceStride: Int, rows: Int, columns: Int, format: PanelFormat,
        destination: UnsafeMutableRawPointer, scales: UnsafeMutablePointer<Float>, zeros: UnsafeMutablePointer<Int32>
    ) {
        self.source = source
        self.sourceStride = sourceStride
        self.rows = rows
        self.columns = columns
        self.format = format
        self.destination = destination
        self.scales = scales
        self.zeros = zeros
    }
}

/// What is done to a product x before it is stored: residual · residualScale + gelu(x · columnScale + bias), as far as
/// given.
package struct RawEpilogue {
    package var destination: UnsafeMutablePointer<Float>
    package var destinationStride: Int
    /// One a column; for products of whole numbers.
    package var columnScales: UnsafePointer<Float>?
    /// One a column.
    package var bias: UnsafePointer<Float>?
    package var gelu = false
    /// Of the destination's size; may be the destination.
    package var residual: UnsafePointer<Float>?
    package var residualStride = 0
    /// One a row.
    package var residualScale: UnsafePointer<Float>?

    package init(destination: UnsafeMutablePointer<Float>, destinationStride: Int) {
        self.destination = destination
        self.destinationStride = destinationStride
    }
}
