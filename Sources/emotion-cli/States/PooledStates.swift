import Corpus
import NumPyFiles
import W2V2Engine

/// The means over time of each recording: `layers`, `[recordings, layers, hidden]`, the hidden states that are chosen,
/// with `layer`, their numbers; every other state by its name, `[recordings, channels]`; and file, start and end.
struct PooledStates: StateCollector {
    /// The means of one state, or of the hidden states together.
    private struct Column {
        let name: String
        /// Without the axis of recordings.
        let shape: [Int]
        var values: [Float] = []
    }

    private static let layers = "layers"

    private let writer: NPZWriter
    private let layerNumbers: [Int]
    private var columns: [Column] = []
    /// Which column a stage's means go to.
    private var columnOfStage: [Stage: Int] = [:]
    private var row: [[Float]] = []
    private var place: RecordingPlace = ("", 0, 0)
    private var recordings: [RecordingPlace] = []

    init(_ writer: NPZWriter, _ stages: Set<Stage>, of architecture: Architecture) {
        self.writer = writer
        layerNumbers = stages.compactMap(\.hiddenStateNumber).sorted()
        for stage in Stage.all(of: architecture) where stages.contains(stage) {
            if stage.hiddenStateNumber != nil {
                if columns.last?.name != Self.layers {
                    columns.append(Column(name: Self.layers, shape: [layerNumbers.count, architecture.hiddenSize]))
                }
            } else {
                columns.append(Column(name: stage.name(in: architecture), shape: stage.meanShape(in: architecture)))
            }
            columnOfStage[stage] = columns.count - 1
        }
    }

    mutating func begin(_ recording: Recording, start: Double, end: Double) {
        place = (recording.name, start, end)
        row = columns.map { _ in [] }
    }

    mutating func add(_ state: NetworkState) {
        guard let column = state.stage.flatMap({ columnOfStage[$0] }), let mean = state.meanOverTime else { return }
        row[column] += mean
    }

    mutating func end() {
        for (index, values) in row.enumerated() { columns[index].values += values }
        recordings.append(place)
    }

    mutating func finish() throws {
        for column in columns {
            try writer.add(
                try NPYArray(shape: [recordings.count] + column.shape, float32: column.values), named: column.name)
        }
        if !layerNumbers.isEmpty { try writer.add(NPYArray(.int64(layerNumbers.map(Int64.init))), named: "layer") }
        try writer.add(recordings)
        try writer.finish()
    }
}

extension Stage {
    /// N of `hidden_states.N`; nil for other stages.
    var hiddenStateNumber: Int? {
        switch self {
        case .positionalEmbedding: 0
        case .encoderLayer(let layer): layer + 1
        default: nil
        }
    }
}
