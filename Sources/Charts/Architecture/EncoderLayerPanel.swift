/// One encoder layer opened up: two residual parts, attention and feed-forward, each behind its norm.
struct EncoderLayerPanel {
    static let width = 420.0
    static let height = 646.0
    private static let boxHeight = 32.0
    private static let boxWidth = 210.0
    private static let textSize = 11.0
    /// From the top of one row to that of the next.
    private static let step = 62.0

    let layer: ArchitectureChart.EncoderLayer

    func draw(in panel: Box, on drawing: inout Drawing) {
        drawing.rectangle(panel, fill: nil, stroke: .frame, radius: 6, dash: "4 3")
        drawing.text("Encoder layer", at: Point(x: panel.x + 14, y: panel.y + 18), size: 12, bold: true)
        let states = NumberText.shape(layer.frames, layer.channels)
        let middle = panel.x + 180
        var y = panel.y + 34

        // Into the layer; the first residual leaves here.
        drawing.line(from: Point(x: middle, y: y), to: Point(x: middle, y: y + 18), stroke: .ink, width: 1.2)
        drawing.text(states, at: Point(x: middle + 9, y: y + 7), size: 10.5)
        let first = y + 18
        y = drawRow("norm", "LayerNorm over channels", .purple, middle, from: first, on: &drawing)
        y = drawProjections(middle, from: y, on: &drawing)
        y = drawRow("attention", attentionDetail, .orange, middle, from: y, on: &drawing)
        drawing.text(states, at: Point(x: middle + 9, y: y + 12), size: 10.5)
        y = drawRow("out", linear(layer.channels, layer.channels), .vermillion, middle, from: y, on: &drawing)
        y = drawSum(middle, from: y, residualFrom: first, side: panel.right - 24, on: &drawing)

        drawing.line(from: Point(x: middle, y: y), to: Point(x: middle, y: y + 18), stroke: .ink, width: 1.2)
        drawing.text(states, at: Point(x: middle + 9, y: y + 7), size: 10.5)
        let second = y + 18
        y = drawRow("norm", "LayerNorm over channels", .purple, middle, from: second, on: &drawing)
        y = drawRow("ffn1", linear(layer.channels, layer.feedForwardChannels), .green, middle, from: y, on: &drawing)
        let inner = NumberText.shape(layer.frames, layer.feedForwardChannels)
        drawing.text(inner, at: Point(x: middle + 9, y: y + 12), size: 10.5)
        y = drawRow("GELU", "x · Φ(x), by the error function", .yellow, middle, from: y, on: &drawing)
        y = drawRow("ffn2", linear(layer.feedForwardChannels, layer.channels), .green, middle, from: y, on: &drawing)
        y = drawSum(middle, from: y, residualFrom: second, side: panel.right - 24, on: &drawing)
        drawing.arrow(from: Point(x: middle, y: y), to: Point(x: middle, y: y + 24))
        drawing.text(states, at: Point(x: middle + 9, y: y + 11), size: 10.5)
    }

    private var attentionDetail: String {
        let heads = max(1, layer.attentionHeads)
        let size = layer.channels / heads
        return "\(heads) heads × \(size): softmax(q·kᵀ / √\(size)) · v"
    }

    private func linear(_ inputs: Int, _ outputs: Int) -> String {
        "Linear \(NumberText.grouped(inputs)) → \(NumberText.grouped(outputs))"
    }

    /// An arrow down to a box, and where the box ends.
    private func drawRow(
        _ name: String, _ detail: String, _ paint: Paint, _ middle: Double, from y: Double, on drawing: inout Drawing
    ) -> Double {
        let arrow = Self.step - Self.boxHeight - 6
        drawing.arrow(from: Point(x: middle, y: y), to: Point(x: middle, y: y + arrow))
        let width = max(Self.boxWidth, TextMetrics.width(of: detail, size: 10) + 28)
        let box = Box(x: middle - width / 2, y: y + arrow, width: width, height: Self.boxHeight)
        drawBox(name, detail, paint, box, on: &drawing)
        return box.bottom
    }

    /// Three boxes side by side, from one arrow into one.
    private func drawProjections(_ middle: Double, from y: Double, on drawing: inout Drawing) -> Double {
        let (width, gap) = (100.0, 8.0)
        let fork = y + 10
        let top = fork + 16
        let join = top + Self.boxHeight + 12
        drawing.line(from: Point(x: middle, y: y), to: Point(x: middle, y: fork), stroke: .ink, width: 1.2)
        let side = width + gap
        for level in [fork, join] {
            drawing.line(
                from: Point(x: middle - side, y: level), to: Point(x: middle + side, y: level), stroke: .ink,
                width: 1.2)
        }
        for (index, name) in ["q", "k", "v"].enumerated() {
            let x = middle + Double(index - 1) * side
            let box = Box(x: x - width / 2, y: top, width: width, height: Self.boxHeight)
            drawing.arrow(from: Point(x: x, y: fork), to: Point(x: x, y: top))
            let sizes = "\(NumberText.grouped(layer.channels)) → \(NumberText.grouped(layer.channels))"
            drawBox(name, TextMetrics.fitted(sizes, into: width - 16, size: 10), .sky, box, on: &drawing)
            drawing.line(from: Point(x: x, y: box.bottom), to: Point(x: x, y: join), stroke: .ink, width: 1.2)
        }
        return join
    }

    /// An arrow down to a plus, the residual coming in from the right, and where the plus ends.
    private func drawSum(
        _ middle: Double, from y: Double, residualFrom start: Double, side: Double, on drawing: inout Drawing
    ) -> Double {
        let radius = 8.0
        let center = Point(x: middle, y: y + 18 + radius)
        drawing.arrow(from: Point(x: middle, y: y), to: Point(x: middle, y: center.y - radius))
        let bend = 18.0
        drawing.path(
            [
                .move(Point(x: middle, y: start)), .line(Point(x: side - bend, y: start)),
                .curve(
                    Point(x: side, y: start), Point(x: side, y: start), Point(x: side, y: start + bend)),
                .line(Point(x: side, y: center.y - bend)),
                .curve(
                    Point(x: side, y: center.y), Point(x: side, y: center.y), Point(x: side - bend, y: center.y)),
                .line(Point(x: middle + radius + 5, y: center.y)),
            ], stroke: .ink, width: 1.2)
        drawing.arrow(from: Point(x: middle + radius + 6, y: center.y), to: Point(x: middle + radius, y: center.y))
        drawing.circle(Point(x: middle, y: start), radius: 2.4, fill: .ink)
        drawing.circle(center, radius: radius, fill: .background, stroke: .ink, width: 1.2)
        for (dx, dy) in [(4.0, 0.0), (0, 4)] {
            drawing.line(
                from: Point(x: center.x - dx, y: center.y - dy), to: Point(x: center.x + dx, y: center.y + dy),
                stroke: .ink, width: 1.2)
        }
        return center.y + radius
    }

    private func drawBox(_ name: String, _ detail: String, _ paint: Paint, _ box: Box, on drawing: inout Drawing) {
        drawing.rectangle(box, fill: .panel, stroke: .frame, radius: 4)
        drawing.rectangle(Box(x: box.x, y: box.y, width: 5, height: box.height), fill: paint, radius: 2)
        drawing.text(name, at: Point(x: box.middle.x, y: box.y + 10), anchor: .middle, size: Self.textSize, bold: true)
        drawing.text(detail, at: Point(x: box.middle.x, y: box.bottom - 9), anchor: .middle, size: 10, paint: .muted)
    }
}
