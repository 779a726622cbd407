import ArgumentParser
import Corpus
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

    @Option(name: .shortAndLong, help: "A file to write to instead of standard output.")
    var output: String?

    @Option(
        help: """
            How start and end are written: seconds, or timedelta as pandas prints them (0 days 00:00:01.5). Default: \
            timedelta in csv, which audformat then reads as a segmented table; else seconds.
            """)
    var times: TimeStyle?

    @Flag(help: "Resume the unfinished run in the --output file, or start a new one.")
    var resume = false

    @Flag(help: "Discard an unfinished run in the --output file, and start a new one.")
    var restart = false

    func validate() throws {
        if resume, restart {
            throw ValidationError("--resume continues a run, --restart discards it; leave out one")
        }
        if resume, output == nil { throw ValidationError("--resume needs --output FILE, the run to continue") }
    }

    func open(_ columns: [OutputColumns], _ identity: RunIdentity) throws -> ScoreTable {
        try ScoreTable(
            path: output, format: format ?? output.flatMap(RowFormat.init(extensionOf:)) ?? .text, columns: columns,
            times: times, identity: identity, start: resume ? .resume : restart ? .restart : .new)
    }
}

extension RowFormat: ExpressibleByArgument {}
extension TimeStyle: ExpressibleByArgument {}

extension RunIdentity {
    /// What must be the same for a run to continue with the same rows: the model and what computes, the recordings, and how
    /// they are cut. The table itself adds what its rows look like.
    init(
        model: EmotionModel, at path: String, _ recordings: RecordingList, _ windowing: Windowing,
        channel: Int?
    ) throws {
        let file = try ModelLocation(path).file
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        let bytes = (attributes[.size] as? Int) ?? 0
        let checksum = String(recordings.fingerprint, radix: 16)
        func seconds(_ duration: Double?) -> String { duration.map { "\($0) s" } ?? "none" }
        self.init(facts: [
            Fact(name: "the model", value: "\((file as NSString).lastPathComponent), \(bytes) bytes"),
            Fact(name: "what computes", value: model.backend),
            Fact(name: "the inputs", value: "\(recordings.count) recordings, checksum \(checksum)"),
            Fact(name: "--window", value: seconds(windowing.windows?.duration)),
            Fact(name: "--hop", value: seconds(windowing.windows?.hop)),
            Fact(name: "--pad-last", value: windowing.windows?.padsLast == true ? "yes" : "no"),
            Fact(name: "--min-duration", value: seconds(windowing.minimumDuration)),
            Fact(name: "--max-duration", value: seconds(windowing.maximumDuration)),
            Fact(name: "--channel", value: channel.map(String.init) ?? "the mean"),
        ])
    }
}
