import Corpus
import ScoreTables
import Scoring
import W2V2Engine

/// Which option helps against an error: the libraries, which don't know the command line, leave that to be said here.
enum Advice {
    /// One line: what was wrong, and what would be right.
    static func line(_ error: any Error) -> String { String(describing: error) + text(error) }

    /// What follows the error's own words.
    private static func text(_ error: any Error) -> String {
        switch error {
        case let failure as RowFailure: text(failure.reason)
        case let error as ScoreTableError: text(error.reason)
        case is ExcerptError: "; --pad-last or --min-duration pads it"
        case InputError.noFile(_, _, hasSubfolders: true): "; --recursive looks into the folders in it too"
        case EngineError.statesTooLarge: " (--layers LIST, or a table with start and end)"
        default: ""
        }
    }

    private static func text(_ reason: ScoreTableError.Reason) -> String {
        switch reason {
        case .cannotWrite(_, isKept: true): "; --resume continues from them"
        case .unfinishedRun: "; --resume continues it, --restart discards it"
        case .otherRun: "; repeat those to resume it, or discard it with --restart"
        case .damagedProgress, .cutShort, .damagedRows: "; --restart discards it"
        case .notResumable: "; --resume needs --output FILE"
        case .binaryOnTerminal: "; give --output FILE, or send standard output to a file"
        default: ""
        }
    }
}
