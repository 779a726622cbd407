import ONNXInterpreter
import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Network
@testable import W2V2Recognition

@Suite("Parameters and stages of recognised models")
struct ParameterTests {
    /// How far torch's weight norm in float32 (roots of sums of 1024 squares) is from the one folded in Double, relative.
    private static let foldingTolerance: Float = 8 * .ulpOfOne

    @Test("parameters that the export names are where their names say", arguments: Fixtures.modelNames)
    func names(name: String) throws {
        let model = try fixture(name)
        let recognized = try RecognizedModel(recognizing: model)
        var count = 0
        for parameter in recognized.parameters where !parameter.isTransposed {
            let path = Self.exported(parameter.name, isAgeGender: name.hasSuffix("agegender"))
            // The folded weight of the positional convolution has no counterpart in the file.
            guard let stored = model.graph.initializers[path] else { continue }
            #expect(parameter.tensor.shape == stored.shape, "\(path)")
            #expect(try parameter.tensor.floats() == stored.floats(), "\(path)")
            count += 1
        }
        // Everything but the weights that older exports transpose and leave without a name.
        let projectionAndPosition = 4
        let sizes = recognized.architecture
        #expect(
            count >= sizes.featureExtractor.count * 4 + projectionAndPosition + sizes.encoderLayers * 10 + 2
                + sizes.heads.count * 4)
    }

    @Test("a folded and an unfolded export of the same network have the same parameters")
    func unfolded() throws {
        let folded = try Self.parameters(of: "torch1.10-opset11")
        let unfolded = try Self.parameters(of: "torch1.10-opset11-unfolded")
        #expect(folded.keys.sorted() == unfolded.keys.sorted())
        let layers =
            ["attention.q_proj", "attention.k_proj", "attention.v_proj", "attention.out_proj"]
            + ["feed_forward.intermediate_dense", "feed_forward.output_dense"]
        let linears = (0..<2).flatMap { layer in layers.map { "encoder.layers.\(layer).\($0)" } }
        for module in linears + ["feature_projection.projection"] {
            let (one, other) = (try #require(folded["\(module).weight"]), try #require(unfolded["\(module).weight"]))
            #expect(one.isTransposed)
            #expect(!other.isTransposed)
            #expect(one.shape == other.shape)
            #expect(try one.floats() == other.floats())
        }
        #expect(folded["feature_projection.projection.weight"]?.shape == [64, 32])
        let position = "encoder.pos_conv_embed.conv.weight"
        let weights = zip(
            try #require(folded[position]).tensor.floats(), try #require(unfolded[position]).tensor.floats())
        #expect(folded[position]?.shape == [64, 16, 16])
        #expect(weights.map { abs($0 - $1) / abs($0) }.max() ?? 1 <= Self.foldingTolerance)
    }

    @Test("weights stay where they are in the file")
    func untouched() throws {
        let name = "encoder.layers.1.attention.q_proj.weight"
        let query = try #require(try Self.parameters(of: "torch1.10-opset11-unfolded")[name])
        #expect(query.tensor.name == "wav2vec2.\(name)")
        #expect(!query.isTransposed)
    }

    @Test("each stage has a value of the graph, of the stage's shape", arguments: Fixtures.modelNames)
    func stages(name: String) throws {
        let model = try fixture(name)
        let recognized = try RecognizedModel(recognizing: model)
        let architecture = recognized.architecture
        let stages = Stage.all(of: architecture)
        #expect(Set(recognized.stageValues.keys) == Set(stages))
        #expect(Set(recognized.stageValues.values.map(\.name)).count == stages.count)
        let samples = 16000
        let values = try Interpreter(model).run(
            signal: [Float](repeating: 0.1, count: samples),
            keeping: Set(recognized.stageValues.values.map(\.name)))
        let frames = architecture.framesPerLayer(samples: samples)
        for stage in stages {
            let value = try #require(recognized.stageValues[stage])
            let shape = try #require(values[value.name]).shape
            switch stage {
            case .inputNormalization: #expect(shape == [1, samples])
            case .featureExtractor(let layer):
                #expect(value.layout == .channelMajor)
                #expect(shape == [1, 32, frames[layer]])
            case .extractedFeatures: #expect(shape == [1, 49, 32])
            case .featureProjection, .positionalEmbedding, .encoderLayer, .finalNorm, .mixed:
                #expect(value.layout == .timeMajor)
                #expect(shape == [1, 49, 64])
            case .pooled: #expect(shape == [1, 64])
            case .head(let index): #expect(shape == [1, architecture.heads[index].size])
            }
        }
    }

    /// The parameters of a fixture, by name.
    private static func parameters(of name: String) throws -> [String: NamedParameter] {
        let parameters = try RecognizedModel(recognizing: fixture(name)).parameters
        return Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0) })
    }

    /// The name of a parameter in the checkpoint that was exported.
    private static func exported(_ name: String, isAgeGender: Bool) -> String {
        guard name.hasPrefix("heads.") else { return "wav2vec2.\(name)" }
        let heads = isAgeGender ? ["age", "gender"] : ["classifier"]
        let parts = name.split(separator: ".")
        return ([heads[Int(parts[1]) ?? 0]] + parts.dropFirst(2).map(String.init)).joined(separator: ".")
    }

    /// The elements of every parameter, as PyTorch keeps them.
    static func elements(of model: RecognizedModel) throws -> [[Float]] { try model.parameters.map { try $0.floats() } }
}
