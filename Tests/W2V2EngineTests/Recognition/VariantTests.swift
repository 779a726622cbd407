import ONNXInterpreter
import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Network
@testable import W2V2Recognition

/// Graphs that differ from the exports and are still the architecture.
@Suite("Recognition of other ways to write the same network")
struct VariantTests {
    @Test(
        "an Identity is plumbing",
        arguments: [
            Published.firstConvolution, Published.shiftedByBias, Published.positionSum, Published.keyHeadsFirst,
            Published.attentionSum, Published.tanh,
        ])
    func identity(after name: String) throws {
        var model = try fixture("torch1.10-opset11")
        let plain = try RecognizedModel(recognizing: model)
        try model.insert("Identity", named: "identity", after: name)
        let recognized = try RecognizedModel(recognizing: model)
        #expect(recognized.architecture == plain.architecture)
        #expect(recognized.roles.count == plain.roles.count + 1)
        let role = try #require(recognized.roles.first { $0.node == "Identity 'identity'" })
        #expect(role.kind == .plumbing)
    }

    @Test("an Identity before an output leaves the output's name")
    func identityOutput() throws {
        var model = try fixture("torch1.10-opset11")
        try model.insert("Identity", named: "identity", after: Published.pooled)
        let recognized = try RecognizedModel(recognizing: model)
        #expect(recognized.architecture.outputs == ["hidden_states", "logits"])
    }

    @Test("other strides are read, not assumed")
    func stride() throws {
        var model = try fixture("torch1.10-opset11")
        try model.setAttribute("strides", of: Published.secondConvolution, to: .ints([3]))
        let architecture = try RecognizedModel(recognizing: model).architecture
        #expect(architecture.featureExtractor[1].stride == 3)
        #expect(architecture.hop == 480)
    }

    @Test("the exact Gelu operator")
    func geluOperator() throws {
        var model = try fixture("torch2.13-opset18-dynamo")
        let plain = try RecognizedModel(recognizing: model)
        model.opsets[""] = 20
        try model.replaceGELU(from: "node_Div_11", to: "node_gelu", by: "Gelu")
        #expect(try RecognizedModel(recognizing: model).architecture == plain.architecture)
    }

    @Test("GELU with x halved first, and erf's argument as a product")
    func geluForms() throws {
        var model = try fixture("torch1.10-opset11")
        try model.setConstant(Published.rootOfTwo, to: Float(0.5.squareRoot()))
        try model.edit(Published.argumentOfErf) { $0.operation = "Mul" }
        // (x · (1 + erf)) · ½ becomes (x · ½) · (1 + erf).
        try model.edit(Published.productOfGELU) { $0.inputs = [Published.Value.geluInput, Published.Value.half] }
        try model.edit(Published.gelu) { $0.inputs = [Published.Value.productOfGELU, Published.Value.onePlusErf] }
        try model.move(Published.half, before: Published.productOfGELU)
        #expect(
            try RecognizedModel(recognizing: model).roles.contains {
                $0.operation == "GELU" && $0.node == "Mul '\(Published.productOfGELU)'"
            })
    }

    @Test("queries and keys both scaled, and the scores divided")
    func scales() throws {
        var model = try fixture("torch1.10-opset11")
        try model.setConstant(Published.queryScale, to: 0.5)
        try model.insert("Mul", named: "key_scale", after: Published.key, and: [Published.Value.queryScale])
        #expect(try RecognizedModel(recognizing: model).architecture.attentionHeads == 4)

        var divided = try fixture("torch2.13-opset18-dynamo")
        try divided.setInitializer("val_138", to: 4)
        try divided.edit("node_mul_211") { $0.operation = "Div" }
        try divided.edit("node_mul_316") { $0.operation = "Div" }
        #expect(try RecognizedModel(recognizing: divided).architecture.attentionHeads == 4)
    }

    @Test("query and key are told apart by their part in the scores")
    func bindingByRole() throws {
        var model = try fixture("torch2.13-opset17")
        let plain = try Self.tensorNames(model)
        let (query, key) = (
            "/wav2vec2/encoder/layers.0/attention/q_proj/Add", "/wav2vec2/encoder/layers.0/attention/k_proj/Add"
        )
        let (queryValue, keyValue) = (try model.node(query).outputs[0], try model.node(key).outputs[0])
        try model.edit("/wav2vec2/encoder/layers.0/attention/Reshape") { $0.inputs[0] = keyValue }
        try model.edit("/wav2vec2/encoder/layers.0/attention/Reshape_1") { $0.inputs[0] = queryValue }
        let reshape = model.graph.nodes.remove(at: try model.index("/wav2vec2/encoder/layers.0/attention/Reshape"))
        model.graph.nodes.insert(reshape, at: try model.index("/wav2vec2/encoder/layers.0/attention/Reshape_1"))
        let transpose = model.graph.nodes.remove(at: try model.index("/wav2vec2/encoder/layers.0/attention/Transpose"))
        model.graph.nodes.insert(transpose, at: try model.index("/wav2vec2/encoder/layers.0/attention/Transpose_2"))
        let swapped = try Self.tensorNames(model)
        #expect(swapped["q_proj"] == plain["k_proj"])
        #expect(swapped["k_proj"] == plain["q_proj"])
        #expect(swapped["v_proj"] == plain["v_proj"])
        #expect(Set(plain.values).count == 3)
    }

    /// The tensors of the first layer's projections.
    private static func tensorNames(_ model: ONNXModel) throws -> [String: String] {
        let parameters = try RecognizedModel(recognizing: model).parameters
        let projections = ["q_proj", "k_proj", "v_proj"].map { name in
            (name, parameters.first { $0.name == "encoder.layers.0.attention.\(name).weight" }?.tensor.name ?? "")
        }
        return Dictionary(uniqueKeysWithValues: projections)
    }

    /// Every whole number of the graph, changed, gives another network, a refusal, or a graph that computes the
    /// same: then the literal run must agree, on one frame and on several.
    @Test(
        "a whole number that is changed is understood or refused",
        arguments: [
            "torch1.10-opset11-unfolded", "torch1.10-opset13-inputnorm", "torch2.13-opset17",
            "torch2.13-opset18-dynamo",
        ])
    func integers(name: String) throws {
        let model = try fixture(name)
        let plain = try RecognizedModel(recognizing: model)
        let signals = [400, 1999].map { count in (0..<count).map { Float(($0 * 7919) % 1000) / 1000 - 0.5 } }
        let expected = try signals.map { try Interpreter(model).run(signal: $0) }
        let elements = try ParameterTests.elements(of: plain)
        var (refused, accepted) = (0, 0)
        for changed in try Self.withOneIntegerChanged(model) {
            guard let recognized = try? RecognizedModel(recognizing: changed.model) else {
                refused += 1
                continue
            }
            accepted += 1
            guard recognized.architecture == plain.architecture,
                try ParameterTests.elements(of: recognized) == elements
            else { continue }
            for (signal, outputs) in zip(signals, expected) {
                let found = try Interpreter(changed.model).run(signal: signal)
                #expect(found == outputs, "\(changed.what) was taken for no change")
            }
        }
        #expect(refused > 50)
        #expect(accepted < refused)
    }

    static func withOneIntegerChanged(_ model: ONNXModel) throws -> [(what: String, model: ONNXModel)] {
        var result: [(String, ONNXModel)] = []
        for (index, node) in model.graph.nodes.enumerated() {
            for (name, attribute) in node.attributes {
                for changed in try withOneIntegerChanged(attribute) {
                    var other = model
                    other.graph.nodes[index].attributes[name] = changed
                    result.append(("\(name) of \(node.label)", other))
                }
            }
        }
        for (name, tensor) in model.graph.initializers {
            for case .tensor(let changed) in try withOneIntegerChanged(.tensor(tensor)) {
                var other = model
                other.graph.initializers[name] = changed
                result.append(("initializer \(name)", other))
            }
        }
        return result
    }

    /// The attribute with each of its whole numbers one more or less, 0, and as far off as can be.
    private static func withOneIntegerChanged(_ attribute: Attribute) throws -> [Attribute] {
        func changes(of values: [Int]) -> [[Int]] {
            values.indices.flatMap { index in
                Set([values[index] - 1, values[index] + 1, 0, Int.max, Int.min]).subtracting([values[index]]).map {
                    var changed = values
                    changed[index] = $0
                    return changed
                }
            }
        }
        switch attribute {
        case .int(let value):
            return changes(of: [Int(value)]).map { .int(Int64($0[0])) }
        case .ints(let values):
            return changes(of: values.map { Int($0) }).map { .ints($0.map { Int64($0) }) }
        case .tensor(let tensor) where tensor.elementType == .int64:
            return try changes(of: tensor.integers()).map {
                .tensor(try Tensor(name: tensor.name, shape: tensor.shape, integers: $0))
            }
        default:
            return []
        }
    }
}
