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
