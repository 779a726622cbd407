import Testing

@testable import ONNXLoader

/// A change to a fixture's graph after which it is not the architecture any more, and what the refusal must name.
struct Mutation: Sendable, CustomTestStringConvertible {
    let what: String
    let fixture: String
    let names: [String]
    let change: @Sendable (inout ONNXModel) throws -> Void

    init(
        _ what: String, in fixture: String, names: String...,
        by change: @escaping @Sendable (inout ONNXModel) throws -> Void
    ) {
        self.what = what
        self.fixture = fixture
        self.names = names
        self.change = change
    }

    var testDescription: String { "\(what) (\(fixture))" }
}

private let published = "torch1.10-opset11"
private let inputNorm = "torch1.10-opset13-inputnorm"
private let operators = "torch2.13-opset17"
private let dynamo = "torch2.13-opset18-dynamo"

extension Mutation {
    static let interface: [Mutation] = [
        .init("an integer input", in: published, names: "input 'signal'", "float32") {
            $0.graph.inputs[0].elementType = .int64
        },
        .init("an output of integers", in: published, names: "output 'logits'", "float32") {
            $0.graph.outputs[1].elementType = .int32
        },
        .init("a signal of fixed length without a frame", in: published, names: "Conv", "sizes") {
            $0.graph.inputs[0].shape = [.fixed(1), .fixed(399)]
        },
        .init("a batch of two", in: published, names: "input 'signal'", "one signal") {
            $0.graph.inputs[0].shape = [.fixed(2), .symbolic("time")]
        },
        .init("a second input", in: published, names: "'speaker'", "the signal alone") {
            $0.graph.inputs.append(
                .init(name: "speaker", elementType: .float32, shape: [.fixed(1), .symbolic("time")]))
        },
        .init("an output twice", in: published, names: "'hidden_states'", "each output once") {
            $0.graph.outputs.append($0.graph.outputs[0])
        },
        .init("an output from inside", in: published, names: Published.positionSum, "output") {
            $0.graph.outputs.append(.init(name: Published.Value.positionSum, elementType: .float32))
        },
        .init("neither the pooled state nor a head's result", in: published, names: Published.positionSum, "an output")
        {
            $0.graph.outputs = [.init(name: Published.Value.positionSum, elementType: .float32)]
        },
        .init("a declared size that is not the result's", in: published, names: "output 'logits'", "[1, 3]") {
            $0.graph.outputs[1].shape = [.fixed(1), .fixed(4)]
        },
        .init("an old operator set", in: published, names: "operator set 9", "opset_version") { $0.opsets[""] = 9 },
    ]

    static let featureExtractor: [Mutation] = [
        .init(
            "another epsilon", in: published, names: Published.variancePlusEpsilon, "conv_layers.0.layer_norm", "1e-05"
        ) {
            try $0.setConstant(Published.epsilon, to: 1e-6)
        },
        .init("another exponent", in: published, names: Published.square, "exponent 3") {
            try $0.setConstant(Published.exponent, to: 3)
        },
        .init("LayerNorm over frames", in: published, names: Published.mean, "last axis") {
            try $0.setAttribute("axes", of: Published.mean, to: .ints([1]))
        },
        .init("the variance over frames", in: published, names: Published.variance, "last axis") {
            try $0.setAttribute("axes", of: Published.variance, to: .ints([1]))
        },
        .init("LayerNorm without a weight", in: published, names: "LayerNorm over channels", "conv_layers.0") {
            try $0.bypass(Published.scaledByWeight, reading: Published.Value.normalized)
        },
        .init("a convolution without a bias", in: published, names: Published.firstConvolution, "bias") {
            try $0.edit(Published.firstConvolution) { $0.inputs.removeLast() }
        },
        .init("a padded convolution", in: published, names: Published.secondConvolution, "no padding") {
            try $0.setAttribute("pads", of: Published.secondConvolution, to: .ints([1, 1]))
        },
        .init("a dilated convolution", in: published, names: Published.secondConvolution, "dilation 1") {
            try $0.setAttribute("dilations", of: Published.secondConvolution, to: .ints([2]))
        },
        .init("a stride that the mask's length does not follow", in: dynamo, names: "node_add_206") {
            try $0.setAttribute("strides", of: "node_conv1d_1", to: .ints([3]))
        },
        .init("axes not exchanged", in: published, names: Published.mean, "last axis") {
            try $0.setAttribute("perm", of: Published.channelsLast, to: .ints([0, 1, 2]))
        },
        .init("group norm in the first layer", in: published, names: "InstanceNormalization 'group_norm'") {
            try $0.insert(
                "InstanceNormalization", named: "group_norm", after: Published.firstConvolution,
                and: [
                    "wav2vec2.feature_extractor.conv_layers.0.layer_norm.weight",
                    "wav2vec2.feature_extractor.conv_layers.0.layer_norm.bias",
                ])
        },
        .init("another divisor in GELU", in: published, names: Published.argumentOfErf, "√2") {
            try $0.setConstant(Published.rootOfTwo, to: 1.5)
        },
        .init("another sum in GELU", in: published, names: Published.onePlusErf, "1 + erf") {
            try $0.setConstant(Published.one, to: 0.9)
        },
        .init("another factor in GELU", in: published, names: Published.gelu, "½") {
            try $0.setConstant(Published.half, to: 0.6)
        },
        .init("another factor in GELU, multiplied first", in: dynamo, names: "node_Mul_16", "½") {
            try $0.setInitializer("val_17", to: 0.6)
        },
        .init("ReLU for GELU", in: published, names: "Relu 'relu'", "conv_layers.0.activation", "GELU") {
            try $0.replaceGELU(from: Published.argumentOfErf, to: Published.gelu, by: "Relu")
        },
        .init("GELU approximated by tanh", in: dynamo, names: "Gelu 'gelu'", "tanh", "exact") {
            $0.opsets[""] = 20
            try $0.replaceGELU(
                from: "node_Div_11", to: "node_gelu", by: "Gelu", attributes: ["approximate": .string("tanh")])
        },
        .init(
            "another epsilon for the input", in: inputNorm, names: InputNormalized.variancePlusEpsilon,
            "input_normalization"
        ) {
            try $0.setConstant(InputNormalized.epsilon, to: 1e-5)
        },
        .init("an input normalisation that keeps the mean", in: inputNorm, names: InputNormalized.quotient, "x − mean")
        {
            try $0.edit(InputNormalized.quotient) { $0.inputs[0] = "signal" }
        },
    ]

    static let encoder: [Mutation] = [
        .init("no sum with the position embedding", in: published, names: "encoder.pos_conv_embed") {
            try $0.bypass(Published.positionSum, reading: Published.Value.positionEmbedding)
        },
        .init("the first frame dropped", in: published, names: Published.withoutLastFrame) {
            try $0.setConstant(Published.sliceStart, to: [1])
            try $0.setConstant(Published.sliceEnd, to: [Int(Int32.max)])
        },
        .init("two frames dropped", in: published, names: Published.withoutLastFrame, "last frame") {
            try $0.setConstant(Published.sliceEnd, to: [-2])
        },
        .init("other groups", in: published, names: Published.positionalConvolution, "groups") {
            try $0.setAttribute("group", of: Published.positionalConvolution, to: .int(2))
        },
        .init("softmax over the queries", in: published, names: Published.softmax, "layers.0.attention", "the keys") {
            try $0.setAttribute("axis", of: Published.softmax, to: .int(1))
        },
        .init(
            "softmax over the old default axis", in: published, names: Published.secondSoftmax, "layers.1.attention",
            "the keys"
        ) {
            try $0.setAttribute("axis", of: Published.secondSoftmax, to: nil)
        },
        .init("softmax with an attribute unheard of", in: published, names: Published.softmax, "temperature") {
            try $0.setAttribute("temperature", of: Published.softmax, to: .float(2))
        },
        .init("no softmax", in: published, names: Published.context, "softmax") {
            try $0.bypass(Published.softmax, reading: Published.Value.attentionScores)
        },
        .init("queries scaled otherwise", in: published, names: Published.scaledQuery, "1/√16") {
            try $0.setConstant(Published.queryScale, to: 0.2)
        },
        .init("scores scaled otherwise", in: dynamo, names: "node_mul_211", "1/√16") {
            try $0.setInitializer("val_138", to: 0.2)
        },
        .init("no scale", in: published, names: Published.softmax, "without a scale") {
            try $0.bypass(Published.scaledQuery, reading: Published.Value.query)
        },
        .init("values scaled", in: published, names: "Mul 'scaled'", "values as projected") {
            try $0.insert("Mul", named: "scaled", after: Published.value, and: [Published.Value.queryScale])
            try $0.move(Published.queryScale, before: Published.queryProduct)
        },
        .init("frames mixed with heads in the split", in: published, names: Published.mergedKeys, "attention") {
            try $0.setAttribute("perm", of: Published.keyHeadsFirst, to: .ints([0, 1, 2, 3]))
        },
        .init("frames mixed with heads in the merge", in: published, names: Published.joinedHeads, "attention") {
            try $0.setAttribute("perm", of: Published.framesFirst, to: .ints([0, 1, 2, 3]))
        },
        .init(
            "heads split the other way round", in: operators, names: "layers.0/attention/Reshape'", "attention.q_proj"
        ) {
            try $0.setAttribute(
                "perm", of: "/wav2vec2/encoder/layers.0/attention/Transpose", to: .ints([0, 3, 1, 2]))
            try $0.setConstant("/wav2vec2/encoder/layers.0/attention/Constant_2", to: [16])
            try $0.setConstant("/wav2vec2/encoder/layers.0/attention/Constant_3", to: [4])
        },
        .init("keys not transposed", in: operators, names: "layers.0/attention/MatMul'", "inner sizes") {
            try $0.setAttribute(
                "perm", of: "/wav2vec2/encoder/layers.0/attention/Transpose_2", to: .ints([0, 2, 1, 3]))
        },
        .init("a Linear without a bias", in: published, names: "layers.0.attention", "bias") {
            try $0.bypass(Published.query, reading: Published.Value.queryProduct)
        },
        .init("weights of unequal shape swapped", in: published, names: Published.intermediateProduct, "inner sizes") {
            try $0.edit(Published.intermediateProduct) { $0.inputs[1] = Published.Value.outputWeight }
            try $0.edit(Published.outputProduct) { $0.inputs[1] = Published.Value.intermediateWeight }
        },
        .init(
            "a feed-forward part of another width", in: published, names: Published.secondIntermediateProduct,
            "64 to 128"
        ) {
            $0.graph.initializers[Published.Value.secondIntermediateWeight] = try Tensor(
                name: Published.Value.secondIntermediateWeight, shape: [64, 96],
                floats: .init(repeating: 0, count: 6144))
            $0.graph.initializers[Published.Value.secondOutputWeight] = try Tensor(
                name: Published.Value.secondOutputWeight, shape: [96, 64], floats: .init(repeating: 0, count: 6144))
            let bias = "wav2vec2.encoder.layers.1.feed_forward.intermediate_dense.bias"
            $0.graph.initializers[bias] = try Tensor(name: bias, shape: [96], floats: .init(repeating: 0, count: 96))
        },
        .init("a weight of integers", in: published, names: Published.secondIntermediateProduct) {
            $0.graph.initializers[Published.Value.secondIntermediateWeight] = try Tensor(
                name: Published.Value.secondIntermediateWeight, shape: [64, 128],
                integers: .init(repeating: 0, count: 8192))
        },
        .init("the attention's residual from elsewhere", in: published, names: Published.attentionSum) {
            try $0.edit(Published.attentionSum) { $0.inputs[0] = Published.Value.projectedFeatures }
        },
        .init("the feed-forward's residual from elsewhere", in: published, names: Published.feedForwardSum, "layers.0")
        {
            try $0.edit(Published.feedForwardSum) { $0.inputs[0] = Published.Value.positionSum }
        },
        .init("the residual after the norm, as in post-norm", in: published, names: "layers.0", "pre-norm") {
            try $0.edit(Published.attentionSum) { $0.inputs[0] = Published.Value.attentionNorm }
        },
        .init("an extra Relu", in: published, names: "Relu 'extra'", "layers.0", "residual") {
            try $0.insert("Relu", named: "extra", after: Published.attentionOutput)
        },
        .init("an extra Add of a constant", in: published, names: "Add 'extra'", "layers.0", "residual") {
            try $0.insert(
                "Add", named: "extra", after: Published.feedForwardOutput, and: ["wav2vec2.encoder.layer_norm.bias"])
        },
        .init("an operator of another domain", in: published, names: "Softmax '\(Published.softmax)'", "com.example") {
            try $0.edit(Published.softmax) { $0.domain = "com.example" }
        },
        .init("another epsilon as an attribute", in: operators, names: "layers.1.final_layer_norm", "1e-05") {
            try $0.setAttribute(
                "epsilon", of: "/wav2vec2/encoder/layers.1/final_layer_norm/LayerNormalization", to: .float(1e-6))
        },
        .init("LayerNorm over two axes", in: operators, names: "layers.1/final_layer_norm", "last axis") {
            try $0.setAttribute(
                "axis", of: "/wav2vec2/encoder/layers.1/final_layer_norm/LayerNormalization", to: .int(1))
        },
    ]

    static let masks: [Mutation] = [
        .init("a mask that masks the first frame", in: dynamo, names: "node_ge_1") {
            try $0.setInitializer("one", to: [1])
            try $0.edit("node_ge_1") { $0.inputs[1] = "one" }
        },
        .init("a mask that adds a number", in: dynamo, names: "node_add_206") {
            try $0.setInitializer("zeros", to: -1)
        },
        .init("positions that start below 0", in: dynamo, names: "node_arange_2") {
            try $0.setInitializer("start", to: [-1])
            try $0.edit("node_arange_2") { $0.inputs[0] = "start" }
        },
        .init("a mask of another length", in: dynamo, names: "node_add_206") {
            try $0.setInitializer("val_2", to: [-4])
        },
        .init("a length that is wrong for short signals", in: dynamo, names: "node_floordiv_3", "below 800 samples") {
            // ⌊(n − 800) / 80⌋ + 7 is ⌊n / 80⌋ − 3, but ONNX rounds towards zero where n < 800.
            try $0.setInitializer("early", to: [-800])
            try $0.setInitializer("val_2", to: [7])
            try $0.insert("Add", named: "early_add", after: "node_sym_size_int_12", and: ["early"])
        },
    ]

    static let heads: [Mutation] = [
        .init("the mean over channels", in: published, names: Published.pooled, "mean over time") {
            try $0.setAttribute("axes", of: Published.pooled, to: .ints([2]))
        },
        .init("Sigmoid for tanh", in: published, names: "Sigmoid '\(Published.tanh)'", "heads.0", "tanh") {
            try $0.edit(Published.tanh) { $0.operation = "Sigmoid" }
        },
        .init("a head without a bias", in: published, names: Published.dense, "bias") {
            try $0.edit(Published.dense) { $0.inputs.removeLast() }
        },
        .init("a scaled Gemm", in: published, names: Published.scores, "alpha") {
            try $0.setAttribute("alpha", of: Published.scores, to: .float(2))
        },
        .init("an activation after the head", in: published, names: "Relu 'extra'", "out of place") {
            try $0.insert("Relu", named: "extra", after: Published.scores)
        },
        .init("a head that reaches no output", in: published, names: "Gemm 'extra'", "not used") {
            $0.append(
                "Gemm", named: "extra", reading: ["hidden_states", "classifier.dense.weight", "classifier.dense.bias"],
                attributes: ["transB": .int(1)])
        },
        .init("a dead node", in: published, names: "Relu 'dead'") {
            $0.append("Relu", named: "dead", reading: [Published.Value.dense])
        },
        .init("a dead node on an inner value of a LayerNorm", in: published, names: "Relu 'dead'") {
            $0.append("Relu", named: "dead", reading: [Published.Value.varianceWithEpsilon])
        },
        .init("a dead node on a head's result", in: published, names: "Relu 'dead'") {
            $0.append("Relu", named: "dead", reading: ["logits"])
        },
        .init("a node that nothing leads to", in: published, names: "RandomNormal 'dead'") {
            $0.append("RandomNormal", named: "dead", reading: [], attributes: ["shape": .ints([4])])
        },
    ]

    static let all = interface + featureExtractor + encoder + masks + heads
}

extension ONNXModel {
    /// Replaces a written-out GELU by one node.
    mutating func replaceGELU(
        from first: String, to last: String, by operation: String, attributes: [String: Attribute] = [:]
    ) throws {
        let (start, end) = (try index(first), try index(last))
        let replacement = Node(
            name: operation.lowercased(), operation: operation, inputs: [graph.nodes[start].inputs[0]],
            outputs: graph.nodes[end].outputs, attributes: attributes)
        let kept = graph.nodes[start...end].filter { $0.operation == "Constant" }
        graph.nodes.replaceSubrange(start...end, with: kept + [replacement])
    }

    mutating func move(_ name: String, before other: String) throws {
        let node = graph.nodes.remove(at: try index(name))
        graph.nodes.insert(node, at: try index(other))
    }
}
