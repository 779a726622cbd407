import AudioInput
import Charts
import Foundation
import W2V2Engine

/// An architecture as text.
struct ArchitectureText {
    let architecture: Architecture
    let labels: [String: [String]]

    /// The network in forward order, its sizes, and what a second of audio costs: a title and a text for each line.
    func rows() -> [(title: String, text: String)] {
        var rows: [(String, String)] = []
        func add(_ title: String, _ text: String) { rows.append((title, text)) }
        let epsilon = architecture.inputNormalizationEpsilon
        add("input normalisation", epsilon.map { "to zero mean and unit variance, epsilon \(Float($0))" } ?? "none")
        for (index, layer) in architecture.featureExtractor.enumerated() {
            add(
                index == 0 ? "feature extractor" : "",
                "\(layer.inputChannels) → \(layer.outputChannels), kernel \(layer.kernel), stride \(layer.stride),"
                    + " LayerNorm, GELU")
        }
        add("feature projection", "LayerNorm, \(architecture.featureChannels) → \(architecture.hiddenSize)")
        let positional = architecture.positionalConvolution
        add("positional convolution", "kernel \(positional.kernel), \(positional.groups) groups, GELU")
        add(
            "encoder",
            "\(architecture.encoderLayers) layers of \(architecture.attentionHeads) heads ×"
                + " \(architecture.headSize), feed-forward \(architecture.feedForwardSize), norm first, epsilon"
                + " \(Float(architecture.layerNormEpsilon))")
        if architecture.pooling.mixesLayers {
            let place = architecture.pooling == .layerMixWithFinalNorm ? "after" : "before"
            add(
                "layer mix",
                "weighted sum of \(architecture.mixedStages.count) states, the last of them \(place) the final norm")
        }
        let pooled = architecture.pooledOutput
        let pooledState = architecture.pooling == .lastLayer ? " of the last layer's output, before the final norm" : ""
        add("pooling", "mean over time\(pooledState) → \(pooled) [\(architecture.hiddenSize)]")
        for head in architecture.heads {
            let activation = head.kind == .tanh ? " tanh," : ""
            add(
                "head",
                "\(architecture.hiddenSize) → \(head.denseSize),\(activation) → \(head.output) [\(head.size)]:"
                    + " \((labels[head.output] ?? []).joined(separator: ", "))")
        }
        let parameters = NumberText.grouped(architecture.parameterCount)
        add("parameters", "\(parameters), \(Self.megabytes(architecture.parameterCount)) MB in float32")
        let length = architecture.fixedSamples.map { "of signals of exactly \($0) samples" }
        add(
            "frames",
            "one every \(architecture.hop) samples, "
                + (length ?? "from \(architecture.minimumSamples) samples on"))
        let operations = Double(architecture.floatingPointOperations(samples: Signal.sampleRate)) / 1e9
        add("arithmetic", "\(String(format: "%.3g", operations)) GFLOP for a second of audio")
        return rows
    }

    /// The share of each part of the network.
    func partLines() -> [String] {
        let parts = architecture.parts(samples: Signal.sampleRate)
        var table = TextColumns([.left, .right, .right, .right, .right, .right])
        table.add(["part", "parameters", "MB", "%", "GFLOP a second of audio", "%"])
        let weights = architecture.parameterCount
        let work = architecture.floatingPointOperations(samples: Signal.sampleRate)
        func add(_ name: String, _ parameters: Int, _ operations: Int) {
            table.add([
                name, NumberText.grouped(parameters), Self.megabytes(parameters), Self.percent(parameters, of: weights),
                String(format: "%.3g", Double(operations) / 1e9), Self.percent(operations, of: work),
            ])
        }
        for part in parts { add(part.name, part.parameters, part.floatingPointOperations) }
        add("all", weights, work)
        return table.lines
    }

    /// Titles in a column of their own.
    static func lines(_ rows: [(title: String, text: String)]) -> [String] {
        rows.map { $0.title.padding(toLength: 24, withPad: " ", startingAt: 0) + $0.text }
    }

    private static func megabytes(_ floats: Int) -> String {
        String(format: "%.2f", Double(floats * MemoryLayout<Float>.size) / 1e6)
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        String(format: "%.1f", 100 * Double(part) / Double(max(whole, 1)))
    }
}
