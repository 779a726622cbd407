import ONNXInterpreter
import TestSupport
import Testing

@testable import ONNXLoader

/// Every tiny export against its float64 golden.
@Suite struct GoldenTests {
    /// The goldens have the exact epsilons, √2 and weight norm, the graphs those rounded to float32: 6e-8 of each.
    private static let tolerance = 1e-6
    /// Peaky attention and outlier channels magnify the same rounding. `spikyIsExactWithoutRounding` shows that nothing
    /// else is behind it.
    private static let spikyOutputTolerance = 2e-6
    private static let spikyStateTolerance = 6e-5

    /// What some hundred operations in Double may differ by, magnified by the spiky layers.
    private static let roundingTolerance = 5e-12

    private static let spiky = "torch1.10-opset11-spiky"

    @Test(arguments: Fixtures.modelNames)
    func `outputs for every signal`(name: String) throws {
        let interpreter = try Interpreter(ONNXModel(contentsOf: Fixtures.model(name)))
        let golden = try Golden(named: name)
        try #require(!golden.signals.isEmpty && !golden.outputNames.isEmpty)
        for signal in golden.signals {
            let results = try interpreter.run(signal: golden.signal(signal))
            #expect(Set(results.keys) == Set(golden.outputNames))
            for output in golden.outputNames {
                let expected = try golden.output(output, signal: signal)
                let found = try #require(results[output])
                let difference = try largestDifference(found, real([1, expected.count], expected))
                #expect(
                    difference <= (name == Self.spiky ? Self.spikyOutputTolerance : Self.tolerance),
                    "\(output) of \(signal)")
            }
        }
    }

    @Test(arguments: Fixtures.modelNames)
    func `states of every layer`(name: String) throws {
        let model = try ONNXModel(contentsOf: Fixtures.model(name))
        let golden = try Golden(named: name)
        let values = try stateValues(of: model.graph, in: golden)
        let results = try Interpreter(model).run(
            signal: golden.signal(Golden.layerSignal), keeping: Set(values.values))
        for (state, value) in values {
            let difference = try largestDifference(#require(results[value]), tensor(golden, state))
            #expect(
                difference <= (name == Self.spiky ? Self.spikyStateTolerance : Self.tolerance),
                "\(state), which is '\(value)'")
        }
    }

    /// With exact constants, and with the golden's state after the positional convolution, whose folded weights are
    /// rounded too, the spiky model's further states are the golden's to within the rounding of Double.
    @Test func spikyIsExactWithoutRounding() throws {
        var model = try ONNXModel(contentsOf: Fixtures.model(Self.spiky))
        let golden = try Golden(named: Self.spiky)
        let values = try stateValues(of: model.graph, in: golden)

        let exactConstants = [Float(2.0.squareRoot()): 2.0.squareRoot(), Float(1e-5): 1e-5]
        for (index, node) in model.graph.nodes.enumerated() where node.operation == "Constant" {
            guard case .tensor(let value)? = node.attributes["value"], value.elementType == .float32,
                let exact = try exactConstants[value.floats()[0]]
            else { continue }
            model.graph.nodes[index].attributes["value"] = .tensor(try Tensor(shape: [], doubles: [exact]))
        }
        let start = try #require(values["hidden_states.0"])
        model.graph.nodes.removeAll { $0.outputs.contains(start) }
        model.graph.inputs.append(ValueInfo(name: start))

        let samples = try golden.signal(Golden.layerSignal)
        let results = try Interpreter(model).run(
            inputs: [
                model.graph.inputs[0].name: real([1, samples.count], samples.map { Double($0) }),
                start: tensor(golden, "hidden_states.0"),
            ], keeping: Set(values.values))
        for (state, value) in values where state != "extract_features" {
            let difference = try largestDifference(#require(results[value]), tensor(golden, state))
            #expect(difference <= Self.roundingTolerance, "\(state)")
        }
        for output in golden.outputNames {
            let expected = try golden.output(output, signal: Golden.layerSignal)
            let difference = try largestDifference(#require(results[output]), real([1, expected.count], expected))
            #expect(difference <= Self.roundingTolerance, "\(output)")
        }
    }

    private func tensor(_ golden: Golden, _ state: String) throws -> InterpreterTensor {
        let (shape, values) = try golden.layer(state)
        return try real([1] + shape, values)
    }

    /// The graph's value for each state of the golden.
    ///
    /// The exports keep the names of LayerNorm's parameters, so a state is found by the LayerNorm that makes or reads
    /// it: the features are what the projection's makes, the last state is what the encoder's makes, and the states
    /// before it are what the next layer's first one reads. The state after the last layer is what the encoder's reads;
    /// but the older library that made the goldens of the torch 1.10 exports gives the last state there again.
    private func stateValues(of graph: Graph, in golden: Golden) throws -> [String: String] {
        let prefix = "hidden_states."
        let layers = golden.layerNames.count { $0.hasPrefix(prefix) } - 1
        let lastIsNormalized = try golden.layer("\(prefix)\(layers)").values == golden.layer("last_hidden_state").values
        return try Dictionary(
            uniqueKeysWithValues: golden.layerNames.map { state in
                switch state {
                case "extract_features":
                    (state, try result(ofNorm: "wav2vec2.feature_projection.layer_norm", in: graph))
                case "last_hidden_state":
                    (state, try result(ofNorm: "wav2vec2.encoder.layer_norm", in: graph))
                case "\(prefix)\(layers)":
                    (
                        state,
                        lastIsNormalized
                            ? try result(ofNorm: "wav2vec2.encoder.layer_norm", in: graph)
                            : try argument(ofNorm: "wav2vec2.encoder.layer_norm", in: graph)
                    )
                default:
                    (
                        state,
                        try argument(
                            ofNorm: "wav2vec2.encoder.layers.\(state.dropFirst(prefix.count)).layer_norm", in: graph)
                    )
                }
            })
    }

    /// What a LayerNorm makes: the result of the node that takes its bias.
    private func result(ofNorm module: String, in graph: Graph) throws -> String {
        try #require(graph.nodes.first { $0.inputs.contains("\(module).bias") }).outputs[0]
    }

    /// What a LayerNorm reads. As primitive operators it is ((x − mean) / deviation) · weight + bias.
    private func argument(ofNorm module: String, in graph: Graph) throws -> String {
        let weight = "\(module).weight"
        let node = try #require(graph.nodes.first { $0.inputs.contains(weight) })
        if node.operation == "LayerNormalization" { return node.inputs[0] }
        func producer(of value: String, _ operation: String) throws -> Node {
            let node = try #require(graph.nodes.first { $0.outputs.contains(value) })
            #expect(node.operation == operation)
            return node
        }
        let quotient = try producer(of: try #require(node.inputs.first { $0 != weight }), "Div")
        return try producer(of: quotient.inputs[0], "Sub").inputs[0]
    }
}
