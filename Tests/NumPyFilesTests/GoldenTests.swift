import TestSupport
import Testing

/// The goldens that every numeric test relies on, read from the files that NumPy wrote.
@Suite struct GoldenTests {
    @Test(arguments: Fixtures.modelNames)
    func everyGoldenIsReadWhole(model: String) throws {
        let golden = try Golden(named: model)
        #expect(golden.signals.count == 13)
        #expect(golden.signals.contains(Golden.layerSignal))
        #expect(golden.outputNames.first == "hidden_states")
        for signal in golden.signals {
            let samples = try golden.signal(signal)
            let digits = signal.drop { !$0.isNumber }
            if let count = Int(digits) { #expect(samples.count == count) }
            for output in golden.outputNames {
                let values = try golden.output(output, signal: signal)
                #expect(!values.isEmpty && values.allSatisfy(\.isFinite))
            }
        }
        for name in golden.layerNames {
            let (shape, values) = try golden.layer(name)
            #expect(shape.count == 2 && shape[0] == 79 && shape[0] * shape[1] == values.count)
        }
    }

    @Test func valuesAreThoseThatNumPyReads() throws {
        let golden = try Golden(named: "torch1.10-opset11")
        #expect(golden.outputNames == ["hidden_states", "logits"])
        #expect(
            golden.layerNames == [
                "extract_features", "hidden_states.0", "hidden_states.1", "hidden_states.2", "last_hidden_state",
            ])
        #expect(try golden.output("logits", signal: "noise400").first == 0.05144083231763011)
        let (shape, values) = try golden.layer("hidden_states.1")
        #expect(shape == [79, 64])
        #expect(values.last == 0.4020266563690789)
        #expect(try golden.signal("zeros16000") == [Float](repeating: 0, count: 16000))
    }
}
