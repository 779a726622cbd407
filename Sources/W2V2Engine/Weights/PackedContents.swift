import Kernels
import ONNXLoader
import PackedModel

/// What a packed model tells besides its weights.
struct PackedContents: Codable {
    var architecture: Architecture
    var labels: [String: [String]]
    var metadata: [String: String]
}

extension EmotionModel {
    /// Writes a parsed file as a packed model: its weights in the layouts that the engine computes with, so that they
    /// are mapped and used where they are.
    ///
    /// - Parameters:
    ///   - file: the model.
    ///   - labels: what the numbers of outputs mean, by output name; ``Labels/default(for:)`` for those without any.
    ///   - path: where the packed model goes; an older file is replaced when the new one is whole.
    /// - Throws: ``RecognitionError`` where the graph isn't of this architecture, `ONNXError` where a tensor can't be
    ///   read, `PackedModelError` where the file can't be written.
    package static func pack(_ file: ONNXModel, labels: [String: [String]] = [:], to path: String) throws {
        let recognized = try RecognizedModel(recognizing: file)
        let contents = PackedContents(
            architecture: recognized.architecture,
            labels: try Labels.complete(labels, for: recognized.architecture), metadata: file.metadata)
        let weights = recognized.packableWeights
        try PackedModelWriter.write(
            to: path, contents: contents, blocks: weights.map { ($0.name, $0.count) }
        ) { index, write in
            try weights[index].pack().withUnsafeBufferPointer { try write($0.span) }
        }
    }
}
