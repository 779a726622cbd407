import ArgumentParser
import Foundation
import ONNXLoader
import W2V2Engine

/// Shows what a model file holds and how it was understood.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a model's architecture, tensors and graph, and how each node was recognised.")

    @Argument(help: "An .onnx file, or a folder with model.onnx and model.yaml.")
    var model: String

    @Flag(help: "List the tensors: name, type and shape.")
    var tensors = false

    @Flag(help: "List the graph's nodes, with what each is in the architecture.")
    var nodes = false

    @Flag(help: "Print one JSON object with everything.")
    var json = false

    func run() throws {
        let location = try ModelLocation(model)
        let file = try ONNXModel(contentsOf: GraphFile.path(location))
        let recognized: RecognizedModel
        do {
            recognized = try ModelRefusal.naming(location.file) { try RecognizedModel(recognizing: file) }
        } catch {
            // What could be read is still worth seeing.
            if !json { try printFile(file, location) }
            throw error
        }
        let description = try ModelDescription(file, recognized, labels: location.labels)
        if json { return try printJSON(description) }
        try printFile(file, location)
        try TextOutput(nil).write("\n" + description.architectureLines().joined(separator: "\n") + "\n")
        if nodes { try TextOutput(nil).write("\n" + description.nodeLines().joined(separator: "\n") + "\n") }
        ModelOptions.noticeStandIn(file.metadata)
    }

    private func printFile(_ file: ONNXModel, _ location: ModelLocation) throws {
        let output = try TextOutput(nil)
        try output.write(FileDescription(file, path: location.file).lines().joined(separator: "\n") + "\n")
        if tensors { try output.write("\n" + TensorList(file).lines().joined(separator: "\n") + "\n") }
    }

    private func printJSON(_ description: ModelDescription) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try TextOutput(nil).write(String(decoding: try encoder.encode(description), as: UTF8.self) + "\n")
        ModelOptions.noticeStandIn(description.metadata)
    }
}
