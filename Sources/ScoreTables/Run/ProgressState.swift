import Corpus

/// What the progress file holds about the files beside it: how far the run has come, and how many of their bytes count.
struct ProgressState: Sendable, Hashable {
    /// Where a recording began: what there was before it.
    struct Beginning: Sendable, Hashable {
        var failures = 0
        var rowBytes = 0
        var noticeBytes = 0
    }

    var position = RunPosition()
    /// Notices written.
    var notices = 0
    /// Of the file that rows are appended to.
    var rowBytes = 0
    /// Of the errors' file, and of the notices'.
    var errorBytes = 0
    var noticeBytes = 0
    /// Of what the run leaves about itself.
    var runBytes = 0
    /// Of the recording that the position is in.
    var beginning = Beginning()
    var mark = WorkMark()
    /// All rows are there.
    var isWhole = false
    /// Nothing is left to do but to tidy up.
    var isComplete = false

    /// Whether the run has written nothing yet.
    var isEmpty: Bool { rowBytes == 0 && errorBytes == 0 && noticeBytes == 0 && !isWhole }
}

extension ProgressState {
    /// The words that a slot holds the state in.
    fileprivate var text: String {
        """
        recording=\(position.recording) window=\(position.window) rows=\(position.rows) failures=\(position.failures) \
        audio-seconds=\(position.audioSeconds) notices=\(notices) row-bytes=\(rowBytes) error-bytes=\(errorBytes) \
        notice-bytes=\(noticeBytes) run-bytes=\(runBytes) \
        begun=\(beginning.failures),\(beginning.rowBytes),\(beginning.noticeBytes) work=\(mark.text) \
        done=\(isWhole ? 1 : 0),\(isComplete ? 1 : 0)
        """
    }

    /// Nil if a word is missing or its value is not one that a run has.
    fileprivate init?(_ words: Words) {
        guard let recording = words.count("recording"), let window = words.count("window"),
            let rows = words.count("rows"), let failures = words.count("failures"),
            let seconds = words["audio-seconds"].flatMap({ Double($0) }), let notices = words.count("notices"),
            let rowBytes = words.count("row-bytes"), let errorBytes = words.count("error-bytes"),
            let noticeBytes = words.count("notice-bytes"), let runBytes = words.count("run-bytes"),
            let begun = words.counts("begun", 3), let mark = words.counts("work", 7).map(WorkMark.init),
            let done = words.counts("done", 2)
        else { return nil }
        position = RunPosition(
            recording: recording, window: window, rows: rows, failures: failures, audioSeconds: seconds)
        self.notices = notices
        self.rowBytes = rowBytes
        self.errorBytes = errorBytes
        self.noticeBytes = noticeBytes
        self.runBytes = runBytes
        beginning = Beginning(failures: begun[0], rowBytes: begun[1], noticeBytes: begun[2])
        self.mark = mark
        (isWhole, isComplete) = (done[0] == 1, done[1] == 1)
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
        let words = Words(of: text)
        guard let sequence = words.count("sequence"), let state = ProgressState(words) else { return nil }
        self.init(sequence: sequence, state: state)
    }
}

/// `NAME=VALUE` words of a line.
typealias Words = [Substring: Substring]

extension Words {
    init(of text: String) {
        self.init()
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { self[parts[0]] = parts[1] }
        }
    }

    /// A number that is not negative; nil if it is missing or is none.
    func count(_ name: Substring) -> Int? { counts(name, 1)?.first }

    /// So many numbers with commas between them.
    func counts(_ name: Substring, _ count: Int) -> [Int]? {
        let numbers = self[name]?.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard let numbers, numbers.count == count, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        return numbers
    }
}

/// Text behind its checksum.
enum ChecksummedLine {
    static func text(_ content: String) -> String { "\(Checksum.text(of: Array(content.utf8))) \(content)" }

    /// Nil if the checksum is another one.
    static func content(of line: String) -> String? {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let content = String(parts[1])
        return parts[0] == Checksum.text(of: Array(content.utf8)) ? content : nil
    }
}
