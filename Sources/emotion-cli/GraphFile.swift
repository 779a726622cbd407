import PackedModel
import W2V2Engine

/// The file of a model for commands that read its graph.
enum GraphFile {
    /// - Throws: if it is a packed model, which has no graph.
    static func path(_ location: ModelLocation) throws -> String {
        if PackedModelFile.isPackedModel(location.file) { throw PackedGraph(path: location.file) }
        return location.file
    }
}

private struct PackedGraph: Error, CustomStringConvertible {
    let path: String

    var description: String { "\(path): is a packed model, which has no graph; name the .onnx file it was made from" }
}
