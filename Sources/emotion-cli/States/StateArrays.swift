import Corpus
import Foundation
import NumPyFiles
import W2V2Engine

/// Takes the states of one recording after another, and writes them to a file.
protocol StateCollector {
    /// What comes next belongs to this recording.
    mutating func begin(_ recording: Recording, start: Double, end: Double)
    /// Takes the next state, in forward order.
    mutating func add(_ state: NetworkState) throws
    /// The recording's states are complete; without this call they are left out.
    mutating func end()
    /// Ends the file.
    mutating func finish() throws
}

/// Where the recordings of a file come from: its arrays file, start and end.
struct RecordingColumns {
    private(set) var files: [String] = []
    private(set) var starts: [Double] = []
    private(set) var ends: [Double] = []

    mutating func append(_ file: String, _ start: Double, _ end: Double) {
        files.append(file)
        starts.append(start)
        ends.append(end)
    }
}

/// Every state as an array of its own, written as soon as it is computed: for one recording by its name, for several as
/// `RECORDING/NAME`, with arrays that say which recording that is.
struct StateArrays: StateCollector {
    private let writer: NPZWriter
    /// Nil if there is only one recording.
    private var groups: StateGroups?
    private let attentionLayers: [Int]
    private var prefix = ""
    private var place = (file: "", start: 0.0, end: 0.0)
    private var recordings = RecordingColumns()
    private var names: [String] = []

    /// An empty file. With `isGrouped` there may be several recordings; `attentionLayers` are the layers of attention
    /// maps, counted from 1, and empty if there are no maps.
    init(_ writer: NPZWriter, isGrouped: Bool, attentionLayers: [Int]) {
        self.writer = writer
        groups = isGrouped ? StateGroups() : nil
        self.attentionLayers = attentionLayers
    }

    mutating func begin(_ recording: Recording, start: Double, end: Double) {
        place = (recording.name, start, end)
        prefix = groups?.next(for: recording, start: start, end: end) ?? ""
    }

    mutating func add(_ state: NetworkState) throws {
        // As in transformers, the first axis is the batch; attention maps have their layers there.
        let shape = state.stage == nil ? state.shape : [1] + state.shape
        try writer.add(
            try NPYArray(shape: shape, float32: state.values),
            named: prefix.isEmpty ? state.name : "\(prefix)/\(state.name)")
    }

    mutating func end() {
        names.append(prefix)
        recordings.append(place.file, place.start, place.end)
    }

    mutating func finish() throws {
        if !attentionLayers.isEmpty {
            try writer.add(NPYArray(.int64(attentionLayers.map(Int64.init))), named: "attention_layers")
        }
        if groups != nil {
            try writer.add(NPYArray(.string(names)), named: "name")
            try writer.add(recordings)
        }
        try writer.finish()
    }
}

/// Names for recordings, each once: the file's, with its times if it is a part.
struct StateGroups {
    private var taken: Set<String> = []

    mutating func next(for recording: Recording, start: Double, end: Double) -> String {
        let file = recording.path == "-" ? "stdin" : (recording.name as NSString).lastPathComponent
        let name = recording.segment == nil ? file : "\(file)@\(start)-\(end)"
        var unique = name
        var count = 1
        while !taken.insert(unique).inserted {
            count += 1
            unique = "\(name)#\(count)"
        }
        return unique
    }
}

extension NPZWriter {
    /// Adds the arrays `file`, `start` and `end`.
    func add(_ recordings: RecordingColumns) throws {
        try add(NPYArray(.string(recordings.files)), named: "file")
        try add(NPYArray(.float64(recordings.starts)), named: "start")
        try add(NPYArray(.float64(recordings.ends)), named: "end")
    }
}
