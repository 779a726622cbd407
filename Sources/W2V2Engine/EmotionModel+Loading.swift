import ONNXLoader
// What a user of this module sees of the others.
@_exported import PackedModel
import W2V2Recognition

@_exported import struct W2V2Recognition.RecognitionError

extension EmotionModel {
    /// Loads an ONNX file, a folder as published (`model.onnx` and `model.yaml`), or a packed model, which is used where
    /// it is: processes that run the same one share its memory.
    ///
    /// - Throws: `ONNXError` or `PackedModelError` if the file can't be read, ``RecognitionError`` if its graph isn't of
    ///   this architecture, ``ModelFolderError`` if the folder's description isn't understood, ``KernelError`` if the
    ///   processor lacks what the options ask for, `OpenBLASError` if OpenBLAS is needed and can't be opened.
    public init(contentsOf path: String, options: EngineOptions = EngineOptions()) throws {
        let location = try ModelLocation(path)
        if PackedModelFile.isPackedModel(location.file) {
            try self.init(packed: location.file, labels: location.labels, options: options)
        } else {
            try self.init(try ONNXModel(contentsOf: location.file), labels: location.labels, options: options)
        }
    }

    /// Takes over a parsed file; `labels` are by output name, and outputs without any get ``Labels/default(for:)``.
    package init(
        _ file: ONNXModel, labels: [String: [String]] = [:], options: EngineOptions = EngineOptions()
    ) throws {
        try self.init(file, as: try RecognizedModel(recognizing: file), labels: labels, options: options)
    }

    /// Takes over a parsed file that was recognised already, as `recognized`.
    package init(
        _ file: ONNXModel, as recognized: RecognizedModel, labels: [String: [String]] = [:],
        options: EngineOptions = EngineOptions()
    ) throws {
        try self.init(
            recognized.architecture, parameters: recognized.parameters, labels: labels, metadata: file.metadata,
            options: options)
        file.releasePages()
    }

    /// Writes a parsed file as a packed model: its weights in the layouts that the engine computes with, so that they
    /// are mapped and used where they are.
    ///
    /// - Parameters:
    ///   - file: the model.
    ///   - labels: what the numbers of outputs mean, by output name; ``Labels/default(for:)`` for those without any.
    ///   - path: where the packed model goes; an older file is replaced when the new one is whole.
    /// - Throws: ``RecognitionError`` if the graph isn't of this architecture, `ONNXError` if a tensor can't be read,
    ///   `PackedModelError` if the file can't be written.
    package static func pack(_ file: ONNXModel, labels: [String: [String]] = [:], to path: String) throws {
        let recognized = try RecognizedModel(recognizing: file)
        let contents = PackedContents(
            architecture: recognized.architecture,
            labels: try Labels.complete(labels, for: recognized.architecture), metadata: file.metadata)
        try contents.write(recognized.parameters, to: path)
    }
}
