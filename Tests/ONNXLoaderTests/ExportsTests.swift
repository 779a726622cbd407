import ONNXLoader
import TestSupport
import Testing

/// What the reference protobuf reader found in an export. Sums of bit patterns don't depend on the order of the tensors
/// and don't round.
struct Export: Sendable, CustomTestStringConvertible {
    let name: String
    let irVersion: Int
    let opset: Int
    let nodes: Int
    let initializers: Int
    /// The number of float32 elements in initializers, and the sum of their bit patterns.
    let weights: Int
    let weightBits: UInt64
    /// The sum of the integer initializers' elements.
    let weightIntegers: Int
    /// The number of attributes, and the sum of the integers in them, alone, in lists or in tensors.
    let attributes: Int
    let attributeIntegers: Int
    /// The sum of the bit patterns of float32 elements in the tensors in attributes.
    let constantBits: UInt64
    var input = "signal"
    var outputs = ["hidden_states", "logits"]

    var testDescription: String { name }

    static let all = [
        Export(
            name: "torch1.10-opset11", irVersion: 7, opset: 11, nodes: 379, initializers: 106, weights: 107_427,
            weightBits: 225_177_272_417_519, weightIntegers: 374, attributes: 214, attributeIntegers: 194,
            constantBits: 59_996_846_906),
        Export(
            name: "torch1.10-opset11-spiky", irVersion: 7, opset: 11, nodes: 557, initializers: 172, weights: 174_371,
            weightBits: 366_257_330_793_739, weightIntegers: 748, attributes: 298, attributeIntegers: 254,
            constantBits: 76_472_671_184),
        Export(
            name: "torch1.10-opset11-unfolded", irVersion: 7, opset: 11, nodes: 463, initializers: 73, weights: 107_443,
            weightBits: 225_194_338_799_044, weightIntegers: 0, attributes: 297, attributeIntegers: 583,
            constantBits: 59_996_846_906),
        Export(
            name: "torch1.10-opset12-agegender", irVersion: 7, opset: 12, nodes: 471, initializers: 143,
            weights: 145_124, weightBits: 304_340_693_509_523, weightIntegers: 561, attributes: 262,
            attributeIntegers: 226, constantBits: 68_234_759_045,
            outputs: ["hidden_states", "logits_age", "logits_gender"]),
        Export(
            name: "torch1.10-opset13-inputnorm", irVersion: 7, opset: 13, nodes: 410, initializers: 106,
            weights: 107_427, weightBits: 225_118_002_619_213, weightIntegers: 374, attributes: 219,
            attributeIntegers: 192, constantBits: 60_866_558_671),
        Export(
            name: "torch2.13-opset14-dynamicbatch", irVersion: 7, opset: 14, nodes: 382, initializers: 72,
            weights: 107_427, weightBits: 224_855_676_180_716, weightIntegers: 0, attributes: 218,
            attributeIntegers: 262, constantBits: 59_996_846_906, input: "input_values"),
        Export(
            name: "torch2.13-opset17", irVersion: 8, opset: 17, nodes: 252, initializers: 72, weights: 107_427,
            weightBits: 224_920_406_199_604, weightIntegers: 0, attributes: 192, attributeIntegers: 275,
            constantBits: 34_008_609_150),
        Export(
            name: "torch2.13-opset18-dynamo", irVersion: 10, opset: 18, nodes: 170, initializers: 93, weights: 107_449,
            weightBits: 225_126_228_123_814, weightIntegers: 169, attributes: 138, attributeIntegers: 206,
            constantBits: 0),
    ]
}

@Suite("The exports")
struct ExportsTests {
    @Test("every export is in the table")
    func namesAgree() {
        #expect(Export.all.map(\.name).sorted() == Fixtures.modelNames.sorted())
    }

    @Test("header, counts and interface", arguments: Export.all)
    func headers(_ export: Export) throws {
        let model = try ONNXModel(contentsOf: Fixtures.model(export.name))
        #expect(model.irVersion == export.irVersion)
        #expect(model.opset == export.opset)
        #expect(model.opsets == ["": export.opset])
        #expect(model.producerName == "pytorch")
        #expect(model.graph.nodes.count == export.nodes)
        #expect(model.graph.initializers.count == export.initializers)
        #expect(model.graph.inputs.map(\.name) == [export.input])
        #expect(model.graph.inputs.first?.elementType == .float32)
        #expect(model.graph.inputs.first?.shape?.count == 2)
        #expect(model.graph.inputs.first?.shape?.last == .symbolic("time"))
        #expect(model.graph.outputs.map(\.name) == export.outputs)
    }

    @Test("every weight and every attribute", arguments: Export.all)
    func contents(_ export: Export) throws {
        let graph = try ONNXModel(contentsOf: Fixtures.model(export.name)).graph
        var weights = Sums()
        for tensor in graph.initializers.values { try weights.add(tensor) }
        #expect(weights.floats == export.weights)
        #expect(weights.bits == export.weightBits)
        #expect(weights.integers == export.weightIntegers)

        var attributes = Sums()
        for attribute in graph.nodes.flatMap(\.attributes.values) {
            switch attribute {
            case .int(let integer): attributes.integers += Int(integer)
            case .ints(let integers): attributes.integers += integers.reduce(0) { $0 + Int($1) }
            case .tensor(let tensor): try attributes.add(tensor)
            case .float, .string, .floats, .strings: break
            }
        }
        #expect(graph.nodes.reduce(0) { $0 + $1.attributes.count } == export.attributes)
        #expect(attributes.integers == export.attributeIntegers)
        #expect(attributes.bits == export.constantBits)
    }

    @Test("nodes keep the file's order, with names, inputs and attributes")
    func nodes() throws {
        let graph = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset11")).graph
        let first = try #require(graph.nodes.first)
        #expect(first.label == "Unsqueeze 'Unsqueeze_0'")
        #expect(first.inputs == ["signal"])
        #expect(first.outputs == ["75"])
        let conv = graph.nodes[1]
        #expect(conv.operation == "Conv")
        #expect(conv.domain == "")
        #expect(conv.inputs.dropFirst() == [weightName, "wav2vec2.feature_extractor.conv_layers.0.conv.bias"])
        #expect(Set(conv.attributes.keys) == ["dilations", "group", "kernel_shape", "pads", "strides"])
        #expect(conv.attributes["kernel_shape"]?.ints == [10])
        #expect(conv.attributes["group"]?.int == 1)
    }

    @Test("float and string attributes")
    func floatsAndStrings() throws {
        let graph = try ONNXModel(contentsOf: Fixtures.model("torch2.13-opset18-dynamo")).graph
        let conv = try #require(graph.nodes.first { $0.operation == "Conv" })
        let norm = try #require(graph.nodes.first { $0.operation == "LayerNormalization" })
        #expect(conv.attributes["auto_pad"]?.string == "NOTSET")
        #expect(norm.attributes["epsilon"]?.float == 1e-5)
    }

    @Test("a weight's shape and elements")
    func weight() throws {
        let model = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let weight = try #require(model.graph.initializers[weightName])
        #expect(weight.name == weightName)
        #expect(weight.elementType == .float32)
        #expect(weight.shape == [32, 1, 10])
        #expect(weight.elementCount == 320)
        #expect(try weight.floats().prefix(3) == [-0.5398954749107361, 0.45663291215896606, -0.8761537671089172])
    }

    @Test("weights can be read after their pages were released")
    func releasedPages() throws {
        let model = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let weights = model.graph.initializers.values.sorted { $0.name < $1.name }
        #expect(model.fileSize == 453_764)
        model.prefetch()
        let before = try weights.map { try $0.doubles() }
        model.releasePages()
        for weight in weights { weight.releasePages() }
        #expect(try weights.map { try $0.doubles() } == before)
    }

    private let weightName = "wav2vec2.feature_extractor.conv_layers.0.conv.weight"
}

/// Sums over float32 and integer tensors.
private struct Sums {
    var floats = 0
    var bits: UInt64 = 0
    var integers = 0

    mutating func add(_ tensor: Tensor) throws {
        if tensor.elementType == .float32 {
            let elements = try tensor.floats()
            floats += elements.count
            for element in elements { bits += UInt64(element.bitPattern) }
        } else {
            integers += try tensor.integers().reduce(0, +)
        }
    }
}
