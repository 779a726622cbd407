import BLAS
import KernelTable

/// What is done to a matrix product x before it is stored: residual · residualScale + gelu(x + bias), as far as given.
public struct Epilogue {
    /// One a column.
    package var bias: ConstantVector?
    /// The exact GELU, x · Φ(x) with Φ the normal distribution's cumulative function.
    package var gelu: Bool
    /// Of the product's size; may be where it goes.
    package var residual: Matrix?

    /// What is given is done, in the order of the formula.
    public init(bias: ConstantVector? = nil, gelu: Bool = false, adding residual: Matrix? = nil) {
        self.bias = bias
        self.gelu = gelu
        self.residual = residual
    }
}

/// Sees each task of a shared product on the thread that runs it: the result's columns that the task computes, the
/// worker, and the task itself, which it has to call once.
public typealias ProductObserver = (_ columns: Range<Int>, _ worker: Int, _ task: () -> Void) -> Void

extension KernelSet {
    /// The most rows that one task takes: few enough for them to stay in the second cache while panels pass by.
    private static let rowBlock = 256

    /// c = a · b, finished by `epilogue`; with `team`, its threads share the work, and `observe`, if given, sees each
    /// task.
    ///
    /// a is `[m, k]` and may have overlapping rows, b `[k, n]`, c `[m, n]`. A number of c is computed in the same way
    /// however many threads there are, and by tiles however many rows and columns there are; OpenBLAS's choice of kernels
    /// for more or fewer rows may change the last bits.
    public func multiply(
        _ a: Matrix, _ b: Panels, into c: MutableMatrix, _ epilogue: Epilogue = Epilogue(), team: ThreadTeam? = nil,
        observe: ProductObserver? = nil
    ) {
        precondition(a.columns == b.depth, "the inner sizes \(a.columns) and \(b.depth) differ")
        precondition(c.rows == a.rows && c.columns == b.columns, "the result is not \(a.rows) × \(b.columns)")
        precondition(b.format == .float32, "numbers meet panels of \(b.format)")
        multiply(b, into: c, epilogue, team: team, observe: observe) { panel, rows, epilogue in
            PanelProduct(a, b, panel: panel, rows: rows, epilogue)
        }
    }

    /// The same for a factor in whole numbers, and panels in the same format.
    ///
    /// Sums of products of whole numbers are exact, or become floats at the same places: the bits of a number of c depend
    /// neither on instructions nor on threads, rows or columns.
    package func multiply(
        _ a: QuantizedRows, _ b: Panels, into c: MutableMatrix, _ epilogue: Epilogue = Epilogue(),
        team: ThreadTeam? = nil, observe: ProductObserver? = nil
    ) {
        precondition(a.columns == b.depth, "the inner sizes \(a.columns) and \(b.depth) differ")
        precondition(c.rows == a.count && c.columns == b.columns, "the result is not \(a.count) × \(b.columns)")
        precondition(b.format == a.frames.format, "frames of \(a.frames.format) meet panels of \(b.format)")
        precondition(
            b.layout.frameDepth == a.frames.columns && (a.taps == 1 || b.format == .int16),
            "other frames than the panels'")
        multiply(b, into: c, epilogue, team: team, observe: observe) { panel, rows, epilogue in
            PanelProduct(a, b, panel: panel, rows: rows, epilogue)
        }
    }

    /// c = what `product` makes of each panel and block of rows.
    private func multiply(
        _ b: Panels, into c: MutableMatrix, _ epilogue: Epilogue, team: ThreadTeam?, observe: ProductObserver?,
        _ product: (_ panel: Int, _ rows: Range<Int>, RawEpilogue) -> PanelProduct
    ) {
        precondition(epilogue.bias.map { $0.count == c.columns } ?? true, "the bias is not \(c.columns) wide")
        if let residual = epilogue.residual {
            precondition(residual.rows == c.rows && residual.columns == c.columns, "the residual has another size")
        }
        guard c.rows > 0 && c.columns > 0 else { return }
        let blocks = (c.rows + Self.rowBlock - 1) / Self.rowBlock
        let multiply = multiplication(b.format)
        func task(_ index: Int) {
            let block = index / b.count
            let rows = c.rows * block / blocks..<c.rows * (block + 1) / blocks
            let panel = index % b.count
            let epilogue = RawEpilogue(c, epilogue, rows: rows, panel: panel)
            multiply(product(panel, rows, epilogue))
        }
        guard let team else {
            for index in 0..<blocks * b.count { task(index) }
            return
        }
        guard let observe else { return team.forEach(blocks * b.count) { index, _ in task(index) } }
        team.forEach(blocks * b.count) { index, worker in
            let first = index % b.count * Panels.width
            observe(first..<first + b.columns(ofPanel: index % b.count), worker) { task(index) }
        }
    }

    /// c = residualScale · c + a · b, with one scale a row: what gathers a sum block by block whose weights change.
    func accumulate(_ a: Matrix, _ b: Panels, into c: MutableMatrix, scales: UnsafePointer<Float>) {
        precondition(b.format == .float32, "numbers meet panels of \(b.format)")
        accumulate(a.rows, a.columns, b, into: c, scales) { panel, rows, epilogue in
            PanelProduct(a, b, panel: panel, rows: rows, epilogue)
        }
    }

    /// The same for whole numbers.
    func accumulate(_ a: QuantizedRows, _ b: Panels, into c: MutableMatrix, scales: UnsafePointer<Float>) {
        precondition(b.format == a.frames.format && b.format == .int16, "frames meet panels of \(b.format)")
        accumulate(a.count, a.columns, b, into: c, scales) { panel, rows, epilogue in
            PanelProduct(a, b, panel: panel, rows: rows, epilogue)
        }
    }

    private func accumulate(
        _ rows: Int, _ depth: Int, _ b: Panels, into c: MutableMatrix, _ scales: UnsafePointer<Float>,
        _ product: (_ panel: Int, _ rows: Range<Int>, RawEpilogue) -> PanelProduct
    ) {
        precondition(depth == b.depth, "the inner sizes \(depth) and \(b.depth) differ")
        precondition(c.rows == rows && c.columns == b.columns, "the result is not \(rows) × \(b.columns)")
        guard c.rows > 0 else { return }
        let multiply = multiplication(b.format)
        for panel in 0..<b.count {
            var epilogue = RawEpilogue(c, Epilogue(adding: Matrix(c)), rows: 0..<c.rows, panel: panel)
            epilogue.residualScale = scales
            multiply(product(panel, 0..<c.rows, epilogue))
        }
    }

    /// What multiplies with panels of `format`: looked up once for all panels of a product.
    private func multiplication(_ format: PanelFormat) -> (PanelProduct) -> Void {
        if let openBLAS, format == .float32 { return { openBLAS.multiply($0, table) } }
        return table.product(format)
    }
}

extension PanelProduct {
    /// Some rows of `a` and one panel of `b`, in whole numbers.
    fileprivate init(_ a: QuantizedRows, _ b: Panels, panel: Int, rows: Range<Int>, _ epilogue: RawEpilogue) {
        let frame = a.first + rows.lowerBound * a.stride
        self.init(
            a: a.frames.numbers + frame * a.frames.cells * 4, aStride: a.stride * a.frames.cells, b: b.panel(panel),
            rows: rows.count, depth: b.layout.cells, columns: b.columns(ofPanel: panel), epilogue: epilogue,
            scaling: RawScaling(
                frameScales: a.frames.scales + frame, frameStride: a.stride, frameCells: a.frames.cells,
                frameZeros: b.format == .int8 ? UnsafePointer(a.frames.zeros + frame) : nil,
                columnScales: b.scales(ofPanel: panel), columnSums: b.sums(ofPanel: panel)))
    }

    /// Some rows of `a` and one panel of `b`.
    fileprivate init(_ a: Matrix, _ b: Panels, panel: Int, rows: Range<Int>, _ epilogue: RawEpilogue) {
        self.init(
            a: a.base + rows.lowerBound * a.rowStride, aStride: a.rowStride, b: b.panel(panel), rows: rows.count,
            depth: b.depth, columns: b.columns(ofPanel: panel), epilogue: epilogue)
    }
}

extension RawEpilogue {
    /// For rows of `c` and a panel's columns.
    fileprivate init(_ c: MutableMatrix, _ epilogue: Epilogue, rows: Range<Int>, panel: Int) {
        let column = panel * panelWidth
        self.init(destination: c.base + (rows.lowerBound * c.rowStride + column), destinationStride: c.rowStride)
        bias = epilogue.bias.map { $0.base + column }
        gelu = epilogue.gelu
        residual = epilogue.residual.map { $0.base + (rows.lowerBound * $0.rowStride + column) }
        residualStride = epilogue.residual?.rowStride ?? 0
    }
}

extension OpenBLAS {
    /// The product of OpenBLAS, finished by the kernels of the table.
    ///
    /// BLAS takes no overlapping rows. Where they overlap, the rows are dealt out into sets whose rows are further
    /// apart, and so many of their elements are taken at a time, and the products added up. Elsewhere too, since sums of
    /// short sums round less than long sums.
    fileprivate func multiply(_ product: PanelProduct, _ table: KernelTable) {
        let sums = UnsafeMutablePointer<Float>.allocate(capacity: product.rows * panelWidth)
        defer { sums.deallocate() }
        let panel = product.b.assumingMemoryBound(to: Float.self)
        let a = product.a.assumingMemoryBound(to: Float.self)
        if product.depth == 0 { sums.initialize(repeating: 0, count: product.rows * panelWidth) }
        let overlap = product.rows > 1 && product.aStride < product.depth
        let depthBlock = 256
        let sets = overlap ? max(1, min(product.rows, (depthBlock + product.aStride - 1) / product.aStride)) : 1
        let width = overlap ? min(depthBlock, product.aStride * sets) : depthBlock
        for set in 0..<sets {
            let rows = (product.rows - set + sets - 1) / sets
            for start in stride(from: 0, to: product.depth, by: width) {
                let depth = min(width, product.depth - start)
                sgemm(
                    m: rows, n: panelWidth, k: depth, a: a + (set * product.aStride + start),
                    lda: max(product.aStride * sets, depth), b: panel + start * panelWidth, ldb: panelWidth,
                    beta: start > 0 ? 1 : 0, c: sums + set * panelWidth, ldc: sets * panelWidth)
            }
        }
        table.finish(UnsafePointer(sums), panelWidth, product.rows, product.columns, product.epilogue)
    }
}
