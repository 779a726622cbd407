/// Named series of values over time, such as arousal, dominance and valence, one value a window, under the waveform.
///
/// Neighbouring windows are joined by a line through their middles; each window's extent is drawn as a bar where windows
/// don't overlap. A value that is not finite leaves a gap.
package struct TimelineChart: Sendable {
    /// A stretch of the signal and the value it has.
    package struct Window: Sendable, Hashable {
        /// In seconds.
        package let start: Double
        package let end: Double
        /// About 0…1; the axis grows where one lies outside.
        package let value: Double

        package init(start: Double, end: Double, value: Double) {
            self.start = start
            self.end = end
            self.value = value
        }
    }

    package struct Series: Sendable, Hashable {
        package let name: String
        /// In order of time.
        package let windows: [Window]

        package init(name: String, windows: [Window]) {
            self.name = name
            self.windows = windows
        }
    }

    package let title: String
    package let waveform: Waveform
    package let series: [Series]

    package init(title: String, waveform: Waveform, series: [Series]) {
        self.title = title
        self.waveform = waveform
        self.series = series.map { series in
            let sound = series.windows.filter { $0.start.isFinite && $0.end.isFinite && $0.start <= $0.end }
            return Series(name: series.name, windows: sound)
        }
    }

    /// The chart as the text of an SVG file.
    package var svg: String { drawing.svg }

    private static let paints: [Paint] = [.vermillion, .blue, .green, .purple, .orange, .sky, .ink]
    private static let dashes: [String?] = [nil, "7 3", "2 2.5", "9 3 2 3"]
    private static let margin = 24.0
    private static let axisWidth = 50.0
    private static let plotWidth = 720.0
    private static let waveHeight = 90.0
    private static let plotHeight = 280.0
    private static let nameSize = 11.0
    private static let ticks = 6
    /// With more, points would hide the line.
    private static let mostPoints = 80

    var drawing: Drawing {
        let names = series.map { TextMetrics.fitted($0.name, into: 150, size: Self.nameSize) }
        let nameWidth = names.map { TextMetrics.width(of: $0, size: Self.nameSize) }.max() ?? 0
        let left = Self.margin + Self.axisWidth
        let wave = Box(x: left, y: 54, width: Self.plotWidth, height: Self.waveHeight)
        // Names stand to the right, one under another.
        let plotHeight = max(Self.plotHeight, Double(series.count) * 15)
        let plot = Box(x: left, y: wave.bottom + 18, width: Self.plotWidth, height: plotHeight)
        let width = plot.right + 34 + nameWidth + Self.margin
        var drawing = Drawing(width: width, height: plot.bottom + 48, title: title, description: summary)
        drawing.heading(margin: Self.margin)

        let time = LinearScale(domain: 0...seconds, range: (plot.x, plot.right))
        let value = LinearScale(domain: values, range: (plot.bottom, plot.y))
        drawAxes(wave, plot, time: time, value: value, on: &drawing)
        waveform.draw(in: wave, time: time, on: &drawing)
        drawing.rectangle(wave, fill: nil, stroke: .frame)
        for (index, series) in series.enumerated() {
            draw(series, index: index, time: time, value: value, on: &drawing)
        }
        drawing.rectangle(plot, fill: nil, stroke: .frame)
        drawNames(names, beside: plot, value: value, on: &drawing)
        return drawing
    }

    private var seconds: Double {
        let last = series.flatMap(\.windows).map(\.end).max() ?? 0
        let seconds = max(waveform.duration, last)
        return seconds > 0 ? seconds : 1
    }

    /// 0…1, grown to round bounds where values lie outside.
    private var values: ClosedRange<Double> {
        let finite = series.flatMap(\.windows).map(\.value).filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        let limit = 1e6
        let lower = low < 0 ? max((low * 5).rounded(.down) / 5, -limit) : 0
        let upper = high > 1 ? min((high * 5).rounded(.up) / 5, limit) : 1
        return min(lower, 0)...max(upper, 1)
    }

    private func drawAxes(_ wave: Box, _ plot: Box, time: LinearScale, value: LinearScale, on drawing: inout Drawing) {
        for tick in time.ticks(10) {
            let x = time(tick)
            drawing.line(from: Point(x: x, y: wave.y), to: Point(x: x, y: wave.bottom), stroke: .grid)
            drawing.gridLine(x: x, time.label(tick, count: 10), in: plot)
        }
        drawing.text("time (s)", at: Point(x: plot.middle.x, y: plot.bottom + 30), anchor: .middle)
        for tick in value.ticks(Self.ticks) {
            drawing.gridLine(y: value(tick), value.label(tick, count: Self.ticks), gap: 6, in: plot)
        }
        let axis = Self.margin + 6
        drawing.text("score (0…1)", at: Point(x: axis, y: plot.middle.y), anchor: .middle, turned: true)
        drawing.text("amplitude", at: Point(x: axis, y: wave.middle.y), anchor: .middle, turned: true)
        let peak = NumberText.short(Double(waveform.peak))
        let extremes = waveform.peak > 0 ? [(peak, wave.y + 5), ("−" + peak, wave.bottom - 5)] : []
        for (text, y) in extremes + [("0", wave.middle.y)] {
            drawing.text(text, at: Point(x: wave.x - 6, y: y), anchor: .end, size: 10, paint: .muted)
        }
    }

    private func draw(_ series: Series, index: Int, time: LinearScale, value: LinearScale, on drawing: inout Drawing) {
        let paint = Self.paints[index % Self.paints.count]
        var steps: [PathStep] = []
        var bars: [PathStep] = []
        var points: [Point] = []
        var isJoined = false
        for window in series.windows {
            guard window.value.isFinite else {
                isJoined = false
                continue
            }
            let y = value(min(max(window.value, value.domain.lowerBound), value.domain.upperBound))
            let middle = Point(x: time((window.start + window.end) / 2), y: y)
            guard middle.x >= time.range.0, middle.x <= time.range.1 else { continue }
            steps.append(isJoined ? .line(middle) : .move(middle))
            isJoined = true
            points.append(middle)
            bars += [
                .move(Point(x: max(time(window.start), time.range.0), y: y)),
                .line(Point(x: min(time(window.end), time.range.1), y: y)),
            ]
        }
        let overlap = zip(series.windows, series.windows.dropFirst()).contains { $0.end > $1.start + 1e-6 }
        if !overlap { drawing.path(bars, stroke: paint, width: 4, opacity: 0.45) }
        drawing.path(steps, stroke: paint, width: 1.8, dash: Self.dashes[index % Self.dashes.count])
        if points.count <= Self.mostPoints {
            for point in points { drawing.circle(point, radius: 2.8, fill: paint) }
        }
    }

    /// Writes each series' name at the height of its last value, apart from the others.
    private func drawNames(_ names: [String], beside plot: Box, value: LinearScale, on drawing: inout Drawing) {
        let lineHeight = 15.0
        let order = series.indices.sorted { lastHeight($0, value) < lastHeight($1, value) }
        var heights = order.map { lastHeight($0, value) }
        for index in heights.indices {
            let least = index == 0 ? plot.y + lineHeight / 2 : heights[index - 1] + lineHeight
            heights[index] = max(heights[index], least)
        }
        var most = plot.bottom - lineHeight / 2
        for index in heights.indices.reversed() {
            heights[index] = min(heights[index], most)
            most = heights[index] - lineHeight
        }
        for (series, y) in zip(order, heights) {
            let paint = Self.paints[series % Self.paints.count]
            drawing.line(
                from: Point(x: plot.right + 8, y: y), to: Point(x: plot.right + 28, y: y), stroke: paint, width: 2.2,
                dash: Self.dashes[series % Self.dashes.count])
            drawing.text(names[series], at: Point(x: plot.right + 34, y: y), size: Self.nameSize)
        }
    }

    private func lastHeight(_ index: Int, _ value: LinearScale) -> Double {
        let last = series[index].windows.last { $0.value.isFinite }?.value ?? value.domain.lowerBound
        return value(min(max(last, value.domain.lowerBound), value.domain.upperBound))
    }

    private var summary: String {
        let parts = series.map { series in
            let values = series.windows.map(\.value).filter(\.isFinite)
            guard let low = values.min(), let high = values.max() else { return "\(series.name): no values" }
            return "\(series.name): \(values.count) windows, \(NumberText.short(low)) to \(NumberText.short(high))"
        }
        return "Values over \(NumberText.short(seconds)) s under the signal's waveform. "
            + parts.joined(separator: "; ") + "."
    }
}
