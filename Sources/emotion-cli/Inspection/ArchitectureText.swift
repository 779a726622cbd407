import AudioInput
import Foundation
import W2V2Engine

/// An architecture as text.
struct ArchitectureText {
    let architecture: Architecture
    let labels: [String: [String]]

    /// The network in forward order, its sizes, and what a second of audio costs: a title and a text for each line.
    func rows() -> [(title: String, text: String)] {
        var rows: [(String, String)] = []
        rows.append(
            (
                "input normalisation",
                architecture.inputNormalizationEpsilon.map { "to zero mean and unit variance, epsilon \(Float($0))" }
                    ?? "none"
            ))
        for (index, layer) in architecture.featureExtractor.enumerated() {
            rows.append(
                (
                    index == 0 ? "feature extractor" : "",
                    "\(layer.inputChannels) → \(layer.outputChannels), kernel \(layer.kernel), stride \(layer.stride),"
                        + " LayerNorm, GELU"
                ))
        }
        rows.append(
            ("feature projection", "LayerNorm, \(architecture.featureChannels) → \(architecture.hiddenSize)"))
        let positional = architecture.positionalConvolution
        rows.append(
            ("positional convolution", "kernel \(positional.kernel), \(positional.groups) groups, GELU"))
        rows.append(
            (
                "encoder",
                "\(architecture.encoderLayers) layers of \(architecture.attentionHeads) heads ×"
                    + " \(architecture.headSize), feed-forward \(architecture.feedForwardSize), norm first, epsilon"
                    + " \(Float(architecture.layerNormEpsilon))"
            ))
        rows.append(("pooling", "mean over time → \(architecture.pooledOutput) [\(architecture.hiddenSize)]"))
        for head in architecture.heads {
            let labels = labels[head.output] ?? []
            rows.append(
                (
                    "head",
                    "\(architecture.hiddenSize) → \(head.denseSize), tanh, → \(head.output) [\(head.size)]:"
                        + " \(labels.joined(separator: ", "))"
                ))
        }
        let parameters = FileDescription.grouped(architecture.parameterCount)
        rows.append(("parameters", "\(parameters), \(Self.megabytes(architecture.parameterCount)) MB in float32"))
        rows.append(
            ("frames", "one every \(architecture.hop) samples, from \(architecture.minimumSamples) samples on"))
        let operations = Double(architecture.floatingPointOperations(samples: Signal.sampleRate)) / 1e9
        rows.append(("arithmetic", String(format: "%.3g GFLOP for a second of audio", operations)))
        return rows
    }

    /// The share of each part of the network.
    func partLines() -> [String] {
        let parts = architecture.parts(samples: Signal.sampleRate)
        var table = TextColumns([.left, .right, .right, .right, .right, .right])
        table.add(["part", "parameters", "MB", "%", "GFLOP a second of audio", "%"])
        let (weights, work) = (
            architecture.parameterCount, architecture.floatingPointOperations(samples: Signal.sampleRate)
        )
        for part in parts {
            table.add([
                part.name, FileDescription.grouped(part.parameters), Self.megabytes(part.parameters),
                Self.percent(part.parameters, of: weights),
                TextColumns.number(Double(part.floatingPointOperations) / 1e9, "%.3g"),
                Self.percent(part.floatingPointOperations, of: work),
            ])
        }
        table.add([
            "all", FileDescription.grouped(weights), Self.megabytes(weights), "100.0",
            TextColumns.number(Double(work) / 1e9, "%.3g"), "100.0",
        ])
        return table.lines
    }

    /// Titles in a column of their own.
    static func lines(_ rows: [(title: String, text: String)]) -> [String] {
        rows.map { $0.title.padding(toLength: 24, withPad: " ", startingAt: 0) + $0.text }
    }

    private static func megabytes(_ floats: Int) -> String {
        TextColumns.number(Double(floats * MemoryLayout<Float>.size) / 1e6, "%.2f")
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        TextColumns.number(100 * Double(part) / Double(max(whole, 1)), "%.1f")
    }
}
