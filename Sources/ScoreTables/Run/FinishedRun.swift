import Files
import Foundation

/// What a finished run leaves beside FILE, in `FILE.run`: what it was of, what became of it, and where in FILE the
/// recordings belong that failed.
///
/// A line that names the format; the identity, as JSON; a line for each recording that failed; and one with the sizes
/// of FILE and the files beside it, which ends in the checksum of all that precedes it. It is the same however often the
/// run was interrupted.
struct FinishedRun: Sendable, Hashable {
    let identity: RunIdentity
    let totals: Totals
    /// In the order of the recordings.
    let failed: [FailedRecording]

    struct Totals: Sendable, Hashable {
        var recordings: Int
        var failures: Int
        var notices: Int
        /// Of the rows, without what follows the last one; of a compressed table, before it was compressed.
        var rowBytes: Int
        var errorBytes: Int
        var noticeBytes: Int
        /// FILE itself.
        var tableBytes: Int
        var tableChecksum: String
    }

    static let firstLine = "emotion-cli run 1"

    /// What the file begins with.
    static func opening(_ identity: RunIdentity) throws -> [UInt8] {
        Array("\(firstLine)\n\(try identity.json)\n".utf8)
    }

    /// Its last line, after `beginning`.
    static func closing(_ totals: Totals, after beginning: [UInt8]) -> [UInt8] {
        let line = """
            end recordings=\(totals.recordings) failures=\(totals.failures) notices=\(totals.notices) \
            row-bytes=\(totals.rowBytes) error-bytes=\(totals.errorBytes) notice-bytes=\(totals.noticeBytes) \
            table-bytes=\(totals.tableBytes) table-checksum=\(totals.tableChecksum)
            """
        let checksum = Checksum.text(of: beginning + Array(line.utf8))
        return Array("\(line) checksum=\(checksum)\n".utf8)
    }

    /// - Returns: Nil if the bytes are not those of such a file.
    init?(_ bytes: [UInt8]) {
        guard bytes.last == UInt8(ascii: "\n"), let text = String(validating: bytes.dropLast(), as: UTF8.self) else {
            return nil
        }
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
        let mark = " checksum="
        guard lines.count >= 3, lines[0] == Self.firstLine, let last = lines.last, last.hasPrefix("end "),
            let identity = RunIdentity(json: String(lines[1])),
            let totals = Totals(Words(of: String(last))), let checksum = Words(of: String(last))["checksum"],
            last.hasSuffix(mark + checksum),
            checksum == Checksum.text(of: Array(bytes.dropLast(1 + mark.utf8.count + checksum.utf8.count)))
        else { return nil }
        var failed: [FailedRecording] = []
        for line in lines[2...].dropLast() {
            guard let recording = FailedRecording(String(line)), recording.isAfter(failed.last) else { return nil }
            failed.append(recording)
        }
        guard failed.last.map({ $0.rowBytes.upperBound <= totals.rowBytes }) ?? true else { return nil }
        self.identity = identity
        self.totals = totals
        self.failed = failed
    }
}

extension FinishedRun.Totals {
    fileprivate init?(_ words: Words) {
        guard let recordings = words.count("recordings"), let failures = words.count("failures"),
            let notices = words.count("notices"),
            let rowBytes = words.count("row-bytes"), let errorBytes = words.count("error-bytes"),
            let noticeBytes = words.count("notice-bytes"), let tableBytes = words.count("table-bytes"),
            let tableChecksum = words["table-checksum"]
        else { return nil }
        self.init(
            recordings: recordings, failures: failures, notices: notices, rowBytes: rowBytes, errorBytes: errorBytes,
            noticeBytes: noticeBytes, tableBytes: tableBytes, tableChecksum: String(tableChecksum))
    }
}

/// A recording of which something failed, and which bytes are its own all the same.
struct FailedRecording: Sendable, Hashable {
    /// Its place among the recordings, counted from 0.
    let recording: Int
    let rowBytes: Range<Int>
    let noticeBytes: Range<Int>

    init(recording: Int, rowBytes: Range<Int>, noticeBytes: Range<Int>) {
        self.recording = recording
        self.rowBytes = rowBytes
        self.noticeBytes = noticeBytes
    }

    var line: [UInt8] {
        Array("failed recording=\(recording) row-bytes=\(rowBytes) notice-bytes=\(noticeBytes)\n".utf8)
    }

    fileprivate init?(_ line: String) {
        let words = Words(of: line)
        func range(_ name: Substring) -> Range<Int>? {
            guard let parts = words[name]?.split(separator: "..<"), parts.count == 2, let lower = Int(parts[0]),
                let upper = Int(parts[1]), 0 <= lower, lower <= upper
            else { return nil }
            return lower..<upper
        }
        guard line.hasPrefix("failed "), let recording = words.count("recording"), let rowBytes = range("row-bytes"),
            let noticeBytes = range("notice-bytes")
        else { return nil }
        self.init(recording: recording, rowBytes: rowBytes, noticeBytes: noticeBytes)
    }

    fileprivate func isAfter(_ other: FailedRecording?) -> Bool {
        guard let other else { return true }
        return recording > other.recording && rowBytes.lowerBound >= other.rowBytes.upperBound
            && noticeBytes.lowerBound >= other.noticeBytes.upperBound
    }
}
