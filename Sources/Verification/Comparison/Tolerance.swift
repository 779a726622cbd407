import W2V2Engine

/// How large a difference may be.
///
/// The tolerances below are those of float32: a few times what its arithmetic comes to, here and in ONNX Runtime alike, with weights
/// like trained ones, which have outlier channels and peaked attention; with plain random weights it is a tenth of that.
/// One wrong weight, or another form of GELU, is far beyond them.
package struct Tolerance: Sendable, Hashable {
    /// What is judged.
    package enum Measure: String, Sendable, Hashable, Codable {
        /// The largest difference.
        case largest
        /// The mean difference.
        case mean
    }

    package let measure: Measure
    /// Of the largest magnitude expected.
    package let relative: Double
    /// Allowed whatever the magnitude.
    package let absolute: Double

    package init(_ measure: Measure = .largest, relative: Double = 0, absolute: Double = 0) {
        self.measure = measure
        self.relative = relative
        self.absolute = absolute
    }

    /// The most that is allowed if the largest magnitude expected is `scale`.
    package func limit(scale: Double) -> Double { max(absolute, relative * scale) }

    /// States before the encoder, where rounding errors come to 1e-6 of a state's size. The floor is for states that are
    /// zero, such as silence after its normalisation.
    static let features = Tolerance(relative: 1e-5, absolute: 1e-7)

    /// States of the encoder. Where attention is undecided between frames, it turns the rounding errors of its input
    /// into much larger ones of a single frame, so their mean is judged, which comes to 2e-6 of a state's size.
    static let encoder = Tolerance(.mean, relative: 1e-5, absolute: 1e-7)

    /// The pooled state. Rounding errors come to 1.2e-5 of its size.
    static let pooled = Tolerance(relative: 5e-5)

    /// The scores of a head, which are about 0 to 1 in size, even if one happens to be nearly 0. Rounding errors come
    /// to 5e-6.
    static let head = Tolerance(relative: 2e-5, absolute: 2e-5)

    /// Outputs that were published, of a recording with two decimals, else with all digits.
    static func published(_ precision: Precision, isPooled: Bool, isRecording: Bool) -> Tolerance {
        let exact = isRecording ? publishedRecording : published
        guard precision != .float32 else { return exact }
        let tolerances = StateTolerances(precision)
        // Those published of the pooled state are only a few of its numbers, not its largest.
        let own = isPooled ? tolerances.publishedState : tolerances.publishedScore
        return Tolerance(absolute: exact.absolute + own)
    }

    /// Outputs that were published with all digits of float32: they have the rounding errors of another program on
    /// another machine, and so do ours.
    static let published = Tolerance(absolute: 5e-5)

    /// Outputs for MP3 recordings that were published with two decimals: 0.005 for the rounding, and the rest for
    /// another MP3 decoder and resampler, which change the signal itself.
    static let publishedRecording = Tolerance(absolute: 0.03)
}

extension Stage {
    /// What the stage is called; layers count from 0, as in the checkpoints.
    func label(in architecture: Architecture) -> String {
        switch self {
        case .inputNormalization: "input normalization"
        case .featureExtractor(let layer): "feature extractor \(layer)"
        case .extractedFeatures: "extracted features"
        case .featureProjection: "feature projection"
        case .positionalEmbedding: "positional embedding"
        case .encoderLayer(let layer): "encoder layer \(layer)"
        case .finalNorm: "final norm"
        case .mixed: "layer mix"
        case .pooled: "mean over time"
        case .head(let index): "head \(architecture.heads[index].output)"
        }
    }

    /// How far its state may be from the exact one.
    func tolerance(_ precision: Precision) -> Tolerance {
        let tolerances = StateTolerances(precision)
        return switch self {
        case .pooled: tolerances.pooled
        case .head: tolerances.head
        case .encoderLayer, .finalNorm, .mixed: tolerances.encoder
        case .featureProjection, .positionalEmbedding: tolerances.projection
        case .inputNormalization, .featureExtractor(layer: 0): StateTolerances.float32.features
        case .featureExtractor, .extractedFeatures: tolerances.features
        }
    }

    /// The states of a network that are not outputs, by name (``Stage/name(in:)``), in forward order. The last of the
    /// `hidden_states` is the final norm's output in older versions of transformers and the last layer's in newer ones.
    static func byName(in architecture: Architecture) -> [(name: String, stages: [Stage])] {
        all(of: architecture).compactMap { stage in
            let name = stage.name(in: architecture)
            switch stage {
            case .pooled, .head: return nil
            case .encoderLayer(architecture.encoderLayers - 1): return (name, [stage, .finalNorm])
            default: return (name, [stage])
            }
        }
    }
}

extension Architecture {
    /// How far an output may be from the exact one.
    func tolerance(ofOutput output: String, _ precision: Precision) -> Tolerance {
        let tolerances = StateTolerances(precision)
        return output == pooledOutput ? tolerances.pooled : tolerances.head
    }
}
