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

    @Test(
        "that could trap or swell the reader of YAML are refused at once",
        arguments: [
            "{[]: 1}", "{{}: 1}", "? [a]\n: 1", "[[]]: 1", "{? {a: b}: c}", "!!binary x: 1", "!!set {a, b}",
            "!!omap [a: 1]",
            "$audonnx.core.model.Model==0.3.2:\n  path: [model.onnx]\n",
            "$audonnx.core.model.Model==0.3.2:\n  path: \"a\\0b\"\n",
            "$audonnx.core.model.Model==0.3.2:\n  labels:\n    [logits]: [a]\n",
            "$audonnx.core.model.Model==0.3.2:\n  labels:\n    logits: [[a], b, c]\n",
            String(repeating: "[", count: 30_000), String(repeating: "- ", count: 30_000),
            String(repeating: "a", count: 1 << 17),
            aliasBomb(levels: 7, at: "z"), aliasBomb(levels: 7, at: "labels"), "a: &a [*a]", "a: *b",
            "? " + String(repeating: "{? ", count: 500) + "a",
        ])
    func hostile(yaml: String) throws {
        try withFolder(yaml) { folder in
            let begin = ContinuousClock.now
            let error = try #require(throws: ModelFolderError.self) { try EmotionModel(contentsOf: folder.path) }
            #expect(begin.duration(to: .now) < .seconds(2))
            #expect(error.description.utf8.count < 1000)
        }
    }

    @Test("may name the same labels twice by an alias")
    func alias() throws {
        let yaml = "$audonnx.core.model.Model==0.3.2:\n  labels:\n    logits: &l [a, b, c]\n    other: *l\n"
        try withFolder(yaml) { folder in
            let labels = try ModelLocation(folder.path).labels
            #expect(labels == ["logits": ["a", "b", "c"], "other": ["a", "b", "c"]])
        }
    }

    /// Each level stands for ten of the one before.
    private static func aliasBomb(levels: Int, at name: String) -> String {
        var yaml = "$audonnx.core.model.Model==0.3.2:\n  path: model.onnx\n  z0: &z0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...levels {
            let aliases = [String](repeating: "*z\(level - 1)", count: 10).joined(separator: ", ")
            yaml += "  \(level == levels ? name : "z\(level)"): &z\(level) [\(aliases)]\n"
        }
        return yaml
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
