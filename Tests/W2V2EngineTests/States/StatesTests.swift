import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("States")
struct StatesTests {
    /// The most that a state of a tiny model may differ from float64, absolute: about four times what float32 comes to.
    static let golden = 2e-5

    @Test("agree with float64 under the names of the goldens", arguments: Fixtures.modelNames, Backend.all)
    func goldens(name: String, backend: Backend) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model(name), options: backend.options())
        let golden = try Golden(named: name)
        let states = try model.states(try golden.signal(Golden.layerSignal))
        let last = "hidden_states.\(model.architecture.encoderLayers)"
        #expect(golden.layerNames.count == model.architecture.encoderLayers + 3)
        for layer in golden.layerNames {
            // transformers of torch 1.10's time gives the final norm's output in the last layer's place.
            let isNormed = layer == last && name.hasPrefix("torch1.10")
            let state = try #require(states[isNormed ? "last_hidden_state" : layer])
            let expected = try golden.layer(layer)
            #expect(state.shape == expected.shape)
            // Where attention is peaked, float32 errs in proportion to the state's size: docs/states.md has figures.
            let scale = expected.values.map(abs).max() ?? 1
            let bound = name.hasSuffix("spiky") ? StateTolerance.spiky * scale : Self.golden
            #expect(largestDifference(state.values, expected.values) <= bound, "\(name) \(layer)")
        }
    }

    @Test("come in forward order, each once, with their names and shapes", arguments: Fixtures.modelNames)
    func order(name: String) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model(name))
        let architecture = model.architecture
        let signal = noise(5_001)
        let states = try model.states(signal, .all(of: architecture, attention: true))
        let stages = Stage.all(of: architecture)
        #expect(states.states.map(\.name) == stages.map { $0.name(in: architecture) } + ["attentions"])
        #expect(Set(states.states.map(\.name)).count == states.states.count)
        #expect(states.states.map(\.stage) == stages.map { $0 } + [nil])
        for (state, stage) in zip(states.states, stages) {
            #expect(state.shape == stage.shape(in: architecture, samples: signal.count))
        }
        for state in states.states { #expect(state.values.count == state.shape.reduce(1, *)) }
        let frames = architecture.frames(samples: signal.count)
        #expect(
            states["attentions"]?.shape == [architecture.encoderLayers, architecture.attentionHeads, frames, frames])
        #expect(states.attentionLayers == Array(0..<architecture.encoderLayers))
    }

    @Test("are those of transformers' names")
    func names() throws {
        let published = try ArchitectureTests.published
        let names = Stage.all(of: published).map { $0.name(in: published) }
        #expect(
            names == (0..<7).map { "feature_extractor.conv_layers.\($0)" } + ["extract_features", "feature_projection"]
                + (0...12).map { "hidden_states.\($0)" } + ["last_hidden_state", "hidden_states", "logits"])
        #expect(Stage.inputNormalization.name(in: published) == "input_normalization")
    }

    @Test(
        "leave the answer's bits as they are, and have the same on any number of threads",
        arguments: [400, 5_000, 25_391, 70_000], Backend.tiles)
    func bits(samples: Int, backend: Backend) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11-spiky"), options: backend.options())
        let signal = noise(samples)
        let selection = StateSelection.all(of: model.architecture, attention: true)
        let expected = try model.predict(signal).bits
        let single = try model.states(signal, selection)
        #expect(single.prediction.bits == expected)
        for threads in 1...3 {
            let states = try model.with(threads: threads).states(signal, selection)
            #expect(states.prediction.bits == expected)
            for (state, other) in zip(states.states, single.states) {
                #expect(state.name == other.name && state.bits == other.bits, "\(state.name), \(threads) threads")
            }
        }
    }

    @Test("after the feature extractor leave the answer's bits as they are with every backend", arguments: Backend.all)
    func bitsWithoutFeatureExtractor(backend: Backend) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17"), options: backend.options())
        let signal = noise(30_000)
        let selection = StateSelection(stages: [.finalNorm, .encoderLayer(0)], attentionLayers: [0, 1])
        #expect(try model.states(signal, selection).prediction.bits == (try model.predict(signal).bits))
    }

    @Test("are only those chosen, and a workspace can be used again")
    func selection() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11-spiky"))
        let workspace = Workspace(for: model.architecture)
        let all = try model.states(noise(20_000), .all(of: model.architecture, attention: true))
        for stage in Stage.all(of: model.architecture) {
            let states = try model.states(noise(20_000), StateSelection(stages: [stage]), workspace: workspace)
            #expect(states.states.count == 1)
            let name = stage.name(in: model.architecture)
            #expect(states[name]?.bits == all[name]?.bits, "\(name)")
        }
        let maps = try model.states(noise(20_000), StateSelection(attentionLayers: [3, 1]), workspace: workspace)
        #expect(maps.states.map(\.name) == ["attentions"])
        #expect(maps.attentionLayers == [1, 3])
        let (some, every) = (try #require(maps["attentions"]), try #require(all["attentions"]))
        let layer = every.values.count / 4
        #expect(some.values == Array(every.values[layer..<2 * layer] + every.values[(3 * layer)...]))
        #expect(try model.states(noise(20_000), StateSelection()).states.isEmpty)
    }

    @Test("have a mean over time, which for the final norm is the pooled state")
    func means() throws {
        for name in ["torch1.10-opset11", "torch1.10-opset13-inputnorm"] {
            let model = try EmotionModel(contentsOf: Fixtures.model(name))
            let states = try model.states(noise(9_999), .all(of: model.architecture, attention: true))
            let pooled = try #require(states.prediction["hidden_states"])
            #expect(states["last_hidden_state"]?.meanOverTime == pooled)
            #expect(states["hidden_states"]?.meanOverTime == pooled)
            #expect(states["logits"]?.meanOverTime == states.prediction["logits"])
            #expect(states["feature_extractor.conv_layers.0"]?.meanOverTime?.count == 32)
            #expect(states["attentions"]?.meanOverTime == nil)
            #expect(states["input_normalization"]?.meanOverTime?.count == (name.hasSuffix("inputnorm") ? 1 : nil))
        }
    }

    @Test("that a network doesn't have are refused")
    func unknown() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let selections = [
            StateSelection(stages: [.encoderLayer(2)]), StateSelection(stages: [.inputNormalization]),
            StateSelection(stages: [.head(1)]), StateSelection(stages: [.featureExtractor(layer: 7)]),
            StateSelection(attentionLayers: [2]), StateSelection(attentionLayers: [-1]),
        ]
        for selection in selections {
            let error = #expect(throws: EngineError.self) { try model.states(noise(400), selection) }
            guard case .noSuchState = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(throws: EngineError.signalTooShort(samples: 399, minimum: 400)) { try model.states(noise(399)) }
    }

    @Test("pass on an error of who takes them, and no more states")
    func visitorThrows() throws {
        struct Stop: Error {}
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        for last in ["feature_extractor.conv_layers.2", "last_hidden_state", "logits", "attentions"] {
            var seen: [String] = []
            #expect(throws: Stop.self) {
                try model.states(noise(1_000), .all(of: model.architecture, attention: true)) { state in
                    seen.append(state.name)
                    if state.name == last { throw Stop() }
                }
            }
            #expect(seen.last == last)
        }
    }
}

extension NetworkState {
    fileprivate var bits: [UInt32] { values.map(\.bitPattern) }
}
