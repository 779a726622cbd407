import ArgumentParser
import ScoreTables

/// Where rows are written, and how.
struct TableArguments: ParsableArguments {
    @Option(
        help: """
            How to write: text, csv, json, jsonl or npz. Default: what --output's name ends in, else text. A name that \
            ends in .gz is compressed.
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

    @Flag(help: "Go on with the run that --output's file is of; begin it where there is none.")
    var resume = false

    @Flag(help: "Throw away an unfinished run in --output's file.")
    var restart = false

    func validate() throws {
        if resume, restart {
            throw ValidationError("--resume goes on with a run, --restart throws it away; leave out one")
        }
        if resume, output == nil { throw ValidationError("--resume needs --output FILE, whose run goes on") }
    }

    func open(_ columns: [OutputColumns], _ identity: RunIdentity) throws -> ScoreTable {
        try ScoreTable(
            path: output, format: format ?? output.flatMap(RowFormat.init(extensionOf:)) ?? .text, columns: columns,
            times: times, identity: identity, start: resume ? .resume : restart ? .restart : .new)
    }
}
