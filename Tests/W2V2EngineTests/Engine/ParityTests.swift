import ONNXLoader
import TestSupport
import Testing
import W2V2Engine

@Suite("Parity with float64")
struct ParityTests {
    @Test("every output of every golden signal", arguments: Fixtures.modelNames, Backend.all)
    func outputs(name: String, backend: Backend) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model(name), options: backend.options())
        let golden = try Golden(named: name)
        #expect(Set(model.architecture.outputs) == Set(golden.outputNames))
        let tolerance = try #require(ParityTolerance.onnxRuntime[name])
        let workspace = Workspace(for: model.architecture)
        for output in golden.outputNames {
            var largest = 0.0
            for signal in golden.signals {
                let prediction = try model.predict(try golden.signal(signal), workspace: workspace)
                let values = try #require(prediction[output])
                largest = max(largest, largestDifference(values, try golden.output(output, signal: signal)))
            }
            #expect(largest <= tolerance.bound(for: output, backend.products), "\(name) \(output)")
        }
    }

    @Test("the state after every layer", arguments: Fixtures.modelNames, Backend.all)
    func states(name: String, backend: Backend) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model(name), options: backend.options())
        let golden = try Golden(named: name)
        var states: [String: [Float]] = [:]
        let layers = model.architecture.encoderLayers
        // transformers of torch 1.10's time counts the final norm's output as the last hidden state, later ones the
        // last layer's.
        let lastIsNormed = name.hasPrefix("torch1.10")
        _ = try model.states(try golden.signal(Golden.layerSignal)) { state in
            let elements = state.values
            switch state.stage {
            case .extractedFeatures: states["extract_features"] = elements
            case .positionalEmbedding: states["hidden_states.0"] = elements
            case .encoderLayer(let layer): states["hidden_states.\(layer + 1)"] = elements
            case .finalNorm:
                if lastIsNormed { states["hidden_states.\(layers)"] = elements }
                states["last_hidden_state"] = elements
            default: break
            }
        }
        #expect(Set(states.keys) == Set(golden.layerNames))
        for (layer, elements) in states {
            let expected = try golden.layer(layer).values
            #expect(elements.count == expected.count)
            // Frames are not averaged here: the rounding of single numbers, relative to the largest of them.
            let scale = expected.map(abs).max() ?? 1
            #expect(largestDifference(elements, expected) <= StateTolerance.relative(name) * scale, "\(name) \(layer)")
        }
    }
}

/// The bound on single states, relative to the largest number of the state: no more than ONNX Runtime's own largest
/// difference on the same states, of its optimised graph or the graph as written, whichever is larger.
enum StateTolerance {
    static let usual = 1.7e-6
    /// Attention that looks at one frame or another magnifies what went before. ONNX Runtime's figures are 2.7e-5 for its
    /// optimised graph and 1.4e-4 for the graph as written, of the final norm; docs/states.md has them for each state, and
    /// for more signals.
    static let spiky = 1.1e-4

    static func relative(_ model: String) -> Double { model.hasSuffix("spiky") ? spiky : usual }
}
