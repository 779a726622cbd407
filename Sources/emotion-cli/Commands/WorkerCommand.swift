import ArgumentParser
import Scoring
import W2V2Engine

/// Answers requests to score, line by line.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Answer requests on standard input, a line of JSON each, on standard output.",
        discussion: """
            A request is {"id": 7, "file": "speech.wav", "start": 1.5, "end": 4}; only file is required, duration may \
            stand in place of end, and other keys are refused. Its answer is \
            {"id": 7, "file": "speech.wav", "start": 1.5, "end": 4.0, "arousal": …}, or {"id": 7, "error": "speech.wav: no \
            such file"}. Answers come in the order of the requests, each as soon as it is ready, with the request's \
            id, which may be any JSON value. At the end of standard input the worker ends with exit status 0.

            Workers that run at once share the memory of a packed model (emotion-cli convert).

            EXAMPLES
              echo '{"file": "speech.wav"}' | emotion-cli worker
              emotion-cli worker --jobs 1 --threads 1 <requests.jsonl >answers.jsonl
            """)

    @Option(
        help: ArgumentHelp(
            "Where to look for relative files. Default: the working folder.", valueName: "folder"))
    var root: String?

    @OptionGroup var decoding: DecodingArguments

    @OptionGroup var channel: ChannelArgument

    @OptionGroup(title: "What is answered") var outputs: OutputArguments
    @OptionGroup(title: "What computes") var options: ScoringArguments

    func validate() throws { try InputArguments.check(root: root) }

    func run() throws {
        let parallelism = options.parallelism()
        let model = try options.load(parallelism)
        let columns = try outputs.columns(of: model, channels: .mean)
        let stop = StopRequest()
        let signals = TerminationSignals(stopping: stop)
        let scorer = columns.scorer(model, parallelism)
        let requests = RequestedExcerpts(
            root: root, channel: try channel.index(for: "a worker"), minimumSamples: model.architecture.minimumSamples,
            decoding: decoding.decoding, memory: scorer.memory)
        let output = try TextOutput(nil)
        try scorer.run(
            stop: stop,
            makeExcerpts: {
                var lines = try WorkerRequestReader()
                return { try lines.next().map(requests.excerpt) }
            },
            take: { id, result in
                let answer: WorkerAnswer =
                    switch result {
                    case .success(let row): .row(id, row, columns.all)
                    case .failure(let failure): WorkerAnswer(failure, of: id)
                    }
                try output.write(answer.line + "\n")
            })
        if let signal = signals.received { throw ExitCode(TerminationSignals.exitStatus(signal)) }
    }
}
