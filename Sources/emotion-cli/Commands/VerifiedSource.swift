import Checkpoints
import ONNXLoader
import Verification
import W2V2Engine
import W2V2Recognition

/// What a model is made of and checked against: a graph, or a checkpoint.
enum VerifiedSource {
    case graph(ONNXModel, RecognizedModel)
    case checkpoint(CheckpointModel)

    init(_ location: ModelLocation) throws {
        if location.form == .checkpoint {
            let checkpoint = try CheckpointModel(at: location.file)
            checkpoint.notices.forEach { Messages.notice($0) }
            self = .checkpoint(checkpoint)
        } else {
            let graph = try ONNXModel(contentsOf: location.file)
            self = .graph(graph, try RecognizedModel(recognizing: graph))
        }
    }

    var isFloat32: Bool {
        switch self {
        case .graph(_, let recognized): recognized.isFloat32
        // The published numbers are of signals as they are.
        case .checkpoint: false
        }
    }

    /// Says what is going to be run literally, which takes a while.
    func announce(_ signal: TestSignal) {
        let what = if case .graph = self { "graph" } else { "checkpoint's network" }
        Messages.notice("running the \(what) on \(signal.name), \(signal.samples.count) samples")
    }

    func engine(labels: [String: [String]], options: EngineOptions) throws -> EmotionModel {
        switch self {
        case .graph(let graph, let recognized):
            try EmotionModel(graph, as: recognized, labels: labels, options: options)
        case .checkpoint(let checkpoint): try EmotionModel(checkpoint, options: options)
        }
    }

    func oracleCheck(of engine: EmotionModel) throws -> OracleCheck {
        switch self {
        case .graph(let graph, let recognized): try OracleCheck(of: engine, against: graph, recognized: recognized)
        case .checkpoint(let checkpoint): try OracleCheck(of: engine, against: checkpoint)
        }
    }

    func layerCheck(of engine: EmotionModel) throws -> LayerCheck {
        switch self {
        case .graph(let graph, let recognized): try LayerCheck(of: engine, against: graph, recognized: recognized)
        case .checkpoint(let checkpoint): try LayerCheck(of: engine, against: checkpoint)
        }
    }
}
