/// What `config.json` and `preprocessor_config.json` say of a checkpoint's network, with the defaults of transformers'
/// `Wav2Vec2Config` and `HubertConfig` for what they leave out.
///
/// Each value has the type and lies in the range that any network needs; whether they fit together, and whether this
/// program runs such a network, is for who reads them.
package struct CheckpointConfiguration: Sendable, Equatable {
    package enum FeatureNorm: String, Sendable, CaseIterable {
        /// Group normalisation after the first convolution alone.
        case group
        /// Layer normalisation after every convolution.
        case layer
    }

    /// The path of `config.json`.
    package let path: String

    /// The name of transformers' class: the first of `architectures`.
    package let architecture: String?
    /// Such as `wav2vec2` or `hubert`.
    package let modelType: String?

    // MARK: The feature extractor

    /// Of each convolution; the three lists are of one length.
    package let convolutionSizes: [Int]
    package let convolutionKernels: [Int]
    package let convolutionStrides: [Int]
    package let convolutionBias: Bool
    package let featureNorm: FeatureNorm
    package let featureActivation: String
    /// `feat_proj_layer_norm`, of HuBERT.
    package let normalizesProjection: Bool

    // MARK: The encoder

    package let hiddenSize: Int
    package let layerCount: Int
    package let headCount: Int
    package let feedForwardSize: Int
    package let hiddenActivation: String
    package let layerNormEpsilon: Double
    /// `do_stable_layer_norm`: normalises before each block, not after.
    package let normalizesFirst: Bool
    package let positionKernel: Int
    package let positionGroups: Int
    /// `conv_pos_batch_norm`, of HuBERT.
    package let positionBatchNorm: Bool
    /// `add_adapter`: convolutions follow the encoder.
    package let hasAdapter: Bool

    // MARK: The head

    package let usesWeightedLayerSum: Bool
    package let classifierProjectionSize: Int
    /// `id2label`, in the order of the outputs; nil if it is left out.
    package let labels: [String]?
    /// The number of labels: of `id2label`, or else `num_labels`, which is 2 if it is left out.
    package let labelCount: Int
    package let poolingMode: String?
    package let finetuningTask: String?
    package let problemType: String?
    /// `transformers_version`: which one wrote the checkpoint.
    package let transformersVersion: String?

    // MARK: The input

    /// `do_normalize` of `preprocessor_config.json`; nil if there is no such file.
    package let normalizesInput: Bool?
}
