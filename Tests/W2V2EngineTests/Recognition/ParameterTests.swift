import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Engine

@Suite("Parameters and stages of recognised models")
struct ParameterTests {
    /// How far torch's weight norm in float32 (roots of sums of 1024 squares) is from the one folded in Double, relative.
    private static let foldingTolerance: Float = 8 * .ulpOfOne

    @Test("parameters that the export names are where their names say", arguments: Fixtures.modelNames)
    func names(name: String) throws {
        let model = try fixture(name)
        let parameters = try RecognizedModel(recognizing: model).parameters
        var count = 0
        for (path, tensor) in Self.named(parameters, isAgeGender: name.hasSuffix("agegender")) {
            guard let stored = model.graph.initializers[path] else { continue }
            #expect(tensor.shape == stored.shape, "\(path)")
            #expect(try tensor.floats() == stored.floats(), "\(path)")
            count += 1
        }
        // Everything but the weights that older exports transpose and leave without a name.
        let projectionAndPosition = 4
        #expect(
            count >= parameters.featureExtractor.count * 4 + projectionAndPosition + parameters.encoder.count * 10 + 2
                + parameters.heads.count * 4)
    }

    @Test("a folded and an unfolded export of the same network have the same parameters")
    func unfolded() throws {
        let folded = try RecognizedModel(recognizing: fixture("torch1.10-opset11")).parameters
        let unfolded = try RecognizedModel(recognizing: fixture("torch1.10-opset11-unfolded")).parameters
        for (one, other) in zip(folded.encoder, unfolded.encoder) {
            for path in [
                \ModelParameters.EncoderLayer.query, \.key, \.value, \.attentionOutput, \.intermediate,
                \.feedForwardOutput,
            ] {
                #expect(one[keyPath: path].layout == .inputMajor)
                #expect(other[keyPath: path].layout == .outputMajor)
                #expect(try Self.inputMajor(one[keyPath: path]) == Self.inputMajor(other[keyPath: path]))
                #expect(one[keyPath: path].inputSize == other[keyPath: path].inputSize)
            }
        }
        #expect(try Self.inputMajor(folded.projection) == Self.inputMajor(unfolded.projection))
        #expect(folded.projection.inputSize == 32 && folded.projection.outputSize == 64)
        let weights = zip(
            try folded.positionalConvolution.weight.floats(), try unfolded.positionalConvolution.weight.floats())
        #expect(folded.positionalConvolution.weight.shape == [64, 16, 16])
        #expect(weights.map { abs($0 - $1) / abs($0) }.max() ?? 1 <= Self.foldingTolerance)
    }

    @Test("weights stay where they are in the file")
    func untouched() throws {
        let model = try fixture("torch1.10-opset11-unfolded")
        let parameters = try RecognizedModel(recognizing: model).parameters
        #expect(parameters.encoder[1].query.weight.name == "wav2vec2.encoder.layers.1.attention.q_proj.weight")
        #expect(parameters.encoder[1].query.layout == .outputMajor)
    }

    @Test("each stage has a value of the graph, of the stage's shape", arguments: Fixtures.modelNames)
    func stages(name: String) throws {
        let model = try fixture(name)
        let recognized = try RecognizedModel(recognizing: model)
        let architecture = recognized.architecture
        let graph = try OrderedGraph(model)
        let shapes = ShapeResolution(of: graph, constants: ConstantFolding(of: graph))
        let stages = Stage.all(of: architecture)
        #expect(Set(recognized.stageValues.keys) == Set(stages))
        #expect(Set(recognized.stageValues.values.map(\.name)).count == stages.count)
        let samples = 16000
        let frames = architecture.framesPerLayer(samples: samples)
        for stage in stages {
            let value = try #require(recognized.stageValues[stage])
            let shape = try shapes.facts(of: value.name).shape.map { $0.value(samples: samples) }
            switch stage {
            case .inputNormalization: #expect(shape == [1, samples])
            case .featureExtractor(let layer):
                #expect(value.layout == .channelMajor)
                #expect(shape == [1, 32, frames[layer]])
            case .extractedFeatures: #expect(shape == [1, 49, 32])
            case .featureProjection, .positionalEmbedding, .encoderLayer, .finalNorm:
                #expect(value.layout == .timeMajor)
                #expect(shape == [1, 49, 64])
            case .pooled: #expect(shape == [1, 64])
            case .head(let index): #expect(shape == [1, architecture.heads[index].size])
            }
        }
    }

    /// Parameters by torch's names for them.
    private static func named(_ parameters: ModelParameters, isAgeGender: Bool) -> [(String, Tensor)] {
        var result: [(String, Tensor)] = []
        func add(_ path: String, _ norm: NormParameters) {
            result += [("wav2vec2.\(path).weight", norm.weight), ("wav2vec2.\(path).bias", norm.bias)]
        }
        func add(_ path: String, _ linear: LinearParameters) {
            if linear.layout == .outputMajor { result.append(("\(path).weight", linear.weight)) }
            result.append(("\(path).bias", linear.bias))
        }
        for (index, layer) in parameters.featureExtractor.enumerated() {
            let path = "feature_extractor.conv_layers.\(index)"
            result.append(("wav2vec2.\(path).conv.weight", layer.convolution.weight))
            result.append(("wav2vec2.\(path).conv.bias", layer.convolution.bias))
            add("\(path).layer_norm", layer.norm)
        }
        add("feature_projection.layer_norm", parameters.projectionNorm)
        add("wav2vec2.feature_projection.projection", parameters.projection)
        result.append(("wav2vec2.encoder.pos_conv_embed.conv.bias", parameters.positionalConvolution.bias))
        for (index, layer) in parameters.encoder.enumerated() {
            let path = "encoder.layers.\(index)"
            add("\(path).layer_norm", layer.attentionNorm)
            add("wav2vec2.\(path).attention.q_proj", layer.query)
            add("wav2vec2.\(path).attention.k_proj", layer.key)
            add("wav2vec2.\(path).attention.v_proj", layer.value)
            add("wav2vec2.\(path).attention.out_proj", layer.attentionOutput)
            add("\(path).final_layer_norm", layer.feedForwardNorm)
            add("wav2vec2.\(path).feed_forward.intermediate_dense", layer.intermediate)
            add("wav2vec2.\(path).feed_forward.output_dense", layer.feedForwardOutput)
        }
        add("encoder.layer_norm", parameters.finalNorm)
        let heads = isAgeGender ? ["age", "gender"] : ["classifier"]
        for (name, head) in zip(heads, parameters.heads) {
            add("\(name).dense", head.dense)
            add("\(name).out_proj", head.projection)
        }
        return result
    }

    /// The elements of every parameter, weights of Linear layers by input.
    static func elements(of model: RecognizedModel) throws -> [[Float]] {
        let parameters = model.parameters
        var linears = [parameters.projection]
        linears += parameters.encoder.flatMap {
            [$0.query, $0.key, $0.value, $0.attentionOutput, $0.intermediate, $0.feedForwardOutput]
        }
        linears += parameters.heads.flatMap { [$0.dense, $0.projection] }
        var tensors = parameters.featureExtractor.flatMap {
            [$0.convolution.weight, $0.convolution.bias, $0.norm.weight, $0.norm.bias]
        }
        tensors += [parameters.positionalConvolution.weight, parameters.positionalConvolution.bias]
        let norms = parameters.encoder.flatMap { [$0.attentionNorm, $0.feedForwardNorm] }
        tensors += ([parameters.projectionNorm, parameters.finalNorm] + norms).flatMap { [$0.weight, $0.bias] }
        tensors += linears.map(\.bias)
        return try linears.map { try inputMajor($0) } + tensors.map { try $0.floats() }
    }

    private static func inputMajor(_ linear: LinearParameters) throws -> [Float] {
        try Constant(stored: linear.weight, isTransposed: linear.layout == .outputMajor).tensor().floats()
    }
}
