import Testing

@testable import Charts

/// The sizes of the published model, and charts of it, for one second and for odd data.
enum SampleCharts {
    static let convolutions = [(10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2)]

    /// A chart that was drawn, and what it is of.
    struct Named: Sendable, CustomTestStringConvertible {
        let name: String
        let drawing: @Sendable () -> Drawing
        var testDescription: String { name }
    }

    static let all: [Named] =
        [
            Named(name: "profile") { profile().drawing },
            Named(name: "profile, 24 layers, no peak") { profile(layers: 24, peak: nil).drawing },
            Named(name: "profile, long names") {
                profile(prefix: "a very long name that can't be written in full ").drawing
            },
            Named(name: "profile, nothing") { profile([]).drawing },
            Named(name: "profile, one part") { profile([part("softmax", 1.5, 1e6, 1e6)]).drawing },
            Named(name: "profile, zero time") { profile([part("a", 0, 1e6, 1e6), part("b", 0, 0, 0)]).drawing },
            Named(name: "profile, not numbers") {
                profile([part("a", .nan, .infinity, -1), part("b", 1e300, 1e-300, .nan), part("c", 1e-9, 1e300, 1)])
                    .drawing
            },
            Named(name: "profile, many kinds") { profile((0..<60).map { part("kind \($0)", 1, 1e9, 1e8) }).drawing },
            Named(name: "profile, roofs that are no numbers") {
                ProfileChart(title: "", peak: .nan, bandwidth: -1, threads: 0, parts: []).drawing
            },
        ]
        + [1, 2, 3, 5, 16, 20].map { heads in
            Named(name: "attention, \(heads) heads") { attention(heads: heads, frames: 49).drawing }
        } + [
            Named(name: "attention, no heads") { attention(heads: 0, frames: 0).drawing },
            Named(name: "attention, no frames") { attention(heads: 2, frames: 0).drawing },
            Named(name: "attention, one frame") { attention(heads: 2, frames: 1).drawing },
            Named(name: "attention, more than cells") { attention(heads: 2, frames: 301).drawing },
            Named(name: "attention, not numbers") {
                AttentionChart(
                    title: "", waveform: Waveform(samples: [.nan, .infinity]),
                    heads: [AttentionMap(frames: 2, weights: [.nan, .infinity, -1, 2])], secondsPerFrame: .nan
                ).drawing
            },
            Named(name: "timeline") { timeline(windows: 15, hop: 2).drawing },
            Named(name: "timeline, overlapping") { timeline(windows: 200, hop: 0.5).drawing },
            Named(name: "timeline, one window") { timeline(windows: 1, hop: 2).drawing },
            Named(name: "timeline, nothing") {
                TimelineChart(title: "", waveform: Waveform(samples: []), series: []).drawing
            },
            Named(name: "timeline, not numbers") {
                TimelineChart(
                    title: "x", waveform: Waveform(samples: [0]),
                    series: [
                        .init(
                            name: "y",
                            windows: [
                                .init(start: .nan, end: 1, value: 1), .init(start: 0, end: 1, value: .infinity),
                                .init(start: -5, end: -1, value: 1e300), .init(start: 2, end: 3, value: -1e300),
                            ])
                    ]
                ).drawing
            },
            Named(name: "timeline, many series") {
                let window = TimelineChart.Window(start: 0, end: 1, value: 0.5)
                let series = (0..<30).map { TimelineChart.Series(name: "series \($0)", windows: [window]) }
                return TimelineChart(title: "x", waveform: Waveform(samples: [0]), series: series).drawing
            },
            Named(name: "architecture") { architecture().drawing },
            Named(name: "architecture, three heads") { architecture(heads: 3).drawing },
            Named(name: "architecture, nothing") {
                ArchitectureChart(title: "", samples: 0, stages: [], heads: [], encoderLayer: nil).drawing
            },
            Named(name: "architecture, odd sizes") {
                ArchitectureChart(
                    title: "x", samples: -1, sampleRate: .nan, stages: [], heads: [],
                    encoderLayer: .init(frames: 0, channels: 0, attentionHeads: 0, feedForwardChannels: .max)
                ).drawing
            },
        ]

    static func part(_ operation: String, _ time: Double, _ flop: Double, _ bytes: Double) -> ProfileChart.Part {
        ProfileChart.Part(
            operation: operation, layer: "layer of \(operation)", milliseconds: time, floatingPointOperations: flop,
            bytesMoved: bytes)
    }

    static func profile(_ parts: [ProfileChart.Part]) -> ProfileChart {
        ProfileChart(title: "title", peak: 520, bandwidth: 42, threads: 2, parts: parts)
    }

    /// Five seconds on the published model's sizes, at rates that differ from operation to operation.
    static func profile(layers: Int = 12, peak: Double? = 520, prefix: String = "") -> ProfileChart {
        var parts: [ProfileChart.Part] = []
        func add(_ operation: String, _ layer: String, rate: Double, flop: Int, floats: Int) {
            let time = max(Double(flop) / rate, Double(4 * floats) / 40) / 1e6
            parts.append(
                ProfileChart.Part(
                    operation: prefix + operation, layer: prefix + layer, milliseconds: time,
                    floatingPointOperations: Double(flop), bytesMoved: Double(4 * floats)))
        }
        var (frames, channels) = (80000, 1)
        for (index, (kernel, stride)) in convolutions.enumerated() {
            let input = frames * channels
            frames = (frames - kernel) / stride + 1
            let weights = channels * kernel * 512
            let layer = "conv layer \(index)"
            add("convolution", layer, rate: 440, flop: 2 * frames * weights, floats: input + weights + frames * 512)
            add("norm + GELU", layer, rate: 1, flop: 0, floats: 2 * frames * 512)
            channels = 512
        }
        let (state, square, scores) = (frames * 1024, 1024 * 1024, 16 * frames * frames)
        add("linear", "feature projection", rate: 400, flop: frames * square, floats: state + square / 2)
        add(
            "positional conv + GELU", "positional conv + GELU", rate: 330, flop: 16 * frames * square,
            floats: 3 * state + 8 * square)
        for index in 0..<layers {
            let layer = "encoder layer \(index)"
            for (name, rate) in [("q", 445.0), ("k", 430), ("v", 446), ("out", 435)] {
                add(name, layer, rate: rate, flop: 2 * frames * square, floats: 2 * state + square)
            }
            add("scores", layer, rate: 210, flop: 2 * frames * state, floats: 2 * state + scores)
            add("softmax", layer, rate: 1, flop: 0, floats: 2 * scores)
            add("context", layer, rate: 260, flop: 2 * frames * state, floats: 2 * state + scores)
            for (name, rate) in [("ffn1 + GELU", 425.0), ("ffn2", 452)] {
                add(name, layer, rate: rate, flop: 8 * frames * square, floats: 5 * state + 4 * square)
            }
        }
        add("head", "head", rate: 10, flop: 2 * square, floats: square)
        return ProfileChart(
            title: "title", peak: peak, bandwidth: 42, threads: 2, parts: parts)
    }

    static func signal(seconds: Int) -> Waveform {
        Waveform(samples: (0..<seconds * 16000).map { sample -> Float in Float(sample % 97) / 97 - 0.5 })
    }

    static func attention(heads: Int, frames: Int) -> AttentionChart {
        AttentionChart(
            title: "title", waveform: signal(seconds: 1),
            heads: (0..<heads).map { head in
                let weights = (0..<frames * frames).map { cell -> Float in
                    let step = (cell + head) % (frames + 1)
                    return Float(step) / Float(frames + 1)
                }
                return AttentionMap(frames: frames, weights: weights[...])
            })
    }

    static func timeline(windows: Int, hop: Double) -> TimelineChart {
        let series = ["arousal", "dominance", "valence"].enumerated().map { index, name in
            TimelineChart.Series(
                name: name,
                windows: (0..<windows).map {
                    let start = Double($0) * hop
                    let value = $0 == 3 ? Double.nan : Double(($0 * 7 + index) % 10) / 9
                    return TimelineChart.Window(start: start, end: start + 2, value: value)
                })
        }
        return TimelineChart(title: "title", waveform: signal(seconds: 30), series: series)
    }

    static func architecture(heads: Int = 1) -> ArchitectureChart {
        typealias Stage = ArchitectureChart.Stage
        func stage(_ name: String, _ kind: Stage.Kind, _ frames: Int?, _ channels: Int) -> Stage {
            Stage(
                name: name, detail: "detail of \(name)", kind: kind, frames: frames, channels: channels,
                parameters: 1_234_567, floatingPointOperations: 9.87e9)
        }
        var stages = (0..<7).map { stage("conv layer \($0)", .features, 15999 >> $0, 512) }
        stages.append(stage("feature projection", .projection, 249, 1024))
        stages.append(stage("positional convolution", .position, 249, 1024))
        stages.append(stage("12 × encoder layer", .encoder, 249, 1024))
        stages.append(stage("mean over time", .pooling, nil, 1024))
        return ArchitectureChart(
            title: "title", samples: 80000, stages: stages,
            heads: (0..<heads).map { stage("head \($0)", .head, nil, 3) },
            encoderLayer: .init(frames: 249, channels: 1024, attentionHeads: 16, feedForwardChannels: 4096))
    }
}
