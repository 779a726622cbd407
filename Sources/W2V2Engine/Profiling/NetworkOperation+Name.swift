extension NetworkOperation {
    /// What it is called within its layer, or its stage.
    var name: String {
        switch self {
        case .inputNormalization: "input normalisation"
        case .convolution: "convolution"
        case .convolutionNorm: "norm + GELU"
        case .projectionNorm: "norm"
        case .projection: "linear"
        case .positionalConvolution: "positional convolution + GELU"
        case .attentionNorm: "attention norm"
        case .query: "q"
        case .key: "k"
        case .value: "v"
        case .packing: "pack k, v"
        case .scores: "scores"
        case .softmax: "softmax"
        case .context: "context"
        case .attentionOutput: "out"
        case .feedForwardNorm: "ffn norm"
        case .feedForwardIntermediate: "ffn1 + GELU"
        case .feedForwardOutput: "ffn2"
        case .finalNorm: "final norm"
        case .pooling: "mean over time"
        case .head: "head"
        }
    }

    /// The stage of the network that it belongs to.
    var stage: String {
        switch self {
        case .convolution, .convolutionNorm: "feature extractor"
        case .projectionNorm, .projection: "feature projection"
        case .attentionNorm, .query, .key, .value, .packing, .scores, .softmax, .context, .attentionOutput,
            .feedForwardNorm, .feedForwardIntermediate, .feedForwardOutput:
            "encoder"
        case .head: "heads"
        case .inputNormalization, .positionalConvolution, .finalNorm, .pooling: name
        }
    }

    /// Whether each layer of its stage has one, or each head.
    var isLayered: Bool {
        switch self {
        case .inputNormalization, .projectionNorm, .projection, .positionalConvolution, .finalNorm, .pooling: false
        default: true
        }
    }
}
