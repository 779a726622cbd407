import Files
import Foundation

/// `FILE.progress`, which exists while a run is unfinished, and is held by the process that works on it.
///
/// Two slots that are written in turn for every step, two more for what is known to be on the disk, and a line with the
/// run's identity. It appears whole, before any other file of the run is touched.
final class ProgressFile {
    /// The states that a run can be resumed from, the newest first.
    let states: [ProgressState]
    /// Whether the run took the place of another, which may have left files.
    let isReplacement: Bool
    private let file: LockedFile
    private var sequence: Int

    private static let slots = 4

    /// Resumes the unfinished run, if there is one, or begins one.
    ///
    /// A run that is complete and was killed before it could tidy up is resumed if that is asked for.
    init(_ path: String, identity: RunIdentity, start: RunStart) throws {
        // A process that begins or resumes a run holds this name meanwhile: a new progress file in the making.
        let beginning = try Self.claim(Self.partial(path))
        do {
            let unfinished = try LockedFile.open(path: path)
            if let unfinished, start != .restart {
                let contents = try Contents(try unfinished.read())
                if start == .resume {
                    let differences = identity.differences(from: contents.identity)
                    guard contents.newest.state.isComplete || differences.isEmpty else {
                        throw ScoreTableError.Reason.otherRun(differences)
                    }
                    (states, isReplacement) = (contents.slots.map(\.state), false)
                    (file, sequence) = (unfinished, contents.newest.sequence)
                    try beginning.remove()
                    return
                }
                guard contents.newest.state.isComplete else {
                    throw ScoreTableError.Reason.unfinishedRun(recordings: contents.newest.state.position.recording)
                }
            }
            let bytes = try Contents.bytes(of: identity)
            try beginning.write(bytes.span.bytes, at: 0)
            try beginning.move(to: path)
            (states, isReplacement) = ([ProgressState()], unfinished != nil)
            (file, sequence) = (beginning, 0)
        } catch {
            try? beginning.remove()
            throw error
        }
    }

    /// Removes what is left of a run that was killed before it began.
    static func removeUnbegun(_ path: String) throws { try LockedFile.open(path: partial(path))?.remove() }

    /// The progress file in the making.
    private static func partial(_ path: String) -> String { path + ".partial" }

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
        try file.write(bytes.span.bytes, at: place * ProgressSlot.byteCount)
        sequence = slot.sequence
    }

    /// Whether the run has done nothing yet.
    var isAtItsBeginning: Bool { states == [ProgressState()] }

    func remove() throws(FileError) { try file.remove() }

    /// What a progress file holds.
    private struct Contents {
        let identity: RunIdentity
        /// The newest first.
        let slots: [ProgressSlot]
        let newest: ProgressSlot

        init(_ bytes: [UInt8]) throws {
            let size = ProgressSlot.byteCount
            let end = ProgressFile.slots * size
            guard bytes.count > end, bytes.last == UInt8(ascii: "\n"),
                let line = String(validating: bytes[end...].dropLast(), as: UTF8.self),
                let text = ChecksummedLine.content(of: line)
            else { throw ScoreTableError.Reason.damagedProgress }
            slots = (0..<ProgressFile.slots).compactMap { ProgressSlot(bytes[$0 * size..<($0 + 1) * size]) }
                .sorted { $0.sequence > $1.sequence }
            guard let newest = slots.first,
                let identity = try? JSONDecoder().decode(RunIdentity.self, from: Data(text.utf8))
            else { throw ScoreTableError.Reason.damagedProgress }
            self.identity = identity
            self.newest = newest
        }

        /// Those of a run that has done nothing yet.
        static func bytes(of identity: RunIdentity) throws -> [UInt8] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let text = String(decoding: try encoder.encode(identity), as: UTF8.self)
            let first = ProgressSlot(sequence: 0, state: ProgressState())
            let unwritten = [UInt8](repeating: UInt8(ascii: " "), count: ProgressSlot.byteCount - 1)
            return first.bytes + (1..<ProgressFile.slots).flatMap { _ in unwritten + [UInt8(ascii: "\n")] }
                + Array((ChecksummedLine.text(text) + "\n").utf8)
        }
    }
}
