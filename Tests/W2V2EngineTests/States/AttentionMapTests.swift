import Foundation
import ONNXInterpreter
import ONNXLoader
import StandInModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Attention maps")
struct AttentionMapTests {
    /// How far a weight, which is at most 1, may be from the graph's in Double: what float32 scores of a few units come
    /// to. A frame counted twice, or another scale of the scores, is far beyond it.
    static let usual = 1e-6
    /// Where attention is peaked, each layer turns the rounding of those before it into larger errors of a few weights,
    /// so it is the mean difference that tells. PyTorch in float32 comes to 6e-6 on noise (and to 1e-2 in single
    /// weights).
    static let spikyMean = 1e-5
    /// How far a row's sum may be from 1: its own rounding, and that of the division, in float32.
    static let rowSum = 1e-6

    @Test("are those of the graph's own softmax in Double, in each layer and head", arguments: Fixtures.modelNames)
    func graph(name: String) throws {
        let file = try ONNXModel(contentsOf: Fixtures.model(name))
        // Fewer frames than a block of queries, and more, at the end of a block.
        for samples in [400, 8_000, 320 * 97 + 80] {
            try check(file, signal: noise(samples), isSpiky: name.hasSuffix("spiky"))
        }
    }

    @Test("of a network whose sizes nothing divides evenly but what must", arguments: Backend.all)
    func awkwardSizes(backend: Backend) throws {
        let folder = try TemporaryFolder()
        try StandIn(sizes: .awkward).write(toDirectory: folder.path)
        let file = try ONNXModel(contentsOf: folder.file("model.onnx"))
        for frames in [1, 2, 13, 95, 96, 97, 130] {
            try check(file, signal: noise(21 + 12 * (frames - 1)), backends: [backend])
        }
    }

    private func check(
        _ file: ONNXModel, signal: [Float], isSpiky: Bool = false, backends: [Backend] = Backend.all
    ) throws {
        let softmaxes = file.graph.nodes.filter { $0.operation == "Softmax" }.map { $0.outputs[0] }
        let exact = try Interpreter(file).run(signal: signal, keeping: Set(softmaxes))
        for backend in backends {
            let model = try EmotionModel(file, options: backend.options(threads: 2))
            let layers = model.architecture.encoderLayers
            #expect(softmaxes.count == layers)
            let selection = StateSelection(attentionLayers: Set(0..<layers))
            let maps = try #require(try model.states(signal, selection)["attentions"])
            let frames = model.architecture.frames(samples: signal.count)
            #expect(maps.shape == [layers, model.architecture.attentionHeads, frames, frames])
            let expected = try softmaxes.flatMap { try #require(exact[$0]?.reals) }
            #expect(maps.values.count == expected.count)
            let differences = zip(maps.values, expected).map { abs(Double($0) - $1) }
            let (found, bound) =
                isSpiky
                ? (differences.reduce(0, +) / Double(expected.count), Self.spikyMean)
                : (differences.max() ?? .infinity, Self.usual)
            #expect(found <= bound, "\(backend), \(frames) frames")
            for row in stride(from: 0, to: maps.values.count, by: frames) {
                let sum = maps.values[row..<row + frames].reduce(0) { $0 + Double($1) }
                #expect(abs(sum - 1) <= Self.rowSum)
            }
        }
    }
}
