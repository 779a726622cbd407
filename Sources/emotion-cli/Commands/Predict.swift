import ArgumentParser
import Corpus
import ScoreTables
import Scoring
import W2V2Engine

/// Scores recordings.
struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score speech (the default subcommand).",
        discussion: """
            Rows come in the order of the inputs; with --output, in a file that grows row by row. A recording that can't \
            be scored is one line on standard error and a row of FILE.errors.csv; the run continues, and its exit status \
            is 1. One that is scored but doubtful is a row of FILE.notices.csv in the same way. --resume continues an \
            interrupted run, whatever stopped it; the finished file is byte for byte that of an uninterrupted run. FILE.run \
            says what a finished file is of, and --retry scores again what failed in it.

            EXAMPLES
              emotion-cli predict speech.wav
              emotion-cli predict --recursive corpus/ -o scores.csv --resume
              emotion-cli predict segments.csv --root corpus/ -o scores.csv
              emotion-cli predict --window 4 --hop 2 interview.mp3 --chart interview.svg
              emotion-cli predict --outputs hidden_states --layers 6 *.wav -o out.npz
              emotion-cli predict --shard 3/8 segments.csv -o part3.jsonl --resume
              find . -name '*.wav' -mtime -1 | emotion-cli predict --files-from -
              sox speech.ogg -t wav - | emotion-cli predict --format json -
            """)

    @OptionGroup(title: "Inputs") var inputs: InputArguments
    @Option(
        help: ArgumentHelp(
            "Score a share of the recordings: I/N takes the Ith, counted from 1, and every Nth after it.",
            valueName: "i/n"))
    var shard: Shard?

    @OptionGroup(title: "Excerpts") var excerpts: WindowArguments
    @OptionGroup(title: "What is written") var outputs: OutputArguments
    @OptionGroup(title: "Where it is written") var table: TableArguments
    @OptionGroup(title: "What computes") var options: ScoringArguments

    @Option(
        help: ArgumentHelp(
            "Draw the scores of one recording over time, window by window.", valueName: "file.svg|png"))
    var chart: String?

    @Flag(name: .shortAndLong, help: "Don't report progress.")
    var quiet = false

    func validate() throws {
        if chart != nil, inputs.channel.choice == .all {
            throw ValidationError("--chart draws one channel, or their mean; leave out --channel all")
        }
        if chart != nil, excerpts.window == nil {
            throw ValidationError("--chart draws scores over time, by windows; give their length with --window SECONDS")
        }
        if chart != nil, table.resume || table.retry {
            throw ValidationError("--chart draws the scores of one session; leave out --resume and --retry")
        }
    }

    func run() throws {
        let recordings = inputs.recordings(shard)
        let modelPath = try options.choice.path()
        var check = OutputCheck()
        try check.add(table: table.output)
        if let chart { try check.add(chart) }
        try check.check(model: modelPath)
        try check.check(inputs, recordings)
        let picture = try chart.map { try TimelinePicture($0, of: recordings, force: self.table.replacement.force) }
        let isSingle = recordings.count == 1 && excerpts.window == nil
        let parallelism = options.parallelism(excerpts: isSingle ? 1 : nil)
        let model = try options.load(parallelism, calls: isSingle ? 1 : nil)
        let columns = try outputs.columns(of: model, channels: inputs.channel.choice)
        let windowing = excerpts.windowing
        try windowing.check(minimumSamples: model.architecture.minimumSamples)
        let identity = try RunIdentity(
            model: model, at: modelPath, recordings, windowing, channels: inputs.channel.choice)
        let table = try self.table.open(columns.all, identity)
        let corpus = CorpusRun(
            recordings, windowing: windowing, channels: inputs.channel.choice,
            minimumSamples: model.architecture.minimumSamples, chosen: table.retried)
        let session = ScoringSession(
            table: table, columns: columns, total: recordings.count, isQuiet: quiet, picture: picture)
        try session.run(corpus, on: columns.scorer(model, parallelism))
    }
}
