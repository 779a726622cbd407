import ONNXLoader

/// What recognition makes of a graph: its architecture, its parameters by their place in it, and an account of every
/// node.
public struct RecognizedModel: Sendable {
    public var architecture: Architecture
    /// The parameters, still where they are in the file or as constant folding left them.
    public var parameters: ModelParameters
    /// The graph value that carries each stage's state, so that a literal run of the graph can be compared.
    public var stageValues: [Stage: StageValue]
    /// For each node of the graph, in its order, what it is in the architecture.
    public var roles: [NodeRole]
    /// The operations of the layers, each one node of the graph or several that were fused, in the order of their last
    /// nodes.
    public var operations: [RecognizedOperation]
}

/// One operation of a layer.
public struct RecognizedOperation: Sendable, Hashable, Codable {
    /// The path of the module it belongs to, such as `encoder.layers.3.layer_norm`.
    public var module: String
    /// Such as `LayerNorm`.
    public var operation: String
    /// Which of the graph's nodes compute it, ascending.
    public var nodes: [Int]
}

/// A graph value that carries a stage's state.
public struct StageValue: Sendable, Hashable {
    /// The order of a `[1, _, _]` value's last two axes.
    public enum Layout: Sendable, Hashable {
        /// `[1, frames, channels]`, or `[1, n]` where there is no time axis.
        case timeMajor
        /// `[1, channels, frames]`.
        case channelMajor
    }

    public var name: String
    public var layout: Layout
}

/// What a node of the graph is in the architecture.
public struct NodeRole: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Computed when the model was loaded, since all its inputs are constant.
        case folded
        /// Computes shapes, or a mask that masks nothing; the engine needs neither.
        case plumbing
        /// Part of a layer.
        case layer
    }

    /// The node, as messages name it.
    public var node: String
    public var kind: Kind
    /// For a layer, the path of the module it belongs to and the operation there, such as
    /// `encoder.layers.3.attention.query` and `Linear`; for others, a few words.
    public var module: String
    public var operation: String
}

/// The parameters of LayerNorm: both `[size]`.
public struct NormParameters: Sendable {
    package var weight: Tensor
    package var bias: Tensor
}

/// The parameters of a fully connected layer.
public struct LinearParameters: Sendable {
    /// The order of the weight's axes.
    public enum Layout: Sendable, Hashable {
        /// `[input, output]`, as MatMul takes it.
        case inputMajor
        /// `[output, input]`, as torch keeps it and Gemm takes it with `transB`.
        case outputMajor
    }

    package var weight: Tensor
    public var layout: Layout
    /// `[output]`
    package var bias: Tensor

    public var inputSize: Int { layout == .inputMajor ? weight.shape[0] : weight.shape[1] }
    public var outputSize: Int { layout == .inputMajor ? weight.shape[1] : weight.shape[0] }
}

/// The parameters of a convolution: weight `[output channels, input channels of a group, kernel]`, bias
/// `[output channels]`.
public struct ConvolutionParameters: Sendable {
    package var weight: Tensor
    package var bias: Tensor
}

/// Every parameter of the network, in forward order.
public struct ModelParameters: Sendable {
    public struct FeatureExtractorLayer: Sendable {
        public var convolution: ConvolutionParameters
        public var norm: NormParameters
    }

    public struct EncoderLayer: Sendable {
        public var attentionNorm: NormParameters
        public var query: LinearParameters
        public var key: LinearParameters
        public var value: LinearParameters
        public var attentionOutput: LinearParameters
        public var feedForwardNorm: NormParameters
        public var intermediate: LinearParameters
        public var feedForwardOutput: LinearParameters
    }

    public struct Head: Sendable {
        public var dense: LinearParameters
        public var projection: LinearParameters
    }

    public var featureExtractor: [FeatureExtractorLayer]
    public var projectionNorm: NormParameters
    public var projection: LinearParameters
    /// The weight has its weight norm folded in.
    public var positionalConvolution: ConvolutionParameters
    public var encoder: [EncoderLayer]
    public var finalNorm: NormParameters
    public var heads: [Head]
}
