import Foundation
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Model folders")
struct ModelLocationTests {
    /// A folder with a model and this description.
    private func withFolder<Result>(_ description: String?, _ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "model-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            atPath: Fixtures.model("torch1.10-opset11"), toPath: folder.appending(path: "model.onnx").path)
        try description?.write(to: folder.appending(path: "model.yaml"), atomically: true, encoding: .utf8)
        return try body(folder)
    }

    @Test("take their labels from model.yaml, as published")
    func published() throws {
        let yaml = """
            $audonnx.core.model.Model==0.3.2:
              path: model.onnx
              labels:
                logits:
                - one
                - two
                - three
              transform: null
            """
        try withFolder(yaml) { folder in
            let labels = try EmotionModel(contentsOf: folder.path).labels
            #expect(labels == ["logits": ["one", "two", "three"]])
        }
    }

    @Test(
        "need no labels and no description",
        arguments: [
            nil, "$audonnx.core.model.Model==1.0:\n  path: model.onnx\n  labels: null\n",
            "$audonnx.core.model.Model:\n  path: model.onnx\n  transform:\n    signal: null\n",
        ])
    func defaults(yaml: String?) throws {
        try withFolder(yaml) { folder in
            let model = try EmotionModel(contentsOf: folder.path)
            #expect(model.labels == ["logits": ["arousal", "dominance", "valence"]])
        }
    }

    @Test("with a transform are refused")
    func transform() throws {
        let yaml = """
            $audonnx.core.model.Model==0.3.2:
              path: model.onnx
              transform:
                $opensmile.core.smile.Smile==2.4.0:
                  feature_set: GeMAPSv01b
            """
        try withFolder(yaml) { folder in
            let error = #expect(throws: ModelFolderError.self) { try EmotionModel(contentsOf: folder.path) }
            guard case .transform = error else { throw error ?? .notFound(path: "") }
        }
    }

    @Test(
        "that are not understood say why",
        arguments: [
            "", "[]", "a: 1", "- [", "$audonnx.core.model.Model==0.3.2:\n  path: ../model.onnx\n",
            "$audonnx.core.model.Model==0.3.2:\n  path: /etc/passwd\n",
            "$audonnx.core.model.Model==0.3.2:\n  path: model.onnx\n  labels: 3\n",
            "$audonnx.core.model.Model==0.3.2:\n  path: model.onnx\n  labels:\n    logits: [a, b]\n",
        ])
    func malformed(yaml: String) throws {
        try withFolder(yaml) { folder in
            let error = #expect(throws: (any Error).self) { try EmotionModel(contentsOf: folder.path) }
            #expect(
                error is ModelFolderError
                    || (error as? EngineError) == .labelCount(output: "logits", labels: 2, size: 3))
            let description = String(describing: try #require(error))
            #expect(description.contains("model.yaml"))
        }
    }

    @Test("that are not there, or empty, say so")
    func missing() throws {
        #expect(throws: ModelFolderError.notFound(path: "/no/such/model")) {
            try EmotionModel(contentsOf: "/no/such/model")
        }
        try withFolder(nil) { folder in
            try FileManager.default.removeItem(at: folder.appending(path: "model.onnx"))
            #expect(throws: ModelFolderError.empty(folder: folder.path)) {
                try EmotionModel(contentsOf: folder.path)
            }
        }
    }
}
