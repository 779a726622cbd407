/// The attention of one encoder layer: a heat map a head, its axes in seconds, under the waveform.
///
/// Across runs the time of the keys, which attention takes from, and down that of the queries, which it gives to. All
/// heads share one ``WeightScale``.
package struct AttentionChart: Sendable {
    package let title: String
    package let waveform: Waveform
    /// One a head.
    package let heads: [AttentionMap]
    /// From one frame to the next; 0.02 s in the published model (320 samples at 16 kHz).
    package let secondsPerFrame: Double

    package init(title: String, waveform: Waveform, heads: [AttentionMap], secondsPerFrame: Double = 0.02) {
        self.title = title
        self.waveform = waveform
        self.heads = heads
        self.secondsPerFrame = secondsPerFrame
    }

    /// The chart as the text of an SVG file.
    package var svg: String { drawing.svg }

    private static let ticks = 4
    private static let margin = 24.0
    private static let waveHeight = 44.0
    /// Between two maps.
    private static let gap = 16.0
    /// A map's name, over it.
    private static let nameHeight = 18.0
    /// The vertical axis's numbers and name.
    private static let axisWidth = 52.0
    private static let scaleWidth = 84.0

    var drawing: Drawing {
        let columns = Self.columns(heads: heads.count)
        let rows = max(1, (heads.count + columns - 1) / columns)
        let side = columns <= 2 ? 300.0 : columns <= 4 ? 190.0 : 140.0
        let top = 74.0
        let left = Self.margin + Self.axisWidth
        let mapsTop = top + Self.waveHeight + 8
        let mapsHeight = Double(rows) * (side + Self.nameHeight) + Double(rows - 1) * Self.gap / 2
        let mapsWidth = Double(columns) * side + Double(columns - 1) * Self.gap
        let width = max(420, left + mapsWidth + Self.scaleWidth + Self.margin)
        let height = mapsTop + mapsHeight + 46

        let scale = WeightScale(heads)
        var drawing = Drawing(width: width, height: height, title: title, description: summary(scale))
        let facts = "\(heads.count) \(heads.count == 1 ? "head" : "heads") · \(frames) frames"
        let subtitle =
            cellFrames > 1 ? facts + " · each cell the mean of up to \(cellFrames) × \(cellFrames) weights" : facts
        drawing.heading(subtitle, margin: Self.margin)

        for column in 0..<columns {
            let x = left + Double(column) * (side + Self.gap)
            waveform.draw(
                in: Box(x: x, y: top, width: side, height: Self.waveHeight), time: time(from: x, to: x + side),
                on: &drawing)
        }
        drawing.text(
            "signal", at: Point(x: left - 8, y: top + Self.waveHeight / 2), anchor: .end, size: 10, paint: .muted)
        for (head, map) in heads.enumerated() {
            let (row, column) = (head / columns, head % columns)
            let box = Box(
                x: left + Double(column) * (side + Self.gap),
                y: mapsTop + Double(row) * (side + Self.nameHeight + Self.gap / 2) + Self.nameHeight, width: side,
                height: side)
            drawing.text("head \(head + 1)", at: Point(x: box.x, y: box.y - 8), size: 10.5)
            draw(map, in: box, by: scale, on: &drawing)
            drawAxes(of: box, isLeft: column == 0, isLowest: head + columns >= heads.count, on: &drawing)
        }
        drawScale(
            scale,
            in: Box(
                x: left + mapsWidth + 24, y: mapsTop + Self.nameHeight, width: 14,
                height: min(mapsHeight - Self.nameHeight, 260)), on: &drawing)
        return drawing
    }

    private var frames: Int { heads.map(\.frames).max() ?? 0 }

    /// Frames a side of a cell, rounded up.
    private var cellFrames: Int {
        (frames + AttentionMap.maximumSide - 1) / AttentionMap.maximumSide
    }

    private var seconds: Double {
        let seconds = Double(frames) * secondsPerFrame.sound
        return seconds > 0 ? seconds : max(waveform.duration, 1)
    }

    private func time(from start: Double, to end: Double) -> LinearScale {
        LinearScale(domain: 0...seconds, range: (start, end))
    }

    private static func columns(heads: Int) -> Int {
        if heads <= 4 { return max(1, heads) }
        return heads <= 16 ? 4 : min(8, Int(Double(heads).squareRoot().rounded(.up)))
    }

    private func draw(_ map: AttentionMap, in box: Box, by scale: WeightScale, on drawing: inout Drawing) {
        if let picture = map.picture(scale) {
            // Heads of fewer frames than others cover as much less.
            let share = Double(map.frames) / Double(max(1, frames))
            drawing.image(
                png: picture.png,
                in: Box(x: box.x, y: box.y, width: box.width * share, height: box.height * share))
        }
        drawing.rectangle(box, fill: nil, stroke: .frame, strokeWidth: 0.8)
    }

    private func drawAxes(of box: Box, isLeft: Bool, isLowest: Bool, on drawing: inout Drawing) {
        let (across, down) = (time(from: box.x, to: box.right), time(from: box.y, to: box.bottom))
        for tick in across.ticks(Self.ticks) {
            let (x, y) = (across(tick), down(tick))
            drawing.line(from: Point(x: x, y: box.bottom), to: Point(x: x, y: box.bottom + 3), stroke: .frame)
            drawing.line(from: Point(x: box.x - 3, y: y), to: Point(x: box.x, y: y), stroke: .frame)
            let text = across.label(tick, count: Self.ticks)
            // What would reach into the next map's numbers stays away.
            let room = TextMetrics.width(of: text, size: 9.5) / 2
            if isLowest, x + room <= box.right + Self.gap / 2 - 2 {
                drawing.text(text, at: Point(x: x, y: box.bottom + 11), anchor: .middle, size: 9.5, paint: .muted)
            }
            if isLeft { drawing.text(text, at: Point(x: box.x - 6, y: y), anchor: .end, size: 9.5, paint: .muted) }
        }
        if isLowest {
            drawing.text("key (s)", at: Point(x: box.middle.x, y: box.bottom + 26), anchor: .middle, size: 10.5)
        }
        if isLeft {
            drawing.text(
                "query (s)", at: Point(x: box.x - Self.axisWidth + 8, y: box.middle.y), anchor: .middle, size: 10.5,
                turned: true)
        }
    }

    private func drawScale(_ scale: WeightScale, in box: Box, on drawing: inout Drawing) {
        // From the top step down.
        let strip = IndexedPicture(
            width: 1, height: ColorMap.levels, palette: ColorMap.palette,
            pixels: (0..<ColorMap.levels).map { UInt8(ColorMap.levels - 1 - $0) })
        drawing.image(png: strip.png, in: box)
        drawing.rectangle(box, fill: nil, stroke: .frame, strokeWidth: 0.8)
        let left = box.right + 6
        func height(_ weight: Double) -> Double { box.bottom - scale.share(of: weight) * box.height }
        drawing.text("0", at: Point(x: left, y: box.bottom), size: 9.5, paint: .muted)
        if scale.top > 0 {
            let top = (scale.isExceeded ? "≥ " : "") + NumberText.short(scale.top)
            drawing.text(top, at: Point(x: left, y: box.y), size: 9.5, paint: .muted)
            let steps = LinearScale(domain: 0...scale.top, range: (0, 1))
            var last = box.bottom
            for tick in steps.ticks(Self.ticks + 1) where height(tick) > box.y + 12 && height(tick) < last - 12 {
                last = height(tick)
                drawing.line(from: Point(x: box.right, y: last), to: Point(x: box.right + 3, y: last), stroke: .frame)
                drawing.text(
                    steps.label(tick, count: Self.ticks + 1), at: Point(x: left, y: last), size: 9.5, paint: .muted)
            }
        }
        drawing.text("weight", at: Point(x: box.x, y: box.bottom + 18), size: 10.5)
        drawing.text("(√ scale)", at: Point(x: box.x, y: box.bottom + 32), size: 9.5, paint: .muted)
    }

    private func summary(_ scale: WeightScale) -> String {
        "Heat maps of attention weights, one a head, over the time of keys (across) and queries (down), "
            + "\(NumberText.short(seconds)) s, under the signal's waveform. Weights from 0, dark, to "
            + "\(NumberText.short(scale.top)), bright."
    }
}
