import ArgumentParser
import Corpus
import Files
import Foundation
import ScoreTables
import Scoring
import W2V2Engine

/// Where rows are written, and how.
struct TableArguments: ParsableArguments {
    @Option(
        help: """
            The format: text, csv, json, jsonl or npz. Default: the extension of --output, else text. If the name ends \
            in .gz, the file is compressed.
            """)
    var format: RowFormat?

    @Option(name: .shortAndLong, help: "A file to write to instead of standard output; - is standard output.")
    var output: String?

    @Option(
        help: """
            How start and end are written: seconds, or timedelta as pandas prints them (0 days 00:00:01.5). Default: \
            timedelta in csv, which audformat then reads as a segmented table; else seconds.
            """)
    var times: TimeStyle?

    @Flag(
        help: """
            Write a row of NaN for each failure too, so that rows stay aligned with the inputs.
            """)
    var failureRows = false

    @Flag(help: "Resume the unfinished run in the --output file, or start a new one.")
    var resume = false

    @Flag(
        help: """
            As --resume; and if the run is finished, score again the recordings that failed in it. Their rows come where \
            they belong.
            """)
    var retry = false

    @Flag(help: "Discard an unfinished run in the --output file, and start a new one.")
    var restart = false

    @OptionGroup var replacement: ReplacementArgument

    /// Nil for standard output.
    private var path: String? { output == "-" ? nil : output }

    func validate() throws {
        if restart, resume || retry {
            throw ValidationError(
                "--\(resume ? "resume" : "retry") continues a run, --restart discards it; leave out one")
        }
        if path == nil, resume || retry {
            throw ValidationError(
                "--\(resume ? "resume" : "retry") needs --output FILE, the run to continue")
        }
        if let output, output.isEmpty { throw ValidationError("--output is empty; the name of a file is needed") }
        if let path, format == nil, RowFormat(extensionOf: path) == nil {
            let end = RowFormat.ending(of: path)
            if !end.isEmpty {
                throw ValidationError(
                    "--output \(printable(path)): .\(printable(end)) is no format; give the file another name, or its "
                        + "format with --format (\(RowFormat.allCases.map(\.rawValue).joined(separator: ", ")))")
            }
        }
    }

    func open(_ columns: [OutputColumns], _ identity: RunIdentity) throws -> ScoreTable {
        try ScoreTable(
            path: path, format: format ?? path.flatMap(RowFormat.init(extensionOf:)) ?? .text, columns: columns,
            times: times, fillsFailures: failureRows, identity: identity,
            start: retry ? .retry : resume ? .resume : restart ? .restart : .new,
            replacesForeign: replacement.force)
    }
}

extension RowFormat: ExpressibleByArgument {}
extension TimeStyle: ExpressibleByArgument {}

extension RunIdentity {
    /// What must be the same for a run to continue with the same rows: the model and what computes, the recordings, and how
    /// they are cut. The table itself adds what its rows look like.
    init(
        model: EmotionModel, at path: String, _ recordings: RecordingList, _ windowing: Windowing,
        channels: ChannelChoice
    ) throws {
        let checksum = String(recordings.fingerprint, radix: 16)
        func seconds(_ duration: Double?) -> String { duration.map { "\($0) s" } ?? "none" }
        self.init(facts: [
            RunIdentity.precision(model.precision.rawValue),
            Fact(name: "the model", value: try ModelFiles(path).identity),
            Fact(name: "what computes", value: model.backend),
            Fact(
                name: "the inputs",
                value: "\(recordings.count) recording\(recordings.count == 1 ? "" : "s"), checksum \(checksum)"),
            Fact(name: "--window", value: seconds(windowing.windows?.duration)),
            Fact(name: "--hop", value: seconds(windowing.windows?.hop)),
            Fact(name: "--pad-last", value: windowing.windows?.padsLast == true ? "yes" : "no"),
            Fact(name: "--min-duration", value: seconds(windowing.minimumDuration)),
            Fact(name: "--max-duration", value: seconds(windowing.maximumDuration)),
            Fact(name: "--channel", value: channels.fact),
        ])
    }
}
