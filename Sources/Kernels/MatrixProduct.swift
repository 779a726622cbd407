import BLAS

/// Matrix products in float32.
public struct MatrixProduct: Sendable {
    private let blas: OpenBLAS

    /// - Throws: `OpenBLASError` where OpenBLAS can't be opened.
    public init() throws { blas = try OpenBLAS.load() }

    /// The kernels in use, such as `OpenBLAS SkylakeX`.
    public var description: String { "OpenBLAS \(blas.coreName)" }

    /// Columns of a product that one thread takes at a time: a multiple of every kernel's tile width.
    private static let columnGranule = 48

    /// c = a · b, or c + a · b where `accumulating`; with `team`, its threads share the work.
    ///
    /// a is `[m, k]` and may not have overlapping rows, b `[k, n]`, c `[m, n]`.
    public func multiply(
        _ a: Matrix, _ b: Matrix, into c: MutableMatrix, accumulating: Bool = false, team: ThreadTeam? = nil
    ) {
        precondition(a.columns == b.rows, "the inner sizes \(a.columns) and \(b.rows) differ")
        precondition(c.rows == a.rows && c.columns == b.columns, "the result is not \(a.rows) × \(b.columns)")
        guard c.rows > 0 && c.columns > 0 else { return }
        let part = { (rows: Range<Int>, columns: Range<Int>) in
            blas.sgemm(
                m: rows.count, n: columns.count, k: a.columns,
                a: a.base + rows.lowerBound * a.rowStride, lda: a.rowStride,
                b: b.base + columns.lowerBound, ldb: b.rowStride,
                beta: accumulating ? 1 : 0,
                c: c.base + rows.lowerBound * c.rowStride + columns.lowerBound, ldc: c.rowStride)
        }
        guard let team, team.count > 1 else { return part(0..<c.rows, 0..<c.columns) }
        // Each thread packs the whole of the operand that isn't split: split the dimension of the larger one.
        if c.rows > c.columns {
            team.split(c.rows) { rows, _ in part(rows, 0..<c.columns) }
        } else {
            team.split(c.columns, granule: Self.columnGranule) { columns, _ in part(0..<c.rows, columns) }
        }
    }

    /// c = scale · a · bᵀ; a is `[m, k]`, b `[n, k]`, c `[m, n]`.
    public func multiplyTransposed(_ a: Matrix, _ b: Matrix, scale: Float = 1, into c: MutableMatrix) {
        precondition(a.columns == b.columns, "the inner sizes \(a.columns) and \(b.columns) differ")
        precondition(c.rows == a.rows && c.columns == b.rows, "the result is not \(a.rows) × \(b.rows)")
        guard c.rows > 0 && c.columns > 0 else { return }
        blas.sgemm(
            transposeB: true, m: c.rows, n: c.columns, k: a.columns, alpha: scale,
            a: a.base, lda: a.rowStride, b: b.base, ldb: b.rowStride, c: c.base, ldc: c.rowStride)
    }

    /// The convolution over time of `input`, `[input frames, channels]` with contiguous rows, into `output`,
    /// `[frames, output channels]`; `weight` is `[kernel · channels, output channels]`.
    ///
    /// In time-major order a frame's window is `kernel` input frames, which stand one after the other: the windows are a
    /// matrix whose rows overlap, and the convolution is its product with the weight. BLAS takes no overlapping rows.
    /// So the frames are dealt out into `interleaving` sets, whose windows are `stride · interleaving` input frames
    /// apart, and so many taps are taken at a time, and the products added up.
    public func convolve(
        _ input: Matrix, _ weight: ConstantMatrix, kernel: Int, stride: Int, interleaving: Int = 1,
        into output: MutableMatrix
    ) {
        let (step, channels) = (stride * interleaving, input.columns)
        for phase in 0..<min(interleaving, output.rows) {
            let frames = output.rows(from: phase, step: interleaving)
            for tap in Swift.stride(from: 0, to: kernel, by: step) {
                let taps = min(step, kernel - tap)
                multiply(
                    input.windows(first: phase * stride + tap, taps: taps, stride: step, count: frames.rows),
                    weight.matrix[rows: tap * channels..<(tap + taps) * channels],
                    into: frames, accumulating: tap > 0)
            }
        }
    }
}
