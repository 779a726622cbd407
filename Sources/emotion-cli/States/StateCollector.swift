import Corpus
import W2V2Engine

/// Takes the states of one recording after the other, and writes them to a file.
protocol StateCollector {
    /// What comes next belongs to this recording.
    mutating func begin(_ recording: Recording, start: Double, end: Double)
    /// Takes the next state, in forward order.
    mutating func add(_ state: NetworkState) throws
    /// The recording's states are complete; without this call they don't count.
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
