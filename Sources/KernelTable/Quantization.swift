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

    /// A softmax's powers, which are at most 1, times this are whole numbers of at most that norm.
    @inlinable package static var powerScale: Int { 4_095 }

    /// The norm that numbers may have before they are rounded: each rounding moves one by at most ½, and the norm, with
    /// what float32 rounds in computing it, by less than what is left.
    @inlinable package static var largestUnroundedNorm: Int { largestNorm - 12 }
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

/// Whole numbers of 16 bits of each column of a matrix, in a panel: the sums of their products are over the columns, and so
/// each column has a scale.
package struct ColumnQuantization {
    /// `[rows, columns]`
    package var source: UnsafePointer<Float>
    package var sourceStride: Int
    package var rows: Int
    /// At most ``panelWidth``.
    package var columns: Int
    /// `[cells, panelWidth]`
    package var destination: UnsafeMutableRawPointer
    /// `[panelWidth]`
    package var scales: UnsafeMutablePointer<Float>

    package init(
        source: UnsafePointer<Float>, sourceStride: Int, rows: Int, columns: Int,
        destination: UnsafeMutableRawPointer, scales: UnsafeMutablePointer<Float>
    ) {
        self.source = source
        self.sourceStride = sourceStride
        self.rows = rows
        self.columns = columns
        self.destination = destination
        self.scales = scales
    }
}
