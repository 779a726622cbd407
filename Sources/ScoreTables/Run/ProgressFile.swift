import Files
import Foundation

/// `FILE.progress`, which exists while a run is unfinished, and is held by the process that works on it.
///
/// A line that names the format, two slots that are written in turn for every step, two more for what is known to be on
/// the disk, and a line with the run's identity. It appears whole, before any other file of the run is touched.
final class ProgressFile {
    /// The states that a run can be resumed from, the newest first.
    let states: [ProgressState]
    /// Whether the run took the place of another, which may have left files.
    let isReplacement: Bool
    /// Whether the run scores what failed in a finished one.
    let isRetry: Bool
    private let file: LockedFile
    private var sequence: Int

    /// Resumes the unfinished run, if there is one, or begins one: one that scores again what failed in `retried`, if
    /// that is given.
    ///
    /// A run that is complete and was killed before it could tidy up is resumed if that is asked for. With `isExpected`,
    /// there was an unfinished run a moment ago.
    init(
        _ paths: RunPaths, identity: RunIdentity, start: RunStart, retrying retried: FinishedRun? = nil,
        isExpected: Bool = false
    ) throws {
        // A process that begins or resumes a run holds this name meanwhile: a new progress file in the making.
        let beginning = try Self.claim(paths.beginning)
        do {
            let unfinished = try LockedFile.open(path: paths.progress)
            if let unfinished, start != .restart {
                let contents = try Contents(try unfinished.read())
                if start.continues {
                    let differences = identity.differences(from: contents.identity)
                    guard differences.isEmpty else { throw ScoreTableError.Reason.otherRun(differences) }
                    (states, isReplacement, isRetry) = (contents.slots.map(\.state), false, contents.isRetry)
                    (file, sequence) = (unfinished, contents.newest.sequence)
                    try beginning.remove()
                    return
                }
                guard contents.newest.state.isComplete else {
                    throw ScoreTableError.Reason.unfinishedRun(recordings: contents.newest.state.position.recording)
                }
            }
            // Another process has just finished it; beginning another run would discard its rows.
            if unfinished == nil, isExpected, start.continues { throw ScoreTableError.Reason.inUse }
            var first = ProgressState()
            if let retried { first.position.recording = retried.failed.first?.recording ?? retried.totals.recordings }
            let bytes = try Contents.bytes(of: identity, first, isRetry: retried != nil)
            try beginning.write(bytes.span.bytes, at: 0)
            try beginning.move(to: paths.progress)
            (states, isReplacement, isRetry) = ([first], unfinished != nil, retried != nil)
            (file, sequence) = (beginning, 0)
        } catch {
            try? beginning.remove()
            throw error
        }
    }

    /// Removes what is left of a run that was killed before it began.
    static func removeUnbegun(_ paths: RunPaths) throws { try LockedFile.open(path: paths.beginning)?.remove() }

    /// Whether a file, however damaged, begins as those of this program do; of whatever version.
    static func isOwn(_ beginning: [UInt8]) -> Bool {
        beginning.starts(with: formatName.utf8.prefix(max(1, beginning.count))) || Contents.isOfVersion1(beginning)
    }

    private static let formatName = "emotion-cli progress "

    private static func claim(_ path: String) throws -> LockedFile {
        do {
            guard let file = try LockedFile.open(path: path, isNew: true) else { throw ScoreTableError.Reason.inUse }
            return file
        } catch let error as FileError where !error.isInUse && ![ENOENT, ENOTDIR].contains(error.code) {
            throw ScoreTableError.Reason.noPlaceForProgress(code: error.code)
        }
    }

    /// Notes how far the run has come: all that the state counts has been handed to the system or, if `isStored`, is known
    /// to be on the disk, and so safe from a power cut too.
    func write(_ state: ProgressState, isStored: Bool = false) throws(FileError) {
        let slot = ProgressSlot(sequence: sequence + 1, state: state)
        let bytes = slot.bytes
        let place = slot.sequence % 2 + (isStored ? 2 : 0)
        try file.write(bytes.span.bytes, at: Contents.headSize + place * ProgressSlot.byteCount)
        sequence = slot.sequence
    }

    /// Whether the run has done nothing yet.
    var isAtItsBeginning: Bool { states.allSatisfy(\.isEmpty) }

    func remove() throws(FileError) { try file.remove() }

    /// What a progress file holds.
    struct Contents {
        let identity: RunIdentity
        let isRetry: Bool
        /// The newest first.
        let slots: [ProgressSlot]
        let newest: ProgressSlot

        /// The size of the first line.
        static let headSize = 64
        static let slotCount = 4
        static let slotsEnd = headSize + slotCount * ProgressSlot.byteCount
        private static let version = "2"
        private static let retry = "retry"

        init(_ bytes: [UInt8]) throws {
            let head = String(decoding: bytes.prefix(Self.headSize), as: UTF8.self)
                .split(whereSeparator: \.isWhitespace).map(String.init)
            if Self.isOfVersion1(bytes) { throw ScoreTableError.Reason.olderProgress }
            guard bytes.count > Self.slotsEnd, bytes.last == UInt8(ascii: "\n"), head.count >= 3,
                head[..<3].joined(separator: " ") == ProgressFile.formatName + Self.version,
                let line = String(validating: bytes[Self.slotsEnd...].dropLast(), as: UTF8.self),
                let text = ChecksummedLine.content(of: line), let identity = RunIdentity(json: text)
            else { throw ScoreTableError.Reason.damagedProgress }
            slots = (0..<Self.slotCount).compactMap { slot in
                let start = Self.headSize + slot * ProgressSlot.byteCount
                return ProgressSlot(bytes[start..<start + ProgressSlot.byteCount])
            }.sorted { $0.sequence > $1.sequence }
            guard let newest = slots.first else { throw ScoreTableError.Reason.damagedProgress }
            self.newest = newest
            self.identity = identity
            isRetry = head.count > 3 && head[3] == Self.retry
        }

        /// Those of a run that has done nothing yet.
        static func bytes(of identity: RunIdentity, _ state: ProgressState, isRetry: Bool) throws -> [UInt8] {
            func padded(_ text: String, to count: Int) -> [UInt8] {
                Array(text.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: count - 1 - text.utf8.count)
                    + [UInt8(ascii: "\n")]
            }
            let head = ProgressFile.formatName + version + (isRetry ? " \(retry)" : "")
            let unwritten = padded("", to: ProgressSlot.byteCount)
            return padded(head, to: headSize) + ProgressSlot(sequence: 0, state: state).bytes
                + (1..<slotCount).flatMap { _ in unwritten }
                + Array((ChecksummedLine.text(try identity.json) + "\n").utf8)
        }

        /// It began with a slot: a checksum, and a number.
        static func isOfVersion1(_ bytes: [UInt8]) -> Bool {
            let words = String(decoding: bytes.prefix(64), as: UTF8.self).split(separator: " ")
            return words.count >= 2 && words[0].utf8.count == 16 && words[0].allSatisfy(\.isHexDigit)
                && words[1].hasPrefix("sequence=")
        }
    }
}
