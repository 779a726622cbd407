/// What the nodes and values of the published export (`torch1.10-opset11`) are: the exporter only counts them.
enum Published {
    // The first convolution of the feature extractor, its LayerNorm and its GELU.
    static let firstConvolution = "Conv_1"
    static let channelsLast = "Transpose_2"
    static let mean = "ReduceMean_3"
    static let exponent = "Constant_5"
    static let square = "Pow_6"
    static let variance = "ReduceMean_7"
    static let epsilon = "Constant_8"
    static let variancePlusEpsilon = "Add_9"
    static let scaledByWeight = "Mul_12"
    static let shiftedByBias = "Add_13"
    static let rootOfTwo = "Constant_15"
    static let argumentOfErf = "Div_16"
    static let one = "Constant_18"
    static let onePlusErf = "Add_19"
    static let productOfGELU = "Mul_20"
    static let half = "Constant_21"
    static let gelu = "Mul_22"
    static let secondConvolution = "Conv_23"

    // The position embedding.
    static let positionalConvolution = "Conv_170"
    static let sliceStart = "Constant_172"
    static let sliceEnd = "Constant_173"
    static let withoutLastFrame = "Slice_175"
    static let positionSum = "Add_185"

    // Attention in encoder layer 0.
    static let queryProduct = "MatMul_203"
    static let query = "Add_204"
    static let queryScale = "Constant_205"
    static let scaledQuery = "Mul_206"
    static let key = "Add_208"
    static let keyHeadsFirst = "Transpose_212"
    static let value = "Add_214"
    static let mergedKeys = "Reshape_231"
    static let softmax = "Softmax_237"
    static let context = "MatMul_238"
    static let framesFirst = "Transpose_243"
    static let joinedHeads = "Reshape_247"
    static let attentionOutput = "Add_249"
    static let attentionSum = "Add_250"

    // The feed-forward part of encoder layer 0.
    static let intermediateProduct = "MatMul_262"
    static let outputProduct = "MatMul_272"
    static let feedForwardOutput = "Add_273"
    static let feedForwardSum = "Add_274"

    // Encoder layer 1.
    static let secondSoftmax = "Softmax_326"
    static let secondIntermediateProduct = "MatMul_351"

    // The pooling and the head.
    static let pooled = "ReduceMean_375"
    static let dense = "Gemm_376"
    static let tanh = "Tanh_377"
    static let scores = "Gemm_378"

    /// Values, by the numbers that the exporter gave them.
    enum Value {
        static let varianceWithEpsilon = "84"
        static let normalized = "86"
        static let geluInput = "89"
        static let onePlusErf = "94"
        static let productOfGELU = "95"
        static let half = "96"
        static let projectedFeatures = "244"
        static let positionEmbedding = "263"
        static let positionSum = "264"
        static let attentionNorm = "275"
        static let queryProduct = "283"
        static let query = "284"
        static let queryScale = "285"
        static let attentionScores = "346"
        static let dense = "535"
        static let intermediateWeight = "563"
        static let outputWeight = "564"
        static let secondIntermediateWeight = "586"
        static let secondOutputWeight = "587"
    }
}

/// The same of the export with the input's normalisation in the graph (`torch1.10-opset13-inputnorm`).
enum InputNormalized {
    static let epsilon = "Constant_4"
    static let variancePlusEpsilon = "Add_5"
    static let quotient = "Div_7"
}
