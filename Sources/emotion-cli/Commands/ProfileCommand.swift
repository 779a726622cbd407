import ArgumentParser
import AudioInput
import Charts
import Corpus
import Files
import Scoring
import W2V2Engine

/// Times every operation of the network.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Show where the time goes: the network as a tree, with the time and cost of every operation.",
        discussion: """
            Times are medians over the repeats. Each operation gets its share of the elapsed time, so the parts add up \
            to the whole; idle is the share of thread time spent waiting. FLOP are the multiplications and additions \
            of the matrix products. MB are the data that an operation reads and writes: weights once, its input and \
            its output. It is bound by memory if its FLOP per byte are below the machine's measured peak over its \
            measured speed of reading, else by arithmetic. docs/profiling.md has the details.

            EXAMPLES
              emotion-cli profile speech.wav
              emotion-cli profile --seconds 5 --depth 3
              emotion-cli profile --seconds 5 --json > before.json
              emotion-cli profile --seconds 5 --compare before.json
              emotion-cli profile --seconds 5 --chart profile.svg
              emotion-cli profile --seconds 5 --trace trace.json    (for ui.perfetto.dev)
            """)

    @OptionGroup var options: ModelOptions

    @Argument(help: "An audio file, a .npy file with a float32 signal at 16 kHz, or - for audio on standard input.")
    var input: String?

    @Option(parsing: .unconditional, help: "Use this many seconds of noise instead of an input.")
    var seconds: Double?

    @Option(parsing: .unconditional, help: "Calls to time.")
    var repeats = 5

    @Option(parsing: .unconditional, help: "How far down the tree is shown: 1 stages, 2 layers, 3 operations.")
    var depth = 2

    @Flag(help: "Print one JSON object with everything.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Also write what each thread did in one more call, in the format of Chrome's tracing.", valueName: "file"))
    var trace: String?

    @Option(help: ArgumentHelp("Also draw the time of each layer and a roofline.", valueName: "file.svg|png"))
    var chart: String?

    @Option(
        help: ArgumentHelp("Show the times beside those of a profile that --json wrote.", valueName: "file"))
    var compare: String?

    @OptionGroup var truncation: TruncationArgument

    @OptionGroup var replacement: ReplacementArgument

    func validate() throws {
        switch (input, seconds) {
        case (nil, nil): throw ValidationError("name an INPUT, or ask for noise with --seconds")
        case (.some, .some): throw ValidationError("--seconds \(seconds ?? 0): is for noise and takes no INPUT")
        default: break
        }
        if let seconds, !(0.025...3600).contains(seconds) {
            throw ValidationError("--seconds \(seconds): from 0.025 to 3600 is needed")
        }
        guard (1...1000).contains(repeats) else {
            throw ValidationError("--repeats \(repeats): from 1 to 1000 is needed")
        }
        guard (1...3).contains(depth) else { throw ValidationError("--depth \(depth): from 1 to 3 is needed") }
        if json, compare != nil { throw ValidationError("--compare prints a table and can't be combined with --json") }
    }

    func run() throws {
        let path = try options.choice.path()
        var check = OutputCheck()
        for output in [trace, chart].compactMap(\.self) { try check.add(output) }
        if let input { try check.check(input, "the input") }
        if let compare { try check.check(compare, "the profile") }
        try check.check(model: path)
        let picture = try chart.map { try PictureFile($0, force: replacement.force) }
        if let trace { try OwnFile.trace.checkReplaceable(trace, force: replacement.force) }
        let other = try compare.map { try Profile(contentsOf: $0) }
        let model = try options.choice.load(threads: options.threads)
        let signal: [Float]
        do {
            signal = try self.signal(model)
        } catch {
            Messages.error(Advice.line(error))
            throw ExitCode(ExitStatus.someInputsFailed.rawValue)
        }
        let traceFile = try trace.map { try TextOutput($0) }
        let workspace = Workspace(for: model.architecture)

        var profile = try model.profile(signal, repeats: repeats, workspace: workspace)
        profile.model = path
        profile.input = input ?? "noise"
        try TextOutput(nil).write(try text(of: profile, beside: other))

        try picture?.write(ProfileChart(profile).svg)

        if let traceFile {
            let trace = try model.trace(signal, workspace: workspace)
            try traceFile.write(try trace.chromeJSON())
            try traceFile.commit()
            if trace.dropped > 0 {
                Messages.notice(
                    "\(self.trace ?? ""): \(trace.dropped) spans at the end are missing; try a shorter signal")
            }
        }
    }

    private func text(of profile: Profile, beside other: Profile?) throws -> String {
        if json { return try profile.json() }
        let lines =
            other.map { ProfileComparison(profile: profile, other: $0, name: compare ?? "", depth: depth).lines }
            ?? ProfileReport(profile: profile, depth: depth).lines
        // Names in them may come from the model and from the other profile.
        return lines.map { printable($0) + "\n" }.joined()
    }

    /// The recording's samples, or noise.
    private func signal(_ model: EmotionModel) throws -> [Float] {
        let memory = ScoringMemory(of: model, threads: model.threads)
        guard let input else {
            let seconds = seconds ?? 0
            return try Noise(seconds: seconds, scoredIn: memory).signal(seconds: seconds)
        }
        var options = InputOptions()
        options.decoding = AudioDecoding(ffmpeg: .installed(), acceptsTruncated: truncation.isAccepted)
        let recordings = RecordingList(inputs: [input], options: options)
        guard recordings.count == 1 else {
            throw CommandError("\(input): holds \(recordings.count) recordings; a profile takes one")
        }
        let excerpt = try Excerpt(
            reading: try recordings[0].get(), channel: nil, minimumSamples: model.architecture.minimumSamples,
            memory: memory)
        Messages.notices(of: excerpt)
        return excerpt.samples
    }
}
