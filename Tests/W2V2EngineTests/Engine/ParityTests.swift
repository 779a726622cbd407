import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Engine

@Suite("Parity with float64")
struct ParityTests {
    @Test("every output of every golden signal", arguments: Fixtures.modelNames)
    func outputs(name: String) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model(name))
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
            #expect(largest <= tolerance.bound(for: output), "\(name) \(output)")
        }
    }

    @Test("the state after every layer", arguments: Fixtures.modelNames)
    func states(name: String) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model(name))
        let golden = try Golden(named: name)
        var states: [String: [Float]] = [:]
        let layers = model.architecture.encoderLayers
        // transformers of torch 1.10's time counts the final norm's output as the last hidden state, later ones the
        // last layer's.
        let lastIsNormed = name.hasPrefix("torch1.10")
        _ = try model.predict(try golden.signal(Golden.layerSignal)) { stage, _, _, elements in
            switch stage {
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

    private func largestDifference(_ actual: [Float], _ expected: [Double]) -> Double {
        guard actual.count == expected.count else { return .infinity }
        return zip(actual, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
    }
}

/// The bound on single states, relative to the largest number of the state: ONNX Runtime's own largest difference on
/// the same states.
enum StateTolerance {
    static let usual = 1.7e-6
    /// Attention that looks at one frame or another magnifies what went before.
    static let spiky = 1.1e-4

    static func relative(_ model: String) -> Double { model.hasSuffix("spiky") ? spiky : usual }
}
