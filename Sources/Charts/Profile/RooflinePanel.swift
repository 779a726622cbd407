/// What each kind of operation reaches of what the machine allows: GFLOP/s over FLOP per byte, both by their logarithm
/// (Williams, Waterman and Patterson, "Roofline", 2009).
struct RooflinePanel {
    static let width = 440.0
    static let maximumHeight = 480.0
    /// The vertical axis's numbers and name.
    private static let axisWidth = 52.0
    private static let labelSize = 10.5

    /// What all parts of one kind come to.
    struct Mark {
        let operation: String
        /// FLOP a byte.
        let intensity: Double
        /// GFLOP/s.
        let rate: Double
        let milliseconds: Double
    }

    private let marks: [Mark]
    /// Each part by itself.
    private let dots: [Mark]
    private let unshown: [String]
    private let peak: Double?
    private let lowerPeaks: [ProfileChart.Peak]
    private let bandwidth: Double?
    private let styles: OperationStyles

    init(
        parts: [ProfileChart.Part], peak: Double?, lowerPeaks: [ProfileChart.Peak], bandwidth: Double?,
        styles: OperationStyles
    ) {
        self.styles = styles
        self.peak = peak
        self.lowerPeaks = lowerPeaks
        self.bandwidth = bandwidth
        let kinds = styles.operations.map { kind in (kind, parts.filter { $0.operation == kind }) }
        marks = kinds.compactMap { Mark($0.0, $0.1) }
        dots = kinds.flatMap { kind, parts in parts.count > 1 ? parts.compactMap { Mark(kind, [$0]) } : [] }
        unshown = kinds.filter { Mark($0.0, $0.1) == nil }.map(\.0)
    }

    /// What must be said under the panel.
    var notes: [String] {
        var text = "Large points: all operations of a kind, sized by their time. Small points: each in its layer."
        if !unshown.isEmpty {
            text += " Without counted FLOP, and so not shown: \(unshown.joined(separator: ", "))."
        }
        return Array(TextMetrics.lines(text, into: Self.width, size: 10).prefix(5))
    }

    func draw(in box: Box, on drawing: inout Drawing) {
        let plot = Box(x: box.x + Self.axisWidth, y: box.y, width: box.width - Self.axisWidth, height: box.height)
        let ridge = peak.flatMap { peak in bandwidth.map { peak / $0 } }
        let x = LogScale((marks + dots).map(\.intensity) + [ridge ?? 0], range: (plot.x, plot.right))
        let y = LogScale((marks + dots).map(\.rate) + [(peak ?? 0) * 1.2], range: (plot.bottom, plot.y))
        drawing.text("Roofline", at: Point(x: plot.x, y: box.y - 12), size: 12, bold: true)
        drawAxes(x, y, in: plot, on: &drawing)
        let roof = drawRoof(x, y, in: plot, on: &drawing)
        let lower = drawLowerRoofs(x, y, in: plot, on: &drawing)

        let longest = marks.map(\.milliseconds).max() ?? 0
        func radius(_ mark: Mark) -> Double {
            longest > 0 ? 3.5 + 5.5 * (mark.milliseconds / longest).squareRoot() : 3.5
        }
        func place(_ mark: Mark) -> Point { Point(x: x(mark.intensity), y: y(mark.rate)) }
        for dot in dots {
            drawing.circle(place(dot), radius: 2, fill: styles[dot.operation].paint, opacity: 0.6)
        }
        // Small ones last, over large ones.
        let order = marks.sorted { $0.milliseconds > $1.milliseconds }
        var labels = LabelPlacement(frame: plot.grown(by: -3))
        labels.lines = roof + lower.map(\.line)
        labels.dots = dots.map(place)
        for mark in order {
            let (center, radius) = (place(mark), radius(mark))
            labels.marks.append(Box(x: center.x - radius, y: center.y - radius, width: 2 * radius, height: 2 * radius))
            drawing.mark(styles[mark.operation], at: center, radius: radius)
        }
        if let peak { label("peak \(NumberText.plain(peak)) GFLOP/s", above: roof.last, &labels, &drawing) }
        for (peak, line) in lower {
            label("\(peak.name) \(NumberText.plain(peak.rate)) GFLOP/s", above: line, &labels, &drawing)
        }
        if let bandwidth, roof.count > 1 || peak == nil {
            label("\(NumberText.plain(bandwidth)) GB/s", above: roof.first, &labels, &drawing)
        }
        if let ridge {
            let foot = Point(x: x(ridge), y: plot.bottom)
            labels.lines.append(Segment(start: Point(x: foot.x, y: plot.y), end: foot))
            let text = "ridge \(NumberText.plain(ridge)) FLOP/byte"
            label(text, around: Point(x: foot.x, y: foot.y - 14), &labels, &drawing)
        }
        let names = PointNames(
            points: order.map { .init(operation: $0.operation, center: place($0), radius: radius($0), rate: $0.rate) },
            size: Self.labelSize, around: labels)
        for name in names.placed { draw(name, on: &drawing) }
    }

    /// Names a point beside it; a crowd gets one list of names with their colours.
    private func draw(_ names: PointNames.Placed, on drawing: inout Drawing) {
        if let leader = names.place.leader {
            drawing.line(from: leader.start, to: leader.end, stroke: .ink, width: 0.7)
        }
        let crowd = names.crowd
        if crowd.isList { drawing.rectangle(names.place.box, fill: .background, stroke: .frame, radius: 3) }
        let x = names.place.box.x + crowd.padding
        for (line, operation) in crowd.operations.enumerated() {
            let y = names.place.box.y + crowd.padding + (Double(line) + 0.5) * crowd.lineHeight
            if crowd.isList {
                let side = PointNames.Crowd.swatch
                drawing.swatch(styles[operation], in: Box(x: x, y: y - side / 2, width: side, height: side))
            }
            drawing.text(
                PointNames.fitted(operation, size: Self.labelSize), at: Point(x: x + crowd.indent, y: y),
                size: Self.labelSize)
        }
    }

    private func drawAxes(_ x: LogScale, _ y: LogScale, in plot: Box, on drawing: inout Drawing) {
        for tick in x.fineTicks {
            drawing.line(
                from: Point(x: x(tick), y: plot.bottom), to: Point(x: x(tick), y: plot.bottom - 3), stroke: .frame)
        }
        for tick in y.fineTicks {
            drawing.line(from: Point(x: plot.x, y: y(tick)), to: Point(x: plot.x + 3, y: y(tick)), stroke: .frame)
        }
        for tick in x.ticks { drawing.gridLine(x: x(tick), Self.tickText(tick), in: plot) }
        for tick in y.ticks { drawing.gridLine(y: y(tick), Self.tickText(tick), gap: 5, in: plot) }
        drawing.rectangle(plot, fill: nil, stroke: .frame)
        drawing.text(
            "arithmetic intensity (FLOP/byte)", at: Point(x: plot.middle.x, y: plot.bottom + 30), anchor: .middle)
        drawing.text(
            "performance (GFLOP/s)", at: Point(x: plot.x - Self.axisWidth + 6, y: plot.middle.y), anchor: .middle,
            turned: true)
        for (line, note) in notes.enumerated() {
            drawing.text(
                note, at: Point(x: plot.x - Self.axisWidth, y: plot.bottom + 52 + 15 * Double(line)), size: 10,
                paint: .muted)
        }
    }

    /// The slope that memory allows and the flat that arithmetic does, as far as either is known.
    private func drawRoof(_ x: LogScale, _ y: LogScale, in plot: Box, on drawing: inout Drawing) -> [Segment] {
        let (low, high) = (x.domain.lowerBound, x.domain.upperBound)
        let floor = y.domain.lowerBound
        var segments: [Segment] = []
        var flatFrom = low
        if let bandwidth {
            // In the picture from where the slope leaves its floor, or its left side.
            let start = max(low, floor / bandwidth)
            let end = min(high, (peak ?? y.domain.upperBound) / bandwidth)
            if start < end {
                segments.append(
                    Segment(
                        start: Point(x: x(start), y: y(start * bandwidth)),
                        end: Point(x: x(end), y: y(end * bandwidth))))
            }
            flatFrom = max(low, end)
        }
        if let peak, flatFrom < high {
            segments.append(Segment(start: Point(x: x(flatFrom), y: y(peak)), end: Point(x: plot.right, y: y(peak))))
            if let bandwidth, peak / bandwidth > low {
                drawing.line(
                    from: Point(x: x(flatFrom), y: y(peak)), to: Point(x: x(flatFrom), y: plot.bottom),
                    stroke: .frame, dash: "3 3")
            }
        }
        for segment in segments {
            drawing.line(from: segment.start, to: segment.end, stroke: .ink, width: 1.6)
        }
        return segments
    }

    /// The flats of other kinds of numbers, each from where the slope of the memory meets it.
    private func drawLowerRoofs(
        _ x: LogScale, _ y: LogScale, in plot: Box, on drawing: inout Drawing
    ) -> [(peak: ProfileChart.Peak, line: Segment)] {
        let (low, high) = (x.domain.lowerBound, x.domain.upperBound)
        return lowerPeaks.compactMap { peak in
            let start = max(low, bandwidth.map { peak.rate / $0 } ?? low)
            guard start < high, peak.rate > y.domain.lowerBound else { return nil }
            let line = Segment(
                start: Point(x: x(start), y: y(peak.rate)), end: Point(x: plot.right, y: y(peak.rate)))
            drawing.line(from: line.start, to: line.end, stroke: .ink, width: 0.8)
            return (peak, line)
        }
    }

    /// Writes what a line is, over its right half where it is flat, and beside its middle where it slopes.
    private func label(_ text: String, above line: Segment?, _ labels: inout LabelPlacement, _ drawing: inout Drawing) {
        guard let line else { return }
        let share = line.start.y == line.end.y ? 0.75 : 0.5
        let (dx, dy) = (line.end.x - line.start.x, line.end.y - line.start.y)
        label(text, around: Point(x: line.start.x + share * dx, y: line.start.y + share * dy), &labels, &drawing)
    }

    /// Writes it where there is room.
    private func label(_ text: String, around mark: Point, _ labels: inout LabelPlacement, _ drawing: inout Drawing) {
        let width = TextMetrics.width(of: text, size: Self.labelSize)
        let place = labels.place(width: width, height: Self.labelSize * 1.1, around: mark, radius: 0)
        guard let place else { return }
        drawing.text(text, at: Point(x: place.box.x, y: place.box.middle.y), size: Self.labelSize, paint: .muted)
    }

    private static func tickText(_ tick: Double) -> String {
        tick >= 1e4 || tick < 1e-3 ? NumberText.counted(tick) : SVGText.number(tick, decimals: 6)
    }
}

extension RooflinePanel.Mark {
    /// Nil without FLOP, bytes or time: it has no place in a roofline.
    fileprivate init?(_ operation: String, _ parts: [ProfileChart.Part]) {
        let flop = parts.reduce(0) { $0 + $1.floatingPointOperations }
        let bytes = parts.reduce(0) { $0 + $1.bytesMoved }
        let time = parts.reduce(0) { $0 + $1.milliseconds }
        let (intensity, rate) = (flop / bytes, flop / time / 1e6)
        guard intensity.isFinite, rate.isFinite, intensity > 0, rate > 0 else { return nil }
        self.init(operation: operation, intensity: intensity, rate: rate, milliseconds: time)
    }
}
