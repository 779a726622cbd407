import ArgumentParser
import Checkpoints
import ONNXLoader
import PackedModel
import W2V2Engine

/// Writes a packed model.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a packed model, which starts at once.",
        discussion: """
            A packed model holds the weights in the layout that the engine computes with. It is mapped and used in \
            place, so there is nothing to load, and processes that run at once share one copy in memory. Every command \
            that computes takes it instead of the model that it was made from, and inspect shows what it holds; verify, \
            and inspect's tensors and nodes, need that model.
            """)

    @Argument(
        help: "An .onnx file, a folder with model.onnx and model.yaml, or a folder or file of the Hugging Face hub.")
    var model: String

    @Argument(help: "The packed model to write, such as model.packed.")
    var output: String

    @Option(
        help: """
            In which numbers its products are computed: float32, int16 (half the size) or int8 (a quarter, and the least \
            exact; verify --precision int8 shows by how much).
            """)
    var precision: Precision = .float32

    @OptionGroup var replacement: ReplacementArgument

    func run() throws {
        let location = try ModelLocation(model)
        var check = OutputCheck()
        try check.add(output)
        try check.check(model: model)
        try OwnFile.packedModel.checkReplaceable(output, force: replacement.force)
        try location.requireSource()
        try CommandError.naming(location.file) {
            do {
                if location.form == .checkpoint {
                    let checkpoint = try CheckpointModel(at: location.file)
                    try EmotionModel.pack(checkpoint, precision: precision, to: output)
                    checkpoint.notices.forEach { Messages.notice($0) }
                } else {
                    let file = try ONNXModel(contentsOf: location.file)
                    try EmotionModel.pack(file, labels: location.labels, precision: precision, to: output)
                    ModelOptions.noticeStandIn(file.metadata)
                }
            } catch let error as PackedModelError { throw CommandError("\(output): \(error)") }
        }
        Messages.notice("\(output): wrote a packed model in \(precision)")
    }
}
