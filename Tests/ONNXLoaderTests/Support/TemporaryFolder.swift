import Foundation
import ONNXLoader
import Testing

/// A folder that is gone when the test is.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "onnx-loader-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func path(of name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, in place of an older one of that name: models that have the older one mapped keep it.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: path(of: name)), options: .atomic)
        return path(of: name)
    }

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
