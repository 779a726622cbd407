import ONNXLoader
import TestSupport
import Testing

extension TemporaryFolder {
    /// Loads a model from bytes.
    func load(_ bytes: [UInt8]) throws -> ONNXModel {
        try ONNXModel(contentsOf: write(bytes, to: "model.onnx"))
    }

    /// The error that loading bytes ends with. Its message must be one line that begins with the file's path.
    func refusal(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws -> ONNXError {
        let path = try write(bytes, to: "model.onnx")
        return try Self.refusal(ofFile: path, sourceLocation: sourceLocation)
    }

    static func refusal(
        ofFile path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ONNXError {
        let error = try #require(throws: ONNXError.self, sourceLocation: sourceLocation) {
            _ = try ONNXModel(contentsOf: path)
        }
        let message = error.description
        #expect(message.hasPrefix("\(path): "), sourceLocation: sourceLocation)
        let lines = message.split(omittingEmptySubsequences: false) { $0.isNewline }
        #expect(lines.count == 1, sourceLocation: sourceLocation)
        return error
    }
}
