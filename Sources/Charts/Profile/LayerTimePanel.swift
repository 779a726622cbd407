/// One horizontal bar a layer, in forward order, divided into its operations.
struct LayerTimePanel {
    static let width = 560.0
    private static let rowHeight = 20.0
    private static let nameSize = 11.0
    /// Room for the longest name that is written in full.
    private static let widestName = 170.0
    /// Room for a bar's time and share, to its right.
    private static let valueWidth = 104.0
    private static let ticks = 5

    let layers: LayerTimes
    let styles: OperationStyles

    var height: Double { Self.rowHeight * Double(max(1, layers.bars.count)) }

    func draw(in box: Box, legend: Legend, on drawing: inout Drawing) {
        let names = layers.bars.map { TextMetrics.fitted($0.layer, into: Self.widestName, size: Self.nameSize) }
        let nameWidth = names.map { TextMetrics.width(of: $0, size: Self.nameSize) }.max() ?? 0
        let left = box.x + nameWidth + 8
        let longest = layers.bars.map(\.milliseconds).max() ?? 0
        let scale = LinearScale(domain: 0...(longest > 0 ? longest : 1), range: (left, box.right - Self.valueWidth))

        for tick in scale.ticks(Self.ticks) {
            drawing.gridLine(x: scale(tick), scale.label(tick, count: Self.ticks), in: box)
        }
        drawing.text("Time per layer", at: Point(x: left, y: box.y - 12), size: 12, bold: true)
        drawing.text(
            "time (ms)", at: Point(x: (left + box.right - Self.valueWidth) / 2, y: box.bottom + 30), anchor: .middle)

        let row = min(box.height / Double(max(1, layers.bars.count)), 2 * Self.rowHeight)
        for (index, bar) in layers.bars.enumerated() {
            let top = box.y + Double(index) * row
            let middle = top + row / 2
            drawing.text(names[index], at: Point(x: left - 7, y: middle), anchor: .end, size: Self.nameSize)
            var start = 0.0
            for part in bar.parts where part.milliseconds > 0 {
                let (from, to) = (scale(start), scale(start + part.milliseconds))
                start += part.milliseconds
                drawing.swatch(
                    styles[part.operation], in: Box(x: from, y: top + 2.5, width: to - from, height: row - 5))
            }
            let share = layers.total > 0 ? bar.milliseconds / layers.total * 100 : 0
            drawing.text(
                "\(NumberText.short(bar.milliseconds)) ms · \(NumberText.decimals(share, 1)) %",
                at: Point(x: scale(start) + 6, y: middle), size: 10, paint: .muted)
        }
        drawing.line(from: Point(x: left, y: box.y), to: Point(x: left, y: box.bottom), stroke: .frame)
        legend.draw(at: Point(x: box.x, y: box.bottom + 52), on: &drawing)
    }

    /// What the colours mean, in columns of equal width.
    func legend(width: Double) -> Legend { Legend(styles: styles, width: width) }

    struct Legend {
        private static let rowHeight = 17.0
        private static let size = 11.0
        private static let swatch = 12.0

        private let styles: OperationStyles
        private let names: [String]
        private let columns: Int
        private let columnWidth: Double

        init(styles: OperationStyles, width: Double) {
            self.styles = styles
            names = styles.operations.map { TextMetrics.fitted($0, into: 160, size: Self.size) }
            let widest = names.map { TextMetrics.width(of: $0, size: Self.size) }.max() ?? 0
            columns = max(1, Int(width / (widest + Self.swatch + 22)))
            columnWidth = width / Double(columns)
        }

        private var rows: Int { (names.count + columns - 1) / columns }
        var height: Double { Double(rows) * Self.rowHeight }

        /// Draws it from the middle of its first row on, in forward order down the columns.
        func draw(at place: Point, on drawing: inout Drawing) {
            for (index, name) in names.enumerated() {
                let x = place.x + Double(index / max(1, rows)) * columnWidth
                let y = place.y + Double(index % max(1, rows)) * Self.rowHeight
                drawing.swatch(
                    styles[styles.operations[index]],
                    in: Box(x: x, y: y - Self.swatch / 2, width: Self.swatch, height: Self.swatch))
                drawing.text(name, at: Point(x: x + Self.swatch + 6, y: y), size: Self.size)
            }
        }
    }
}
