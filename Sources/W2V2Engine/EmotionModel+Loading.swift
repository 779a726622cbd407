import Checkpoints
import ONNXLoader
// What a user of this module sees of the others.
@_exported import PackedModel
import W2V2Recognition

@_exported import struct Checkpoints.CheckpointError
@_exported import struct W2V2Recognition.RecognitionError

extension EmotionModel {
    /// Loads a model of any form: an ONNX file; a folder as published (`model.onnx` and `model.yaml`); a checkpoint as the
    /// Hugging Face hub has it (`model.safetensors` or `pytorch_model.bin` beside `config.json`), by its folder or its file;
    /// or a packed model, which is used where it is: processes that run the same one share its memory.
    ///
    /// - Throws: `ONNXError`, `CheckpointError` or `PackedModelError` if the file can't be read, ``RecognitionError`` if its
    ///   graph isn't of this architecture, ``ModelFolderError`` if the folder's description isn't understood,
    ///   ``KernelError`` if the processor lacks what the options ask for, `OpenBLASError` if OpenBLAS is needed and can't be
    ///   opened.
    public init(contentsOf path: String, options: EngineOptions = EngineOptions()) throws {
        try self.init(at: try ModelLocation(path), options: options)
    }

    /// Loads the model at a place that was looked at; `notice` is told what a user should know of it.
    package init(at location: ModelLocation, options: EngineOptions, notice: (String) -> Void = { _ in }) throws {
        switch location.form {
        case .packed:
            try self.init(packed: location.file, labels: location.labels, options: options)
        case .graph:
            try self.init(try ONNXModel(contentsOf: location.file), labels: location.labels, options: options)
        case .checkpoint:
            let checkpoint = try CheckpointModel(at: location.file)
            try self.init(checkpoint, options: options)
            checkpoint.notices.forEach(notice)
        }
        if location.lacksDescription {
            notice("\(location.file): no model.yaml beside it; its numbers have the usual labels")
        }
    }

    /// Takes over a checkpoint that was read.
    package init(_ checkpoint: CheckpointModel, options: EngineOptions = EngineOptions()) throws {
        checkpoint.weights.prefetch()
        try self.init(
            checkpoint.architecture, parameters: checkpoint.parameters, labels: checkpoint.labels, metadata: [:],
            options: options)
        checkpoint.weights.releasePages()
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
    ///   - precision: of its products.
    ///   - path: where the packed model goes; an older file is replaced when the new one is whole.
    /// - Throws: ``RecognitionError`` if the graph isn't of this architecture, `ONNXError` if a tensor can't be read,
    ///   `PackedModelError` if the file can't be written.
    package static func pack(
        _ file: ONNXModel, labels: [String: [String]] = [:], precision: Precision = .float32, to path: String
    ) throws {
        let recognized = try RecognizedModel(recognizing: file)
        let contents = PackedContents(
            architecture: recognized.architecture, precision: precision,
            labels: try Labels.complete(labels, for: recognized.architecture), metadata: file.metadata)
        try contents.write(recognized.parameters, to: path)
    }

    /// Writes a checkpoint as a packed model.
    ///
    /// - Throws: `CheckpointError` if a tensor can't be read, `PackedModelError` if the file can't be written.
    package static func pack(_ checkpoint: CheckpointModel, precision: Precision = .float32, to path: String) throws {
        let contents = PackedContents(
            architecture: checkpoint.architecture, precision: precision,
            labels: try Labels.complete(checkpoint.labels, for: checkpoint.architecture), metadata: [:])
        try contents.write(checkpoint.parameters, to: path)
    }
}
