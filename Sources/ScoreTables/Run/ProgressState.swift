import CXXHash
import Corpus

/// What the progress file holds about the files beside it: how far the run has come, and how many of their bytes count.
struct ProgressState: Sendable, Hashable {
    var position = RunPosition()
    /// Of the file that rows are appended to.
    var rowBytes = 0
    /// Of the errors' file.
    var errorBytes = 0
    /// Nothing is left to do but to tidy up.
    var isComplete = false
}

extension ProgressState {
    /// The words that a slot holds the state in.
    fileprivate var text: String {
        """
        recording=\(position.recording) window=\(position.window) rows=\(position.rows) failures=\(position.failures) \
        audio-seconds=\(position.audioSeconds) row-bytes=\(rowBytes) error-bytes=\(errorBytes) \
        complete=\(isComplete ? 1 : 0)
        """
    }

    /// Nil if a word is missing or its value is not one that a run has.
    fileprivate init?(_ words: [Substring: Substring]) {
        func count(_ name: Substring) -> Int? { words[name].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
        guard let recording = count("recording"), let window = count("window"), let rows = count("rows"),
            let failures = count("failures"), let seconds = words["audio-seconds"].flatMap({ Double($0) }),
            let rowBytes = count("row-bytes"), let errorBytes = count("error-bytes"), let complete = count("complete")
        else { return nil }
        position = RunPosition(
            recording: recording, window: window, rows: rows, failures: failures, audioSeconds: seconds)
        self.rowBytes = rowBytes
        self.errorBytes = errorBytes
        isComplete = complete == 1
    }
}

/// A state in the progress file: one line of a fixed length. Two of them are written in turn, so that one is whole
/// whenever the process is killed.
struct ProgressSlot: Sendable, Hashable {
    /// Counts what was written; the higher of two slots holds.
    var sequence: Int
    var state: ProgressState

    static let byteCount = 512

    var bytes: [UInt8] {
        let line = ChecksummedLine.text("sequence=\(sequence) \(state.text)")
        return Array(line.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: Self.byteCount - line.utf8.count - 1)
            + [UInt8(ascii: "\n")]
    }
}

extension ProgressSlot {
    /// Nil if the bytes are not those of a whole slot.
    init?(_ bytes: ArraySlice<UInt8>) {
        let isPadding: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        let end = bytes.lastIndex { !isPadding($0) }.map { $0 + 1 } ?? bytes.startIndex
        guard bytes.count == Self.byteCount, let line = String(validating: bytes[..<end], as: UTF8.self),
            let text = ChecksummedLine.content(of: line)
        else { return nil }
        var words: [Substring: Substring] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { words[parts[0]] = parts[1] }
        }
        guard let sequence = words["sequence"].flatMap({ Int($0) }), sequence >= 0, let state = ProgressState(words)
        else { return nil }
        self.init(sequence: sequence, state: state)
    }
}

/// Text behind its checksum: XXH3, 64 bits wide, in hexadecimal.
enum ChecksummedLine {
    static func text(_ content: String) -> String { "\(checksum(content)) \(content)" }

    /// Nil if the checksum is another one.
    static func content(of line: String) -> String? {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let content = String(parts[1])
        return parts[0] == checksum(content) ? content : nil
    }

    private static func checksum(_ text: String) -> String {
        let value = Array(text.utf8).withUnsafeBytes { xxhash_xxh3($0.baseAddress, $0.count) }
        return padded(value, digits: 16, radix: 16)
    }
}
