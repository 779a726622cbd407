import ArgumentParser
import Foundation
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
            that computes takes it instead of the .onnx file, and inspect shows what it holds; verify, and inspect's \
            tensors and nodes, need the .onnx file.
            """)

    @Argument(help: "An .onnx file, or a folder with model.onnx and model.yaml.")
    var model: String

    @Argument(help: "The packed model to write, such as model.packed.")
    var output: String

    func run() throws {
        let location = try ModelLocation(model)
        // Something else would be lost.
        guard !FileManager.default.fileExists(atPath: output) || PackedModelFile.isPackedModel(output) else {
            throw CommandError("\(output): already exists and is not a packed model; choose another name or remove it")
        }
        let file = try ONNXModel(contentsOf: location.graphFile())
        try CommandError.naming(location.file) {
            do { try EmotionModel.pack(file, labels: location.labels, to: output) } catch let error as PackedModelError
            {
                throw CommandError("\(output): \(error)")
            }
        }
        Messages.notice("\(output): wrote a packed model")
        ModelOptions.noticeStandIn(file.metadata)
    }
}
