import ArgumentParser
import AudioInput
import Charts
import Checkpoints
import Files
import Foundation
import NumPyFiles
import ONNXLoader
import PackedModel
import W2V2Engine
import W2V2Recognition

/// Shows what a model file holds and how it was understood.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a model's architecture, tensors and graph, and how each node was recognised.",
        discussion: """
            A packed model holds its architecture and the engine's own blocks of weights; tensors, nodes and --weights \
            need the model that it was made from. A checkpoint has no graph, and so no nodes.

            EXAMPLES
              emotion-cli inspect model.onnx --tensors --histogram
              emotion-cli inspect model.onnx --nodes
              emotion-cli inspect model.onnx --chart architecture.svg
              emotion-cli inspect model.onnx --json > model.json
              emotion-cli inspect model.onnx --weights q.npz --tensor '*.q_proj.weight'
            """)

    @Argument(
        help: """
            An .onnx file, a folder with model.onnx and model.yaml, a folder or file of the Hugging Face hub, or a packed \
            model.
            """)
    var model: String

    @Flag(
        help: """
            List the tensors: type, shape, mean, standard deviation, smallest and largest element, name. For a packed \
            model, list its blocks.
            """)
    var tensors = false

    @Flag(help: "Add a histogram of each tensor, from its smallest element to its largest.")
    var histogram = false

    @Flag(help: "List the graph's nodes, each with its role in the architecture.")
    var nodes = false

    @Flag(help: "Print one JSON object with everything.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write the parameters to a .npz file.",
            discussion: """
                Names are those of transformers, such as encoder.layers.0.attention.q_proj.weight; heads are heads.0 and \
                so on. Matrices are [output, input], whichever way the file stores them, and weight norm is folded in.
                """,
            valueName: "file"))
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "Which parameters to write: names and patterns, separated by commas. Default: all.",
            valueName: "names"))
    var tensor: String?

    @Option(
        help: ArgumentHelp(
            "Draw the architecture, with shapes and arithmetic for a second of audio.", valueName: "file.svg|png"))
    var chart: String?

    @OptionGroup var replacement: ReplacementArgument

    func validate() throws {
        if tensor != nil, weights == nil {
            throw ValidationError("--tensor chooses what --weights FILE writes; give both")
        }
    }

    func run() throws {
        let location = try ModelLocation(model)
        var check = OutputCheck()
        for path in [chart, weights].compactMap(\.self) { try check.add(path) }
        try check.check(model: model)
        let picture = try chart.map { try PictureFile($0, force: replacement.force) }
        switch location.form {
        case .packed: try inspectPacked(location, picture)
        case .graph: try inspectGraph(location, picture)
        case .checkpoint: try inspectCheckpoint(location, picture)
        }
    }

    private func draw(_ architecture: Architecture, of location: ModelLocation, on picture: PictureFile?) throws {
        let name = URL(filePath: location.file).lastPathComponent
        try picture?.write(ArchitectureChart(architecture, title: name, samples: Signal.sampleRate).svg)
    }

    // MARK: An .onnx file

    private func inspectGraph(_ location: ModelLocation, _ picture: PictureFile?) throws {
        let file = try ONNXModel(contentsOf: location.file)
        let recognized: RecognizedModel
        do {
            recognized = try CommandError.naming(location.file) { try RecognizedModel(recognizing: file) }
        } catch {
            // What could be read is still worth seeing.
            if !json { try printFile(file, location, []) }
            throw error
        }
        let parameters = recognized.parameters
        let labels = try Labels.complete(location.labels, for: recognized.architecture)
        let exported = try weights.map { _ in try WeightsExport.chosen(tensor, from: parameters) } ?? []
        let writer = try weights.map { try NPZWriter(to: $0, force: replacement.force) }
        if json {
            let table = try TensorTable(file, parameters: parameters, hasHistograms: histogram)
            try printJSON(ModelDescription(file, recognized, labels: labels, tensors: table))
        } else {
            try printFile(file, location, parameters)
            try printArchitecture(
                recognized.architecture, labels,
                StoredNumbers.rows(recognized.storedNumbers) + GraphDescription(recognized).summary())
            if nodes { try printSection(GraphDescription(recognized).lines()) }
        }
        try draw(recognized.architecture, of: location, on: picture)
        if let weights, let writer {
            try WeightsExport.write(exported, to: writer)
            Messages.notice("\(weights): wrote \(exported.count) of \(parameters.count) parameters")
        }
        ModelOptions.noticeStandIn(file.metadata)
    }

    private func printFile(_ file: ONNXModel, _ location: ModelLocation, _ parameters: [NamedParameter]) throws {
        try TextOutput(nil).write(lines: FileDescription(file: file, path: location.file).lines())
        if tensors || histogram {
            try printSection(TensorTable(file, parameters: parameters, hasHistograms: histogram).lines())
        }
    }

    // MARK: A checkpoint

    private func inspectCheckpoint(_ location: ModelLocation, _ picture: PictureFile?) throws {
        if nodes {
            throw CommandError("\(location.file): is a checkpoint, which has no graph; --nodes needs an .onnx file")
        }
        let checkpoint = try CommandError.naming(location.file) { try CheckpointModel(at: location.file) }
        let labels = try Labels.complete(checkpoint.labels, for: checkpoint.architecture)
        let exported = try weights.map { _ in try WeightsExport.chosen(tensor, from: checkpoint.parameters) } ?? []
        let writer = try weights.map { try NPZWriter(to: $0, force: replacement.force) }
        if json {
            let table = try TensorTable(checkpoint, hasHistograms: histogram)
            try printJSON(ModelDescription(checkpoint, labels: labels, tensors: table))
        } else {
            try TextOutput(nil).write(lines: CheckpointDescription(checkpoint, path: location.file).lines())
            if tensors || histogram {
                try printSection(TensorTable(checkpoint, hasHistograms: histogram).lines())
            }
            try printArchitecture(checkpoint.architecture, labels, StoredNumbers.rows(checkpoint.storedNumbers))
        }
        try draw(checkpoint.architecture, of: location, on: picture)
        if let weights, let writer {
            try WeightsExport.write(exported, to: writer)
            Messages.notice("\(weights): wrote \(exported.count) of \(checkpoint.parameters.count) parameters")
        }
        checkpoint.notices.forEach { Messages.notice($0) }
    }

    // MARK: A packed model

    private func inspectPacked(_ location: ModelLocation, _ picture: PictureFile?) throws {
        let asked = [(nodes, "--nodes"), (histogram, "--histogram"), (weights != nil, "--weights")]
        if let option = asked.first(where: { $0.0 })?.1 {
            throw CommandError(
                "\(location.file): is a packed model, which has no graph and no tensors; for \(option), name the model"
                    + " it was made from")
        }
        let summary = try CommandError.naming(location.file) { try PackedModelSummary(contentsOf: location.file) }
        let labels = try Labels.complete(
            location.labels.isEmpty ? summary.labels : location.labels, for: summary.architecture)
        if json {
            try printJSON(ModelDescription(summary, labels: labels))
        } else {
            let bytes = summary.blocks.reduce(0) { $0 + $1.byteCount }
            try TextOutput(nil).write(lines: [
                "\(location.file): a packed model in \(summary.precision), \(summary.blocks.count) blocks with "
                    + "\(NumberText.grouped(bytes)) bytes",
                "Tensors, nodes and --weights need the model that it was made from.",
            ])
            if tensors {
                var table = TextColumns([.left, .right, .left])
                table.add(["format", "bytes", "block"])
                for block in summary.blocks {
                    table.add([block.format, NumberText.grouped(block.byteCount), printable(block.name)])
                }
                try printSection(table.lines)
            }
            try printArchitecture(
                summary.architecture, labels, [(title: "precision", text: PackedFormat.line(summary))])
        }
        ModelOptions.noticeStandIn(summary.metadata)
    }

    // MARK: Both

    private func printArchitecture(
        _ architecture: Architecture, _ labels: [String: [String]], _ more: [(title: String, text: String)]
    ) throws {
        let text = ArchitectureText(architecture: architecture, labels: labels)
        let rows = text.rows() + [(title: "matrix products", text: ModelDescription.backend)] + more
        try printSection(ArchitectureText.lines(rows))
        try printSection(text.partLines())
    }

    /// Lines after an empty one.
    private func printSection(_ lines: [String]) throws {
        try TextOutput(nil).write(lines: [""] + lines)
    }

    private func printJSON(_ description: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        try TextOutput(nil).write(String(decoding: try encoder.encode(description), as: UTF8.self) + "\n")
    }
}
