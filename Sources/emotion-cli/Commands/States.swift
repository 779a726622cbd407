import ArgumentParser
import AudioInput
import Corpus
import NumPyFiles
import Scoring
import W2V2Engine

/// Writes the states of every layer.
struct States: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write every layer's states, and attention maps, as NumPy arrays.",
        discussion: """
            Names and shapes are those of transformers: extract_features [1, frames, channels], hidden_states.0 (what \
            enters the first encoder layer) and so on [1, frames, hidden], last_hidden_state; in addition, \
            feature_extractor.conv_layers.0 and so on, feature_projection, input_normalization if the model \
            normalises its input, layer_mix if it mixes its layers, and the model's outputs. docs/states.md describes \
            each.

            The arrays of one recording are at the top of the file; those of several are RECORDING/hidden_states.0 and \
            so on, and the arrays name, file, start and end list the recordings.

            EXAMPLES
              emotion-cli states speech.wav -o states.npz
              emotion-cli states speech.wav -o states.npz --layers 0,6,12
              emotion-cli states speech.wav -o states.npz --layers 1-4 --attention
              emotion-cli states speech.wav -o states.npz --stages 'feature_extractor.*'
              emotion-cli states speech.wav --layers 6 --attention-chart layer6.svg
              emotion-cli states recordings/ -o embeddings.npz --pool mean
              emotion-cli states --recursive corpus/ --glob 'n*.wav' -o out.npz --pool mean
            """)

    @OptionGroup var options: ModelOptions

    @OptionGroup var inputs: InputArguments

    @Option(name: .shortAndLong, help: "The .npz file to write. Default, and -: standard output.")
    var output: String?

    @Option(
        name: [.customLong("layers"), .customLong("stages")], parsing: .singleValue,
        help: ArgumentHelp(
            "What to write: numbers of hidden states (0,6,12), ranges (1-4) and names (last_hidden_state).",
            discussion: """
                0 is the state that enters the first encoder layer, N leaves the Nth. A name that ends in .* stands for \
                all names with that beginning. May be given several times. Default: everything but attention maps; with \
                --pool, the hidden states and the stages after them.
                """,
            valueName: "list"),
        transform: { try StageList($0) })
    var stages: [StageList] = []

    @Flag(
        help: """
            Write the attention maps of the chosen layers too: attentions [layers, heads, frames, frames], and \
            attention_layers, the N of each.
            """)
    var attention = false

    @Option(
        help: ArgumentHelp(
            "Draw the attention maps of one recording in the layer chosen by --layers, one map per head.",
            discussion: "Without --output, only the picture is written.", valueName: "file.svg|png"))
    var attentionChart: String?

    @Option(
        help: """
            mean: write the mean over time of each recording: layers [recordings, layers, hidden] with layer, the \
            numbers of the hidden states, other states [recordings, channels], and file, start and end.
            """)
    var pool: Pooling?

    @OptionGroup var replacement: ReplacementArgument

    enum Pooling: String, ExpressibleByArgument, CaseIterable {
        case mean
    }

    func validate() throws {
        _ = try inputs.channel.index(for: "states")
        if attentionChart != nil, pool != nil {
            throw ValidationError("--attention-chart draws one recording, --pool many; leave out one of them")
        }
        if attention, pool != nil {
            throw ValidationError("--attention maps have no mean over time; leave out --attention or --pool")
        }
    }

    func run() throws {
        let recordings = inputs.recordings()
        var check = OutputCheck()
        if attentionChart == nil || output != nil { try check.add(output) }
        if let attentionChart { try check.add(attentionChart) }
        try check.check(model: try options.choice.path())
        try check.check(inputs, recordings)
        let chart = try attentionChart.map { try PictureFile($0, force: replacement.force) }
        if chart != nil, recordings.count != 1 {
            throw ValidationError("--attention-chart draws one recording, not \(recordings.count)")
        }
        let model = try options.choice.load(threads: options.threads, calls: recordings.count)
        let selection = try selection(in: model.architecture)
        let picture = try chart.map { try self.picture($0, selection, of: model.architecture) }
        var collector = try collector(selection, of: model.architecture, recordings: recordings.count)
        let workspace = Workspace(for: model.architecture)
        var failures = 0
        for recording in recordings {
            do {
                try collect(try recording.get(), selection, into: &collector, picture, model, workspace)
            } catch let error as NumPyError {
                // The file can't be written.
                throw error
            } catch let error as AudioError where error.reason.isSystemFailure {
                throw error
            } catch {
                Messages.error(Advice.line(error))
                failures += 1
            }
        }
        // Without any recording's states there is nothing to write, and an existing file stays as it is.
        if failures < recordings.count { try collector?.finish() }
        if failures > 0 { throw ExitCode(ExitStatus.someInputsFailed.rawValue) }
    }

    private func collect(
        _ recording: Recording, _ selection: StateSelection, into collector: inout (any StateCollector)?,
        _ picture: AttentionPicture?, _ model: EmotionModel, _ workspace: Workspace
    ) throws {
        let read = try Excerpt(
            reading: recording, channel: try inputs.channel.index(for: "states"),
            minimumSamples: model.architecture.minimumSamples,
            memory: ScoringMemory(of: model, threads: model.threads))
        Messages.notices(of: read)
        collector?.begin(recording, start: read.start, end: read.end)
        do {
            _ = try model.states(read.samples, selection, workspace: workspace) { state in
                guard state.values.allSatisfy(\.isFinite) else { throw EngineError.nonFiniteOutput(state.name) }
                let isAttention = state.stage == nil
                if isAttention { try picture?.write(state, of: recording.name, samples: read.samples) }
                if attention || !isAttention { try collector?.add(state) }
            }
        } catch let error as EngineError {
            throw RowFailure(file: recording.name, reason: error)
        }
        collector?.end()
    }

    /// Nil if only a picture is asked for.
    private func collector(
        _ selection: StateSelection, of architecture: Architecture, recordings: Int
    ) throws -> (any StateCollector)? {
        if attentionChart != nil, output == nil { return nil }
        let writer = try NPZWriter(to: output, force: replacement.force)
        if pool != nil { return PooledStates(writer, selection.stages, of: architecture) }
        let layers = attention ? selection.attentionLayers.sorted().map { $0 + 1 } : []
        return StateArrays(writer, isGrouped: recordings != 1, attentionLayers: layers)
    }

    private func picture(
        _ file: PictureFile, _ selection: StateSelection, of architecture: Architecture
    ) throws -> AttentionPicture {
        guard let layer = selection.attentionLayers.first, selection.attentionLayers.count == 1 else {
            throw ValidationError(
                "--attention-chart draws one encoder layer; --layers N chooses it, from 1 to \(architecture.encoderLayers)"
            )
        }
        return AttentionPicture(layer: layer + 1, file: file, hop: architecture.hop)
    }

    private func selection(in architecture: Architecture) throws -> StateSelection {
        var chosen: Set<Stage> = []
        for list in stages { chosen.formUnion(try list.stages(in: architecture)) }
        if stages.isEmpty {
            let all = Stage.all(of: architecture)
            let first = pool == nil ? all.startIndex : all.firstIndex(of: .positionalEmbedding) ?? all.startIndex
            chosen = Set(all[first...])
        }
        guard attention || attentionChart != nil else { return StateSelection(stages: chosen) }
        let layers = chosen.compactMap(\.hiddenStateNumber).filter { $0 > 0 }
        if layers.isEmpty {
            throw ValidationError(
                "--attention: no encoder layer is chosen; --layers takes their numbers, 1 to \(architecture.encoderLayers)"
            )
        }
        return StateSelection(stages: chosen, attentionLayers: Set(layers.map { $0 - 1 }))
    }
}
