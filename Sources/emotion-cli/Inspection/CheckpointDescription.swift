import Charts
import Checkpoints
import Files
import ONNXLoader
import W2V2Engine
import W2V2Recognition

/// What a checkpoint says of itself.
struct CheckpointDescription {
    private let checkpoint: CheckpointModel
    private let path: String

    init(_ checkpoint: CheckpointModel, path: String) {
        self.checkpoint = checkpoint
        self.path = path
    }

    func lines() -> [String] {
        let weights = checkpoint.weights
        let files = weights.files.count == 1 ? "a file" : "\(weights.files.count) files"
        let form = weights.form == .safetensors ? "safetensors" : "saved by torch"
        let configuration = checkpoint.configuration
        let kind = [configuration.architecture, configuration.modelType].compactMap(\.self).map {
            printable($0, longest: 120)
        }
        return [
            "\(path): a checkpoint in \(files), \(form), \(NumberText.grouped(weights.fileSize)) bytes",
            "\(weights.tensors.count) tensors; config.json says \(kind.joined(separator: ", "))",
        ]
    }
}

extension CheckpointModel {
    /// How the parameters are stored, the most frequent form first.
    var storedNumbers: [StoredNumbers] {
        let forms = parameters.compactMap { $0.tensor?.elementType.name }
        return StoredNumbers.counted(forms)
    }
}

extension StoredNumbers {
    /// A line on what was stored and in what it is computed, where that is not the same.
    static func rows(_ stored: [StoredNumbers]) -> [(title: String, text: String)] {
        guard stored.contains(where: { $0.form != "\(ElementType.float32)" }) else { return [] }
        let forms = stored.map { "\($0.form) (\($0.parameters) parameters)" }
        return [("stored as", "\(forms.joined(separator: "; ")); computed in float32")]
    }
}
