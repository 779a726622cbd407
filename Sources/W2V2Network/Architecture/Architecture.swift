/// The sizes of a wav2vec 2.0 network with pre-norm encoder layers, mean pooling and small heads, as read from a graph.
/// HuBERT networks of the same form are the same.
///
/// Nothing here is assumed from the published model: its siblings have other depths and heads.
public struct Architecture: Sendable, Hashable, Codable {
    /// One layer of the feature extractor: convolution, LayerNorm over channels, GELU.
    public struct Convolution: Sendable, Hashable, Codable {
        /// Numbers of an input frame.
        public let inputChannels: Int
        /// Numbers of an output frame.
        public let outputChannels: Int
        /// Taps, in input frames (samples for the first layer).
        public let kernel: Int
        /// Input frames from one output frame to the next.
        public let stride: Int

        /// A layer of these sizes.
        public init(inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int) {
            self.inputChannels = inputChannels
            self.outputChannels = outputChannels
            self.kernel = kernel
            self.stride = stride
        }
    }

    /// The grouped convolution whose output is added to its input as a position embedding.
    public struct PositionalConvolution: Sendable, Hashable, Codable {
        /// Taps, in frames.
        public let kernel: Int
        /// Groups of channels, each convolved by itself.
        public let groups: Int
        /// Zeros before and after the signal, in frames. What the convolution yields beyond the number of input
        /// frames (one frame where `kernel` is even) is dropped at the end.
        public let padding: Int

        /// A convolution of these sizes.
        public init(kernel: Int, groups: Int, padding: Int) {
            self.kernel = kernel
            self.groups = groups
            self.padding = padding
        }
    }

    /// The graph input, such as `signal`.
    public let input: String
    /// The epsilon under the root of the input's normalisation to zero mean and unit variance; nil if the graph
    /// takes the signal as it is.
    public let inputNormalizationEpsilon: Double?
    /// The exact number of samples that the file computes with, where its length was fixed; nil if it takes any.
    public let fixedSamples: Int?
    /// The layers of the feature extractor, in forward order.
    public let featureExtractor: [Convolution]
    /// Width of the encoder.
    public let hiddenSize: Int
    /// The position embedding.
    public let positionalConvolution: PositionalConvolution
    /// How many layers the encoder has.
    public let encoderLayers: Int
    /// Heads of each attention; they divide ``hiddenSize``.
    public let attentionHeads: Int
    /// Width of the feed-forward part's inner layer.
    public let feedForwardSize: Int
    /// The epsilon of every LayerNorm.
    public let layerNormEpsilon: Double
    /// The name under which the pooled state is given: the graph output that carries it, such as `hidden_states`, or that
    /// name where the graph does not give it out.
    public let pooledOutput: String
    /// The heads on the pooled state, in the order of the outputs; none if there is the pooled state alone.
    public let heads: [Head]
    /// Which state is pooled.
    public let pooling: Pooling

    /// A network of these sizes.
    ///
    /// - Throws: ``EngineError/impossibleArchitecture(reason:)`` if the sizes make no network.
    public init(
        input: String, inputNormalizationEpsilon: Double?, featureExtractor: [Convolution], hiddenSize: Int,
        positionalConvolution: PositionalConvolution, encoderLayers: Int, attentionHeads: Int, feedForwardSize: Int,
        layerNormEpsilon: Double, pooledOutput: String, heads: [Head], fixedSamples: Int? = nil,
        pooling: Pooling = .finalNorm
    ) throws(EngineError) {
        self.input = input
        self.inputNormalizationEpsilon = inputNormalizationEpsilon
        self.fixedSamples = fixedSamples
        self.featureExtractor = featureExtractor
        self.hiddenSize = hiddenSize
        self.positionalConvolution = positionalConvolution
        self.encoderLayers = encoderLayers
        self.attentionHeads = attentionHeads
        self.feedForwardSize = feedForwardSize
        self.layerNormEpsilon = layerNormEpsilon
        self.pooledOutput = pooledOutput
        self.heads = heads
        self.pooling = pooling
        try check()
    }

    /// Reads an architecture, and checks it: the sizes in a file are only claims. One that doesn't say its pooling, as in
    /// files from before there were several, has that of the published models.
    ///
    /// - Throws: ``EngineError/impossibleArchitecture(reason:)`` if the sizes make no network.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            input: object.decode(String.self, forKey: .input),
            inputNormalizationEpsilon: object.decodeIfPresent(Double.self, forKey: .inputNormalizationEpsilon),
            featureExtractor: object.decode([Convolution].self, forKey: .featureExtractor),
            hiddenSize: object.decode(Int.self, forKey: .hiddenSize),
            positionalConvolution: object.decode(PositionalConvolution.self, forKey: .positionalConvolution),
            encoderLayers: object.decode(Int.self, forKey: .encoderLayers),
            attentionHeads: object.decode(Int.self, forKey: .attentionHeads),
            feedForwardSize: object.decode(Int.self, forKey: .feedForwardSize),
            layerNormEpsilon: object.decode(Double.self, forKey: .layerNormEpsilon),
            pooledOutput: object.decode(String.self, forKey: .pooledOutput),
            heads: object.decode([Head].self, forKey: .heads),
            fixedSamples: object.decodeIfPresent(Int.self, forKey: .fixedSamples),
            pooling: object.decodeIfPresent(Pooling.self, forKey: .pooling) ?? .finalNorm)
    }

    /// Channels of a feature frame.
    public var featureChannels: Int { featureExtractor.last?.outputChannels ?? 1 }

    /// Width of one attention head.
    public var headSize: Int { hiddenSize / attentionHeads }

    /// Samples from the start of one feature frame to the start of the next.
    public var hop: Int { featureExtractor.reduce(1) { $0 * $1.stride } }

    /// The fewest samples that give one frame: the feature extractor's receptive field.
    public var minimumSamples: Int {
        featureExtractor.reversed().reduce(1) { frames, layer in (frames - 1) * layer.stride + layer.kernel }
    }

    /// The number of frames that each layer of the feature extractor makes of `samples` samples, in forward order.
    public func framesPerLayer(samples: Int) -> [Int] {
        var frames = samples
        return featureExtractor.map { layer in
            frames = frames < layer.kernel ? 0 : (frames - layer.kernel) / layer.stride + 1
            return frames
        }
    }

    /// The number of frames the encoder sees for `samples` samples; 0 below ``minimumSamples``.
    public func frames(samples: Int) -> Int { framesPerLayer(samples: samples).last ?? samples }

    /// The outputs in the order the engine gives them: the pooled state, then the heads.
    public var outputs: [String] { [pooledOutput] + heads.map(\.output) }
}
