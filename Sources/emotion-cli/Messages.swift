import AudioInput
import Corpus
import Files
import Foundation
import PackedModel
import ScoreTables
import Scoring
import W2V2Engine

/// What the program says on standard error: one line each.
enum Messages {
    /// What was wrong, and what would be right.
    static func error(_ message: String) { write("emotion-cli: error: \(message)") }

    /// What the user should know beside the results.
    static func notice(_ message: String) { write("emotion-cli: notice: \(message)") }

    /// What is doubtful about a recording that is used all the same.
    static func notices(of excerpt: Excerpt) {
        for notice in excerpt.notices { Self.notice("\(excerpt.file): \(notice)") }
    }

    private static func write(_ message: String) {
        // Names in it may come from files, and a terminal would act on what they hold.
        let line = printable(message.split(whereSeparator: \.isNewline).joined(separator: " ")) + "\n"
        // If even standard error is closed, there is nowhere left to report to.
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}

/// What stops a command, in one line.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A result can't be written.
    init(_ name: String, _ cause: FileError) { description = "\(name): \(cause.reason)" }

    /// Runs `body`, and names the file if its graph isn't recognised, or it isn't a whole packed model.
    static func naming<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error where error is RecognitionError || error is PackedModelError || error is EngineError {
            throw CommandError("\(file): \(error)")
        }
    }
}

/// Which option helps against an error: the libraries, which don't know the command line, leave that to be said here.
enum Advice {
    /// One line: what was wrong, and what would be right.
    static func line(_ error: any Error) -> String { String(describing: error) + text(error) }

    /// Why there is no row, without the name of the file.
    static func reason(_ failure: RowFailure) -> String {
        String(describing: failure.reason) + text(failure.reason)
    }

    /// What follows the error's own words.
    private static func text(_ error: any Error) -> String {
        switch error {
        case let failure as RowFailure: text(failure.reason)
        case let error as AudioError: text(error.reason)
        case let error as ScoreTableError: text(error.reason)
        case let error as FatalRecording where error.isWhole: "; --window SECONDS scores it in pieces"
        case InputError.noFileColumn(let columns):
            " (--file-column NAME chooses one" + (columns.count <= 1 ? "; --files-from reads a list of files)" : ")")
        case InputError.sameMeaning(_, "the recording"): " (--file-column NAME chooses one)"
        case AudioError.Reason.needsFFmpeg: " (--ffmpeg PATH)"
        case AudioError.Reason.truncated(_, let found, _) where found > 0: acceptTruncated
        case AudioError.Reason.damaged(let position, _) where position > 0: acceptTruncated
        case AudioError.Reason.further: acceptTruncated
        case AudioError.Reason.rawWithHeader: "; leave out --raw"
        case AudioError.Reason.otherKind(let kind) where kind == "a text file":
            "; a list of files is given with --files-from, a table as .csv"
        case AudioError.Reason.needsMemory:
            "; --window SECONDS scores it in parts, --max-duration SECONDS only its beginning"
        case is ExcerptError: "; --pad-last or --min-duration pads it"
        case InputError.noFile(_, _, hasSubfolders: true): "; --recursive looks into the folders in it too"
        case EngineError.statesTooLarge: " (--layers LIST, or a table with start and end)"
        default: ""
        }
    }

    private static let acceptTruncated = "; --accept-truncated scores what there is"

    private static func text(_ reason: ScoreTableError.Reason) -> String {
        switch reason {
        case .cannotWrite(_, isKept: true): "; --resume continues from them"
        case .unfinishedRun: "; --resume continues it, --restart discards it"
        case .otherRun: "; repeat those to resume it, or discard it with --restart"
        case .foreign, .changed: "; choose another name, or replace it with --force"
        case .damagedProgress, .olderProgress, .cutShort, .damagedRows: "; --restart discards it"
        case .notResumable: "; --resume needs --output FILE"
        case .binaryOnTerminal: "; give --output FILE, or send standard output to a file"
        default: ""
        }
    }
}
