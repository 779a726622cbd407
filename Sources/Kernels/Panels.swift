import KernelTable

@_exported import enum KernelTable.PanelFormat

/// How a matrix `[depth, columns]`, the second factor of a product, lies in panels of ``Panels/width`` columns: the cells of
/// one panel after the other, the last filled up with zeros; then, for whole numbers, a scale for each column of all
/// panels, and for int8 the sum of each.
package struct PanelLayout: Sendable, Hashable {
    package let format: PanelFormat
    package let depth: Int
    package let columns: Int
    /// Numbers of a column that meet one frame of the first factor: the depth, or a divisor of it for a convolution.
    package let frameDepth: Int

    /// - Precondition: `frameDepth`, the depth unless given, divides `depth`.
    package init(_ format: PanelFormat, depth: Int, columns: Int, frameDepth: Int? = nil) {
        precondition(depth >= 0 && columns >= 0, "negative panel size")
        self.format = format
        self.depth = depth
        self.columns = columns
        self.frameDepth = frameDepth ?? depth
        precondition(depth == 0 || depth.isMultiple(of: self.frameDepth), "frames of \(self.frameDepth) of \(depth)")
    }

    var panelCount: Int { (columns + panelWidth - 1) / panelWidth }
    /// Cells of a column that meet one frame.
    var frameCells: Int { format.cells(frameDepth) }
    /// Cells of a column.
    var cells: Int { depth == 0 ? 0 : depth / frameDepth * frameCells }
    /// Bytes of a panel's cells.
    var panelByteCount: Int { cells * panelWidth * MemoryLayout<Float>.stride }
    /// Where the scales begin.
    var scalesOffset: Int { panelCount * panelByteCount }
    /// Bytes of the columns' scales, or of their sums.
    private var columnByteCount: Int { panelCount * panelWidth * MemoryLayout<Float>.stride }
    /// Where the sums begin.
    var sumsOffset: Int { scalesOffset + columnByteCount }

    /// Bytes of it all, a multiple of four.
    package var byteCount: Int {
        switch format {
        case .float32: scalesOffset
        case .int16: sumsOffset
        case .int8: sumsOffset + columnByteCount
        }
    }
}

/// The second factor of a matrix product, `[depth, columns]`, laid out for the kernels.
///
/// The view keeps its memory alive.
public struct Panels {
    /// Columns of a panel.
    package static let width = panelWidth

    let layout: PanelLayout
    private let base: UnsafeRawPointer
    /// Bytes from one panel to the next.
    private let stride: Int
    /// Where the columns' scales and sums are, as far as the format has them.
    private let scales, sums: UnsafeRawPointer
    private let owner: AnyObject

    package var depth: Int { layout.depth }
    package var columns: Int { layout.columns }
    package var format: PanelFormat { layout.format }

    /// Floats that a matrix of `[depth, columns]` takes in panels of float32.
    public static func floatCount(depth: Int, columns: Int) -> Int {
        PanelLayout(.float32, depth: depth, columns: columns).byteCount / MemoryLayout<Float>.stride
    }

    /// Panels at an address.
    init(_ layout: PanelLayout, base: UnsafeRawPointer, owner: AnyObject) {
        self.init(
            layout, base: base, stride: layout.panelByteCount, scales: base + layout.scalesOffset,
            sums: base + layout.sumsOffset, owner: owner)
    }

    private init(
        _ layout: PanelLayout, base: UnsafeRawPointer, stride: Int, scales: UnsafeRawPointer, sums: UnsafeRawPointer,
        owner: AnyObject
    ) {
        self.layout = layout
        self.base = base
        self.stride = stride
        self.scales = scales
        self.sums = sums
        self.owner = owner
    }

    var count: Int { layout.panelCount }

    /// Where a panel starts.
    func panel(_ index: Int) -> UnsafeRawPointer { base + index * stride }

    /// How many columns of a panel are the matrix's.
    func columns(ofPanel index: Int) -> Int { min(Self.width, columns - index * Self.width) }

    /// The scales of a panel's columns, for whole numbers.
    func scales(ofPanel index: Int) -> UnsafePointer<Float> {
        scales.assumingMemoryBound(to: Float.self) + index * Self.width
    }

    /// The sums of a panel's columns; nil unless the format has them.
    func sums(ofPanel index: Int) -> UnsafePointer<Int32>? {
        guard format == .int8 else { return nil }
        return sums.assumingMemoryBound(to: Int32.self) + index * Self.width
    }

    /// The rows of `range`, which starts where a run of products does that is summed by itself.
    package subscript(depth range: Range<Int>) -> Panels {
        precondition(0 <= range.lowerBound && range.upperBound <= depth, "rows \(range) of \(depth)")
        precondition(
            format == .float32 || format == .int16 && range.lowerBound.isMultiple(of: Int16Products.count),
            "rows \(range) of panels of \(format)")
        let before = PanelLayout(format, depth: range.lowerBound, columns: columns).panelByteCount
        return Panels(
            PanelLayout(format, depth: range.count, columns: columns), base: base + before, stride: stride,
            scales: scales, sums: sums, owner: owner)
    }

    /// The columns of `range`, which starts at a panel.
    package subscript(columns range: Range<Int>) -> Panels {
        precondition(0 <= range.lowerBound && range.upperBound <= columns, "columns \(range) of \(columns)")
        precondition(range.lowerBound.isMultiple(of: Self.width), "column \(range.lowerBound) is inside a panel")
        let scaleOffset = range.lowerBound * MemoryLayout<Float>.stride
        return Panels(
            PanelLayout(format, depth: depth, columns: range.count, frameDepth: layout.frameDepth),
            base: panel(range.lowerBound / Self.width), stride: stride, scales: scales + scaleOffset,
            sums: sums + scaleOffset, owner: owner)
    }
}

/// A weight in panels.
public struct ConstantPanels: Sendable {
    package let layout: PanelLayout
    package let bytes: ConstantBytes

    package var format: PanelFormat { layout.format }
    package var depth: Int { layout.depth }
    package var columns: Int { layout.columns }

    /// `bytes` are the panels.
    package init(_ layout: PanelLayout, _ bytes: ConstantBytes) {
        precondition(
            bytes.count == layout.byteCount, "\(bytes.count) bytes for panels of \(layout.byteCount), \(layout)")
        self.layout = layout
        self.bytes = bytes
    }

    /// Lets `fill` write panels of float32 before they become constant.
    public init<Failure: Error>(
        depth: Int, columns: Int, fill: (MutablePanels) throws(Failure) -> Void
    ) throws(Failure) {
        try self.init(PanelLayout(.float32, depth: depth, columns: columns), fill: fill)
    }

    /// Lets `fill` write panels of float32, and keeps them as `layout` says.
    package init<Failure: Error>(
        _ layout: PanelLayout, fill: (MutablePanels) throws(Failure) -> Void
    ) throws(Failure) {
        let buffer = FloatBuffer(count: layout.byteCount / MemoryLayout<Float>.stride)
        try layout.write(to: buffer, fill: fill)
        self.init(layout, ConstantBytes(buffer))
    }

    /// The panels as a product takes them.
    public var panels: Panels { Panels(layout, base: bytes.base, owner: bytes.owner) }
}

extension PanelLayout {
    /// Lets `fill` write the matrix in panels of float32, and stores it at the beginning of `buffer` as this layout says.
    package func write<Failure: Error>(
        to buffer: FloatBuffer, fill: (MutablePanels) throws(Failure) -> Void
    ) throws(Failure) {
        guard format != .float32 else { return try fill(MutablePanels(buffer, depth: depth, columns: columns)) }
        let numbers = FloatBuffer(count: Panels.floatCount(depth: depth, columns: columns))
        try fill(MutablePanels(numbers, depth: depth, columns: columns))
        quantize(numbers, into: buffer)
    }
}
