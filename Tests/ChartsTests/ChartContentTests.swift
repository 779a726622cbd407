import Testing

@testable import Charts

/// What the charts say of their data.
@Suite struct ChartContentTests {
    @Test func `neighbours of one layer share a bar`() {
        let names = [("a", "x"), ("b", "x"), ("a", "y"), ("a", "x")]
        let parts = names.map { operation, layer in
            ProfileChart.Part(
                operation: operation, layer: layer, milliseconds: 2, floatingPointOperations: 1, bytesMoved: 1)
        }
        let times = LayerTimes(parts)
        #expect(times.bars.map(\.layer) == ["x", "y", "x"])
        #expect(times.bars.map(\.milliseconds) == [4, 2, 2])
        #expect(times.total == 8)
    }

    @Test func `bars say their time and share`() {
        let parts = [SampleCharts.part("a", 3, 1, 1), SampleCharts.part("b", 1, 1, 1)]
        let texts = SampleCharts.profile(parts).drawing.labels.map(\.text)
        #expect(texts.contains("3.00 ms · 75.0 %") && texts.contains("1.00 ms · 25.0 %"))
    }

    @Test func `every kind has a look of its own, as long as there are enough`() {
        let kinds = SampleCharts.profile().parts.map(\.operation)
        let styles = OperationStyles(kinds)
        #expect(Set(styles.operations.map { styles[$0] }).count == Set(kinds).count)
        let many = OperationStyles((0..<23).map { "kind \($0)" })
        #expect(Set(many.operations.map { many[$0] }).count == 23)
    }

    @Test func `every kind with FLOP is named in the roofline, and the others under it`() {
        let labels = SampleCharts.profile().drawing.labels
        for kind in ["convolution", "positional conv + GELU", "q", "k", "v", "scores", "ffn1 + GELU", "ffn2", "head"] {
            // In the legend, as a bar or not, and in the roofline.
            let right = labels.filter { $0.text == kind && $0.box.x > LayerTimePanel.width }
            #expect(right.count == 1, "\(kind)")
        }
        #expect(labels.contains { $0.text.contains("norm + GELU, softmax") })
    }

    @Test func `the peaks of slower numbers are lines of their own, and the share is what the caller says`() {
        let parts = [SampleCharts.part("ffn1", 3, 1e9, 1e6), SampleCharts.part("scores", 1, 1e8, 1e6)]
        let chart = ProfileChart(
            title: "title", peak: 1000,
            lowerPeaks: [.init(name: "float32", rate: 250), .init(name: "none", rate: .nan)],
            shareOfPeak: 0.75, bandwidth: 40, threads: 1, parts: parts)
        let texts = chart.drawing.labels.map(\.text)
        #expect(texts.contains("peak 1000 GFLOP/s") && texts.contains("float32 250 GFLOP/s"))
        #expect(!texts.contains { $0.hasPrefix("none") })
        #expect(texts.contains { $0.hasSuffix("75.0 % of the peak") })
    }

    @Test func `a waveform keeps its extremes`() {
        var samples = [Float](repeating: 0.1, count: 100_003)
        samples[50_001] = -0.9
        samples[7] = .nan
        let waveform = Waveform(samples: samples)
        #expect(waveform.peak == 0.9)
        #expect(waveform.envelope.count == Waveform.maximumPieces)
        #expect(waveform.envelope.filter { $0.lowerBound == -0.9 }.count == 1)
        #expect(waveform.duration == Double(samples.count) / 16000)
    }

    @Test func `a value that is no number leaves a gap`() {
        func moves(_ values: [Double]) -> Int {
            let windows = values.enumerated().map {
                TimelineChart.Window(start: Double($0), end: Double($0) + 1.5, value: $1)
            }
            let chart = TimelineChart(
                title: "", waveform: Waveform(samples: []), series: [.init(name: "a", windows: windows)])
            let line = chart.svg.split(separator: "\n").first { $0.contains("stroke-width=\"1.8\"") }
            return line.map { $0.filter { $0 == "M" }.count } ?? 0
        }
        #expect(moves([0.1, 0.2, 0.3]) == 1)
        #expect(moves([0.1, .nan, 0.3]) == 2)
    }
}
