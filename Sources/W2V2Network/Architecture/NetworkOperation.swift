/// One operation of the network on one signal, with its sizes and its cost.
public struct NetworkOperation: Sendable, Hashable {
    /// Which operation of its layer or stage it is.
    package let kind: Kind
    /// Which layer of the feature extractor or the encoder it belongs to, or which head, from 0; nil for the others.
    public let layer: Int?
    /// The path of its module, as in transformers, such as `encoder.layers.3.attention.q_proj`.
    public let module: String
    /// The matrix product that it computes, if any.
    public let product: Product?
    /// How many numbers of it were learnt.
    public let parameters: Int
    /// The numbers that it reads and writes, wherever they lie: its weights once, its input, its output, and a residual
    /// that it adds to.
    let numbersMoved: Int

    /// `count` products of `[rows, depth]` and `[depth, columns]`.
    public struct Product: Sendable, Hashable {
        /// Frames, or 1 for what follows the mean over time.
        public let rows: Int
        /// Numbers that are multiplied and added up for one result.
        public let depth: Int
        /// Results for each row.
        public let columns: Int
        /// Groups or heads, each with a product of its own.
        public let count: Int
    }

    init(
        _ kind: Kind, layer: Int? = nil, in module: String, _ product: Product? = nil, parameters: Int = 0,
        numbersMoved: Int
    ) {
        self.kind = kind
        self.layer = layer
        self.module = module
        self.product = product
        self.parameters = parameters
        self.numbersMoved = numbersMoved
    }

    /// What it is called within its layer or stage, such as `scores`.
    public var name: String { kind.name }

    /// The multiplications and additions of its matrix product: two for each number of a row and each column. Norms and
    /// activations, under 1 %, are not counted.
    public var floatingPointOperations: Int {
        product.map { 2 * $0.count * $0.rows * $0.depth * $0.columns } ?? 0
    }

    /// The bytes of float32 that it reads and writes: its weights once, its input, its output, and a residual it adds to.
    ///
    /// Attention's scores are counted as a whole, [heads, frames, frames], though only a block of them exists at a time
    /// and never leaves the second cache.
    public var bytes: Int { MemoryLayout<Float>.stride * numbersMoved }
}

extension NetworkOperation {
    /// What is timed by itself, in forward order.
    package enum Kind: Int, Comparable, CaseIterable, Sendable {
        case inputNormalization

        // A feature extractor layer's; its norm comes with GELU.
        case convolution, convolutionNorm

        case projectionNorm, projection
        /// With its GELU and the addition to its input.
        case positionalConvolution

        // An encoder layer's.
        case attentionNorm
        case query, key, value
        /// A head's keys and values, laid out as the products take them.
        case packing
        case scores, softmax, context
        /// With the addition to the residual.
        case attentionOutput
        case feedForwardNorm
        /// With its GELU.
        case feedForwardIntermediate
        /// With the addition to the residual.
        case feedForwardOutput

        case finalNorm
        /// Every state's addition to the weighted sum of all, between the encoder's layers.
        case mixing
        case pooling, head

        package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }

        /// What it is called within its layer, or its stage.
        package var name: String {
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
            case .mixing: "layer mix"
            case .pooling: "mean over time"
            case .head: "head"
            }
        }

        /// The stage of the network that it belongs to.
        package var stage: String {
            switch self {
            case .convolution, .convolutionNorm: "feature extractor"
            case .projectionNorm, .projection: "feature projection"
            case .attentionNorm, .query, .key, .value, .packing, .scores, .softmax, .context, .attentionOutput,
                .feedForwardNorm, .feedForwardIntermediate, .feedForwardOutput:
                "encoder"
            case .head: "heads"
            case .inputNormalization, .positionalConvolution, .finalNorm, .mixing, .pooling: name
            }
        }

        /// Whether each layer of its stage has one, or each head.
        package var isLayered: Bool {
            switch self {
            case .inputNormalization, .projectionNorm, .projection, .positionalConvolution, .finalNorm, .mixing,
                .pooling:
                false
            default: true
            }
        }
    }
}
