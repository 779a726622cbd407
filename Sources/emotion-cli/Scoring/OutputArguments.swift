import ArgumentParser
import ScoreTables
import Scoring
import W2V2Engine

/// What is written of each excerpt: outputs of the model, and means of states over time.
struct OutputArguments: ParsableArguments {
    @Option(help: "The model's outputs to write, such as hidden_states,logits. Default: those of all heads.")
    var outputs: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "States whose means over time are also written: numbers of hidden states (0,6,12), ranges (1-4), names.",
            discussion: "As for states --layers.", valueName: "list"),
        transform: { try StageList($0) })
    var layers: [StageList] = []

    /// Those of the model, after the channel if each is scored by itself.
    func columns(of model: EmotionModel, channels: ChannelChoice) throws -> ScoreColumns {
        let architecture = model.architecture
        let names = outputs?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        // A model without heads has the embedding alone.
        let usual = architecture.heads.isEmpty ? architecture.outputs : architecture.heads.map(\.output)
        let outputs = try (names ?? usual).map { name in
            if let labels = model.labels[name] { return OutputColumns(name: name, labels: labels, isLabelled: true) }
            guard name == architecture.pooledOutput else {
                throw ValidationError(
                    "--outputs \(name): the model's outputs are \(architecture.outputs.joined(separator: ", "))")
            }
            return OutputColumns(counting: architecture.hiddenSize, of: name)
        }
        var chosen: Set<Stage> = []
        for list in layers { chosen.formUnion(try list.stages(in: architecture)) }
        let stages = Stage.all(of: architecture).filter(chosen.contains)
        let states = try stages.map { stage in
            guard stage != .inputNormalization else {
                throw ValidationError("--layers input_normalization: the signal has no channels to take the mean of")
            }
            let name = stage.name(in: architecture)
            guard !outputs.contains(where: { $0.name == name }) else {
                throw ValidationError("--layers \(name): already among the outputs")
            }
            return OutputColumns(counting: stage.meanShape(in: architecture).reduce(1, *), of: name)
        }
        return ScoreColumns(hasChannel: channels == .all, outputs: outputs, stages: stages, states: states)
    }
}

/// The columns of a table of scores.
struct ScoreColumns: Sendable {
    /// Whether rows begin with the channel.
    let hasChannel: Bool
    let outputs: [OutputColumns]
    /// Whose means follow the outputs.
    let stages: [Stage]
    let states: [OutputColumns]

    var all: [OutputColumns] { (hasChannel ? [.channel] : []) + outputs + states }

    func scorer(_ model: EmotionModel, _ parallelism: Parallelism) -> ExcerptScorer {
        ExcerptScorer(
            model, parallelism, outputs: outputs.map(\.name), stages: stages,
            noticeShortage: { Messages.notice("\($0)") })
    }
}

extension OutputColumns {
    /// Numbers without labels: `NAME-0` and so on.
    fileprivate init(counting count: Int, of name: String) {
        self.init(name: name, labels: (0..<count).map { "\(name)-\($0)" }, isLabelled: false)
    }
}
