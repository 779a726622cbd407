import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Memory for states")
struct StateMemoryTests {
    /// Ten minutes: 29,999 frames.
    private static let samples = 9_600_000
    private static let frames = 29_999

    private func memory(_ selection: StateSelection, samples: Int = samples) throws -> StateMemory {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        return StateMemory(of: selection, in: model, samples: samples)
    }

    @Test("counts the maps, one layer's while it is computed, and a copy")
    func attention() throws {
        let layer = 4 * Self.frames * Self.frames * 4
        let memory = try memory(StateSelection(attentionLayers: [0, 1]))
        #expect(memory.attention == 2 * layer)
        #expect(memory.needed == 5 * layer)
    }

    @Test("counts states, and the feature extractor in one piece only where its layers are kept")
    func states() throws {
        let state = Self.frames * 64 * 4
        #expect(try memory(StateSelection(stages: [.finalNorm])).needed == 2 * state)
        #expect(try memory(StateSelection(stages: [.finalNorm, .encoderLayer(0)])).needed == 3 * state)
        // The first layer's output is a tenth of the samples' number in frames, and the tile holds it once more.
        let first = Stage.featureExtractor(layer: 0)
        let extractor = try memory(StateSelection(stages: [first]))
        #expect(extractor.needed > 3 * Self.samples / 5 * 32 * 4)
        #expect(extractor.attention == 0)
        #expect(try memory(StateSelection()).needed == 0)
        #expect(try memory(.all(of: ArchitectureTests.published), samples: 0).needed > 0)
    }

    @Test("refuses what doesn't fit in one line that says how large it is and what to do")
    func refusal() throws {
        let memory = try memory(StateSelection(attentionLayers: [0, 1]))
        #expect(throws: Never.self) { try memory.check(available: memory.needed) }
        #expect(throws: Never.self) { try memory.check(available: nil) }
        let error = #expect(throws: EngineError.self) { try memory.check(available: memory.needed - 1) }
        let message = try #require(error).description
        #expect(message.contains("72.0 GB") && message.contains("28.8 GB of it attention maps"), "\(message)")
        #expect(message.contains("fewer layers") && !message.contains("\n"))
    }

    @Test("doesn't overflow")
    func overflow() throws {
        let memory = try memory(StateSelection(attentionLayers: [0, 1]), samples: 1 << 45)
        #expect(memory.needed == .max && memory.attention == .max)
    }
}
