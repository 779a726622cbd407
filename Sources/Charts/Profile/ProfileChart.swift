/// What a run of a network took, in one figure: to the left the time of each layer, divided into its operations; to the
/// right a roofline, which shows whether each kind of operation is bound by arithmetic or by memory.
///
/// Numbers that are negative or not finite count as 0.
package struct ProfileChart: Sendable {
    /// One operation of one layer.
    package struct Part: Sendable, Hashable {
        /// The kind of operation, the same in every layer, such as `softmax`. It has one colour and one point.
        package let operation: String
        /// The layer it belongs to, such as `encoder layer 3`. Neighbours of the same layer share a bar.
        package let layer: String
        package let milliseconds: Double
        /// FLOP: multiplications and additions.
        package let floatingPointOperations: Double
        /// What it reads and writes, in bytes.
        package let bytesMoved: Double

        package init(
            operation: String, layer: String, milliseconds: Double, floatingPointOperations: Double, bytesMoved: Double
        ) {
            self.operation = operation
            self.layer = layer
            self.milliseconds = milliseconds.sound
            self.floatingPointOperations = floatingPointOperations.sound
            self.bytesMoved = bytesMoved.sound
        }
    }

    /// What the computer can do of one kind of numbers.
    package struct Peak: Sendable, Hashable {
        /// The numbers, such as `float32`.
        package let name: String
        /// All threads together, in GFLOP/s.
        package let rate: Double

        package init(name: String, rate: Double) {
            self.name = name
            self.rate = rate.sound
        }
    }

    package let title: String
    /// What all threads of the computer it ran on can do together, in GFLOP/s; nil if it isn't known. Of several kinds of
    /// numbers, of those that it is fastest with.
    package let peak: Double?
    /// Of the other kinds.
    package let lowerPeaks: [Peak]
    /// The part of the peak, or of the several, that the run came to; nil if it is to be taken of the one.
    package let shareOfPeak: Double?
    /// From memory, all threads together, in GB/s; nil if it isn't known.
    package let bandwidth: Double?
    package let threads: Int
    /// In forward order.
    package let parts: [Part]

    package init(
        title: String, peak: Double?, lowerPeaks: [Peak] = [], shareOfPeak: Double? = nil, bandwidth: Double?,
        threads: Int, parts: [Part]
    ) {
        self.title = title
        self.peak = peak.flatMap { $0.sound > 0 ? $0 : nil }
        self.lowerPeaks = lowerPeaks.filter { $0.rate > 0 }
        self.shareOfPeak = shareOfPeak?.sound
        self.bandwidth = bandwidth.flatMap { $0.sound > 0 ? $0 : nil }
        self.threads = threads
        self.parts = parts
    }

    /// The figure as the text of an SVG file.
    package var svg: String { drawing.svg }

    var drawing: Drawing {
        let layers = LayerTimes(parts)
        let styles = OperationStyles(parts.map(\.operation))
        let times = LayerTimePanel(layers: layers, styles: styles)
        let roofline = RooflinePanel(
            parts: parts, peak: peak, lowerPeaks: lowerPeaks, bandwidth: bandwidth, styles: styles)

        let margin = 24.0
        let top = 92.0
        let plotHeight = max(360, times.height)
        let width = margin + LayerTimePanel.width + 56 + RooflinePanel.width + margin
        let legend = times.legend(width: LayerTimePanel.width)
        let notes = roofline.notes
        // Under the plots: the axis, then the legend to the left and the notes to the right.
        let rooflineHeight = min(plotHeight, RooflinePanel.maximumHeight)
        let below = max(legend.height, Double(notes.count) * 15 - (plotHeight - rooflineHeight))
        var drawing = Drawing(
            width: width, height: top + plotHeight + 52 + below + 14, title: title, description: summary(layers))
        drawing.heading(machineLine(layers), margin: margin)
        times.draw(
            in: Box(x: margin, y: top, width: LayerTimePanel.width, height: plotHeight), legend: legend, on: &drawing)
        roofline.draw(
            in: Box(
                x: margin + LayerTimePanel.width + 56, y: top, width: RooflinePanel.width, height: rooflineHeight),
            on: &drawing)
        return drawing
    }

    private func machineLine(_ layers: LayerTimes) -> String {
        let operations = parts.reduce(0) { $0 + $1.floatingPointOperations }
        var facts = ["\(threads) \(threads == 1 ? "thread" : "threads")"]
        facts.append("\(NumberText.short(layers.total)) ms")
        facts.append("\(NumberText.short(operations / 1e9)) GFLOP")
        if layers.total > 0 { facts.append("\(NumberText.short(operations / layers.total / 1e6)) GFLOP/s") }
        if let peak {
            let share = layers.total > 0 ? operations / layers.total / 1e6 / peak : 0
            facts.append("\(NumberText.short((shareOfPeak ?? share) * 100)) % of the peak")
        }
        return facts.joined(separator: " · ")
    }

    private func summary(_ layers: LayerTimes) -> String {
        let slowest = layers.bars.max { $0.milliseconds < $1.milliseconds }
        let most = slowest.map { ", most of it in \($0.layer): \(NumberText.short($0.milliseconds)) ms" } ?? ""
        return "Time per layer: \(layers.bars.count) layers, \(NumberText.short(layers.total)) ms in all\(most). "
            + "Beside it a roofline: GFLOP/s over FLOP per byte, one point a kind of operation."
    }
}

extension Double {
    /// 0 if it is negative or not finite.
    var sound: Double { isFinite && self > 0 ? self : 0 }
}

/// Parts gathered into one bar a layer, in forward order.
struct LayerTimes {
    struct Bar {
        let layer: String
        var parts: [ProfileChart.Part]
        var milliseconds: Double { parts.reduce(0) { $0 + $1.milliseconds } }
    }

    private(set) var bars: [Bar] = []
    let total: Double

    init(_ parts: [ProfileChart.Part]) {
        for part in parts {
            if bars.last?.layer == part.layer {
                bars[bars.count - 1].parts.append(part)
            } else {
                bars.append(Bar(layer: part.layer, parts: [part]))
            }
        }
        total = parts.reduce(0) { $0 + $1.milliseconds }
    }
}
