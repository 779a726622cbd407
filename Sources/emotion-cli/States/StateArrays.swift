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

/// Where the states of a recording come from.
typealias RecordingPlace = (file: String, start: Double, end: Double)

/// Every state as an array of its own, written as soon as it is computed: for one recording by its name, for several as
/// `RECORDING/NAME`, with arrays that say which recording that is.
struct StateArrays: StateCollector {
    private let writer: NPZWriter
    private let isGrouped: Bool
    private var groups: Set<String> = []
    private let attentionLayers: [Int]
    private var prefix = ""
    private var place: RecordingPlace = ("", 0, 0)
    private var recordings: [RecordingPlace] = []
    private var names: [String] = []

    /// An empty file. With `isGrouped` there may be several recordings; `attentionLayers` are the layers of attention
    /// maps, counted from 1, and empty if there are no maps.
    init(_ writer: NPZWriter, isGrouped: Bool, attentionLayers: [Int]) {
        self.writer = writer
        self.isGrouped = isGrouped
        self.attentionLayers = attentionLayers
    }

    mutating func begin(_ recording: Recording, start: Double, end: Double) {
        place = (recording.name, start, end)
        prefix = isGrouped ? group(for: recording) : ""
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
        recordings.append(place)
    }

    mutating func finish() throws {
        if !attentionLayers.isEmpty {
            try writer.add(NPYArray(.int64(attentionLayers.map(Int64.init))), named: "attention_layers")
        }
        if isGrouped {
            try writer.add(NPYArray(.string(names)), named: "name")
            try writer.add(recordings)
        }
        try writer.finish()
    }

    /// A name for each recording, once: the file's, with its times if it is a part.
    private mutating func group(for recording: Recording) -> String {
        let file = recording.path == "-" ? "stdin" : (recording.name as NSString).lastPathComponent
        let name = recording.segment == nil ? file : "\(file)@\(place.start)-\(place.end)"
        var unique = name
        var count = 1
        while !groups.insert(unique).inserted {
            count += 1
            unique = "\(name)#\(count)"
        }
        return unique
    }
}

extension NPZWriter {
    /// Adds the arrays `file`, `start` and `end`.
    func add(_ recordings: [RecordingPlace]) throws {
        try add(NPYArray(.string(recordings.map(\.file))), named: "file")
        try add(NPYArray(.float64(recordings.map(\.start))), named: "start")
        try add(NPYArray(.float64(recordings.map(\.end))), named: "end")
    }
}
