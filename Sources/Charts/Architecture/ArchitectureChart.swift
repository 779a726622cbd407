/// The stages of a network from top to bottom, with the shape of what flows from one to the next, and parameters and
/// arithmetic beside each; one of the encoder's layers, all alike, is opened up to the right.
package struct ArchitectureChart: Sendable {
    /// A stage of the network.
    package struct Stage: Sendable, Hashable {
        /// Its family, which gives it its colour.
        package enum Kind: Sendable, Hashable {
            case features, projection, position, encoder, pooling, head
        }

        package let name: String
        /// Its sizes, such as `kernel 3, stride 2`.
        package let detail: String
        package let kind: Kind
        /// Of its output; nil if time has been averaged out.
        package let frames: Int?
        package let channels: Int
        /// Of all its layers.
        package let parameters: Int
        /// FLOP of all its layers; 0 if none are counted.
        package let floatingPointOperations: Double

        package init(
            name: String, detail: String, kind: Kind, frames: Int?, channels: Int, parameters: Int,
            floatingPointOperations: Double
        ) {
            self.name = name
            self.detail = detail
            self.kind = kind
            self.frames = frames
            self.channels = channels
            self.parameters = parameters
            self.floatingPointOperations = floatingPointOperations
        }

        var shape: String { NumberText.shape(frames, channels) }
    }

    /// The sizes of an encoder layer: pre-norm, with attention and a feed-forward part.
    package struct EncoderLayer: Sendable, Hashable {
        package let frames: Int
        /// Width of the states.
        package let channels: Int
        package let attentionHeads: Int
        /// Width of the feed-forward part's inner layer.
        package let feedForwardChannels: Int

        package init(frames: Int, channels: Int, attentionHeads: Int, feedForwardChannels: Int) {
            self.frames = frames
            self.channels = channels
            self.attentionHeads = attentionHeads
            self.feedForwardChannels = feedForwardChannels
        }
    }

    package let title: String
    /// Of the signal.
    package let samples: Int
    package let sampleRate: Double
    /// In forward order up to the pooled state; those of the kind `encoder` have the opened layer beside them.
    package let stages: [Stage]
    /// What reads the pooled state, each by itself.
    package let heads: [Stage]
    package let encoderLayer: EncoderLayer?

    package init(
        title: String, samples: Int, sampleRate: Double = 16000, stages: [Stage], heads: [Stage],
        encoderLayer: EncoderLayer?
    ) {
        self.title = title
        self.samples = samples
        self.sampleRate = sampleRate
        self.stages = stages
        self.heads = heads
        self.encoderLayer = encoderLayer
    }

    /// The picture as the text of an SVG file.
    package var svg: String { drawing.svg }

    private static let margin = 24.0
    private static let top = 92.0
    private static let boxWidth = 300.0
    private static let boxHeight = 34.0
    /// An arrow with its shape.
    private static let arrow = 30.0
    private static let numberWidth = 78.0
    private static let panelGap = 56.0

    var drawing: Drawing {
        let left = Self.margin + 18
        let numbers = left + Self.boxWidth + 16
        let panelLeft = numbers + 2 * Self.numberWidth + Self.panelGap
        let right = encoderLayer == nil ? panelLeft - Self.panelGap : panelLeft + EncoderLayerPanel.width
        let width = right + Self.margin
        // The signal, the stages, the heads; an arrow after each.
        let count = Double(stages.count + heads.count + 1)
        let flowHeight = count * (Self.boxHeight + Self.arrow)
        let height = Self.top + max(flowHeight, encoderLayer == nil ? 0 : EncoderLayerPanel.height) + 20

        var drawing = Drawing(width: width, height: height, title: title, description: summary)
        drawHeader(numbers: numbers, width: width, on: &drawing)
        var y = Self.top
        let signal = Box(x: left, y: y, width: Self.boxWidth, height: Self.boxHeight)
        let seconds = sampleRate.sound > 0 ? Double(samples) / sampleRate : 0
        draw(
            name: "signal",
            detail: "mono, \(NumberText.plain(seconds)) s at \(NumberText.plain(sampleRate / 1000)) kHz",
            paint: .frame, in: signal, on: &drawing)
        drawArrow(below: signal, shape: "[\(NumberText.grouped(samples))]", on: &drawing)
        var encoder: Box?
        var source = signal
        for stage in stages {
            y += Self.boxHeight + Self.arrow
            source = Box(x: left, y: y, width: Self.boxWidth, height: Self.boxHeight)
            if stage.kind == .encoder {
                encoder = source
                for shift in [6.0, 3.0] {
                    var behind = source
                    (behind.x, behind.y) = (source.x + shift, source.y + shift)
                    drawing.rectangle(behind, fill: .panel, stroke: .frame, radius: 4)
                }
            }
            draw(stage, in: source, numbers: numbers, on: &drawing)
            drawArrow(below: source, shape: stage.shape, on: &drawing)
        }
        for (index, head) in heads.enumerated() {
            y += Self.boxHeight + Self.arrow
            let box = Box(x: left, y: y, width: Self.boxWidth, height: Self.boxHeight)
            if index > 0 { drawBranch(from: source, to: box, on: &drawing) }
            draw(head, in: box, numbers: numbers, on: &drawing)
            drawArrow(below: box, shape: head.shape, length: Self.arrow - 8, on: &drawing)
        }
        if let encoderLayer {
            // As near to the encoder's height as the picture has room.
            let lowest = height - 20 - EncoderLayerPanel.height
            let wanted = (encoder?.middle.y ?? 0) - EncoderLayerPanel.height / 2
            let panel = Box(
                x: panelLeft, y: max(Self.top, min(wanted, lowest)), width: EncoderLayerPanel.width,
                height: EncoderLayerPanel.height)
            if let encoder { drawOpening(from: encoder, past: panelLeft - Self.panelGap, to: panel, on: &drawing) }
            EncoderLayerPanel(layer: encoderLayer).draw(in: panel, on: &drawing)
        }
        return drawing
    }

    private func drawHeader(numbers: Double, width: Double, on drawing: inout Drawing) {
        let all = stages + heads
        let operations = all.reduce(0) { $0 + $1.floatingPointOperations.sound }
        let parameters = all.reduce(0.0) { $0 + Double($1.parameters) }
        let totals =
            "\(NumberText.counted(parameters)) parameters · \(NumberText.short(operations / 1e9)) GFLOP · "
            + "shapes are [frames, channels]"
        drawing.heading(totals, margin: Self.margin)
        for (name, column) in [("parameters", 1.0), ("GFLOP", 2)] {
            drawing.text(
                name, at: Point(x: numbers + column * Self.numberWidth, y: Self.top - 14), anchor: .end, size: 10.5,
                paint: .muted)
        }
    }

    private func draw(_ stage: Stage, in box: Box, numbers: Double, on drawing: inout Drawing) {
        draw(name: stage.name, detail: stage.detail, paint: stage.kind.paint, in: box, on: &drawing)
        let operations = stage.floatingPointOperations.sound / 1e9
        let texts = [
            stage.parameters > 0 ? NumberText.counted(Double(stage.parameters)) : "–",
            operations > 0 ? NumberText.short(operations) : "–",
        ]
        for (column, text) in texts.enumerated() {
            drawing.text(
                text, at: Point(x: numbers + Double(column + 1) * Self.numberWidth, y: box.middle.y), anchor: .end,
                size: 11)
        }
    }

    /// A box with a name over its sizes, its family's colour along its left side.
    private func draw(name: String, detail: String, paint: Paint, in box: Box, on drawing: inout Drawing) {
        let room = box.width - 22
        drawing.rectangle(box, fill: .panel, stroke: .frame, radius: 4)
        drawing.rectangle(Box(x: box.x, y: box.y, width: 6, height: box.height), fill: paint, radius: 2)
        let x = box.x + 15
        drawing.text(
            TextMetrics.fitted(name, into: room, size: 12, bold: true),
            at: Point(x: x, y: detail.isEmpty ? box.middle.y : box.y + 11), size: 12, bold: true)
        drawing.text(
            TextMetrics.fitted(detail, into: room, size: 10), at: Point(x: x, y: box.bottom - 9), size: 10,
            paint: .muted)
    }

    private func drawArrow(below box: Box, shape: String, length: Double = Self.arrow, on drawing: inout Drawing) {
        let start = Point(x: box.middle.x, y: box.bottom)
        drawing.arrow(from: start, to: Point(x: start.x, y: start.y + length))
        drawing.text(shape, at: Point(x: start.x + 9, y: start.y + length / 2), size: 10.5)
    }

    /// From the pooled state along the left side into a head that is not the first.
    private func drawBranch(from source: Box, to head: Box, on drawing: inout Drawing) {
        let side = source.x - 12
        let start = Point(x: source.middle.x, y: source.bottom + 5)
        drawing.path(
            [
                .move(start), .line(Point(x: side, y: start.y)), .line(Point(x: side, y: head.middle.y)),
                .line(Point(x: head.x - 5, y: head.middle.y)),
            ], stroke: .ink, width: 1.2)
        drawing.arrow(from: Point(x: head.x - 6, y: head.middle.y), to: Point(x: head.x, y: head.middle.y))
    }

    /// Dashed lines from the encoder, past its numbers, to the corners of its opened layer.
    private func drawOpening(from encoder: Box, past numbers: Double, to panel: Box, on drawing: inout Drawing) {
        let gap = Self.boxHeight / 2 + 2
        for (from, corner) in [(encoder.middle.y - gap, panel.y), (encoder.middle.y + gap, panel.bottom)] {
            drawing.path(
                [
                    .move(Point(x: encoder.right + 8, y: from)), .line(Point(x: numbers + 8, y: from)),
                    .line(Point(x: panel.x, y: corner)),
                ], stroke: .frame, dash: "4 3")
        }
    }

    private var summary: String {
        let names = (stages + heads).map { "\($0.name) \($0.shape)" }
        return "The network from top to bottom, with what each stage yields: signal [\(NumberText.grouped(samples))], "
            + names.joined(separator: ", ") + "."
    }
}

extension ArchitectureChart.Stage.Kind {
    fileprivate var paint: Paint {
        switch self {
        case .features: .blue
        case .projection: .sky
        case .position: .purple
        case .encoder: .green
        case .pooling: .gray
        case .head: .vermillion
        }
    }
}
