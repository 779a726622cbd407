import ArgumentParser
import AudioInput
import Corpus
import ScoreTables
import W2V2Engine

/// Scores recordings.
struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score speech (the default subcommand).",
        discussion: """
            EXAMPLES
              emotion-cli predict speech.wav
              emotion-cli predict --format csv --output scores.csv recordings/
              emotion-cli predict --outputs hidden_states,logits --format npz --output out.npz *.flac
              sox speech.ogg -t wav - | emotion-cli predict --format json -
            """)

    @OptionGroup var options: ModelOptions

    @Argument(
        help: ArgumentHelp(
            "What to score.",
            discussion: """
                An audio file (WAV, FLAC, OGG, MP3 and others, at any rate), a folder of them, a .npy file with a \
                float32 signal at 16 kHz, - for audio on standard input, or a .csv table with columns file, start and \
                end (seconds; the last two may be empty or missing; relative files are looked for beside the table).
                """,
            valueName: "input"))
    var inputs: [String]

    @Option(help: "How to write: text, csv, json, jsonl or npz. Default: what --output's name ends in, else text.")
    var format: RowFormat?

    @Option(name: .shortAndLong, help: "A file to write to instead of standard output.")
    var output: String?

    @Option(help: "The model's outputs to write, such as hidden_states,logits. Default: every head's.")
    var outputs: String?

    @Option(help: "The channel to score, from 1. Default: the mean of all.")
    var channel: Int?

    func validate() throws {
        if let channel, channel < 1 { throw ValidationError("--channel \(channel): channels are counted from 1") }
    }

    func run() throws {
        let recordings = RecordingList(inputs: inputs)
        let model = try options.load(calls: recordings.count)
        let columns = try chosenOutputs(of: model)
        let format = format ?? output.flatMap(RowFormat.init(extensionOf:)) ?? .text
        let table = try ScoreTable(path: output, format: format, columns: columns)
        let workspace = Workspace(for: model.architecture)
        var position = RunPosition()
        for recording in recordings {
            position.recording += 1
            do {
                let row = try score(try recording.get(), model, workspace, columns)
                position.rows += 1
                position.audioSeconds += row.end - row.start
                try table.append(row, then: position)
            } catch let error as ScoreTableError {
                throw error
            } catch {
                Messages.error(String(describing: error))
                position.failures += 1
                try table.append(failure(recording, error), then: position)
            }
        }
        try table.finish()
        if position.failures > 0 { throw ExitCode(ExitStatus.someInputsFailed.rawValue) }
    }

    private func failure(_ recording: Result<Recording, InputList.Failure>, _ error: any Error) -> FailedRow {
        switch recording {
        case .success(let recording):
            FailedRow(
                file: recording.name, start: recording.segment?.start, end: recording.segment?.end,
                reason: String(describing: error))
        case .failure(let failure): FailedRow(file: failure.input, reason: failure.reason)
        }
    }

    private func score(
        _ recording: Recording, _ model: EmotionModel, _ workspace: Workspace, _ columns: [OutputColumns]
    ) throws -> Row {
        let read = try ReadRecording(
            recording, channel: channel.map { $0 - 1 }, minimumSamples: model.architecture.minimumSamples)
        let prediction = try model.predict(read.signal.samples, workspace: workspace)
        let values = columns.map { prediction[$0.name] ?? [] }
        return Row(file: recording.name, start: read.start, end: read.end, values: values)
    }

    /// The outputs to write, in the order asked for.
    private func chosenOutputs(of model: EmotionModel) throws -> [OutputColumns] {
        let architecture = model.architecture
        let names = outputs?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        return try (names ?? architecture.heads.map(\.output)).map { name in
            if let labels = model.labels[name] { return OutputColumns(name: name, labels: labels, isLabelled: true) }
            guard name == architecture.pooledOutput else {
                throw ValidationError(
                    "--outputs \(name): the model's outputs are \(architecture.outputs.joined(separator: ", "))")
            }
            let labels = (0..<architecture.hiddenSize).map { "\(name)-\($0)" }
            return OutputColumns(name: name, labels: labels, isLabelled: false)
        }
    }
}
