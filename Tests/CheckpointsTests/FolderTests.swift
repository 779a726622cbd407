import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// Which files of a folder are read.
@Suite struct FolderTests {
    /// A file with one tensor.
    private func file(_ name: String, _ value: Float) -> [UInt8] {
        safetensors(
            #"{"\#(name)":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [value].littleEndianBytes)
    }

    private func index(_ map: [String: String]) -> [UInt8] {
        let members = map.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
        return Array("{\"metadata\": {\"total_size\": 8}, \"weight_map\": {\(members)}}".utf8)
    }

    private let first = "model-00001-of-00002.safetensors"
    private let second = "model-00002-of-00002.safetensors"
    private let indexName = "model.safetensors.index.json"

    @Test func safetensorsComeFirst() throws {
        let folder = try TemporaryFolder()
        #expect(refusal(at: folder.path)?.reason == .noWeights(names: CheckpointWeights.fileNames))
        let pickle = PickleBuilder.pickle(
            PickleBuilder.dictionary([("torch", PickleBuilder.tensor(count: 1, shape: [1], strides: [1]))]))
        try folder.write(ZipBuilder.torch(pickle, storages: [[0, 0, 0, 0]]).bytes, to: "pytorch_model.bin")
        #expect(try CheckpointWeights(at: folder.path).tensors.map(\.name) == ["torch"])
        try folder.write(file("a", 1), to: first)
        try folder.write(index(["a": first]), to: indexName)
        #expect(try CheckpointWeights(at: folder.path).tensors.map(\.name) == ["a"])
        try folder.write(file("whole", 1), to: "model.safetensors")
        #expect(try CheckpointWeights(at: folder.path + "/").tensors.map(\.name) == ["whole"])
        #expect(refusal(at: folder.file("nothing"))?.reason == .cannotOpen(reason: "No such file or directory"))
    }

    @Test func shardsOfTorch() throws {
        let folder = try TemporaryFolder()
        for (name, file) in [("a", "pytorch_model-1.bin"), ("b", "pytorch_model-2.bin")] {
            let pickle = PickleBuilder.pickle(
                PickleBuilder.dictionary([(name, PickleBuilder.tensor(count: 1, shape: [1], strides: [1]))]))
            try folder.write(ZipBuilder.torch(pickle, storages: [[Float(3)].littleEndianBytes]).bytes, to: file)
        }
        try folder.write(
            index(["a": "pytorch_model-1.bin", "b": "pytorch_model-2.bin"]), to: "pytorch_model.bin.index.json")
        let weights = try CheckpointWeights(at: folder.path)
        #expect(weights.form == .torch)
        #expect(try weights["b"]?.floats() == [3])
    }

    @Test func everyTensorIsWhereTheIndexSays() throws {
        let folder = try TemporaryFolder()
        func reason(_ map: [String: String]) throws -> CheckpointError? {
            try folder.write(index(map), to: indexName)
            return refusal(at: folder.path)
        }
        try folder.write(file("a", 1), to: first)
        try folder.write(file("b", 2), to: second)
        #expect(try reason(["a": first, "b": second]) == nil)
        let missing = try #require(try reason(["a": first, "b": second, "c": second]))
        #expect(missing.reason == .shards(.tensorNotInFile(second)))
        #expect(missing.part == "tensor 'c'")
        #expect(try reason(["a": second, "b": second])?.reason == .shards(.tensorNotInFile(second)))
        #expect(try reason(["a": first, "c": second])?.reason == .shards(.tensorNotInIndex))
        #expect(try reason(["b": first, "a": second])?.reason == .shards(.tensorNotInIndex))
        #expect(
            try reason(["a": first, "b": "model-3.safetensors"])?.reason
                == .cannotOpen(reason: "No such file or directory"))
        try folder.write(file("a", 2), to: second)
        #expect(try reason(["a": first, "b": second])?.reason == .shards(.tensorNotInIndex))
    }

    @Test(arguments: [
        "../x.safetensors", "/tmp/x.safetensors", "..", ".", "", "sub/x.safetensors", "x.bin", "config.json",
        "a\\\\x.safetensors", "x.safetensors\\u0000",
    ])
    func indexesNameFilesBesideThem(name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(index(["a": name]), to: indexName)
        guard case .shards(.fileName(_, suffix: ".safetensors")) = refusal(at: folder.path)?.reason else {
            Issue.record("\(name) was taken")
            return
        }
    }

    @Test func damagedIndexesAreRefused() throws {
        let folder = try TemporaryFolder()
        func reason(_ text: String) throws -> CheckpointError.Reason? {
            try folder.write(Array(text.utf8), to: indexName)
            return refusal(at: folder.path)?.reason
        }
        #expect(try reason("[]") == .notAnObject)
        #expect(try reason("") == .json(.notJSON, byte: 0))
        #expect(try reason("{}") == .missingKey(expected: "an object of tensors' names and files"))
        #expect(try reason(#"{"weight_map":{"a":1}}"#) == .wrongValue(found: "1", expected: "the name of a file"))
        #expect(
            try reason(#"{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}"#)
                == .json(.duplicateName("a"), byte: 35))
        let many = (0...1024).map { "\"t\($0)\":\"\($0).safetensors\"" }.joined(separator: ",")
        #expect(try reason("{\"weight_map\":{\(many)}}") == .shards(.tooManyFiles(limit: 1024)))
    }

    /// As in the hub's cache: links side by side to files side by side, named by their hashes.
    @Test func linksAreFollowedToWhereTheIndexIs() throws {
        let folder = try TemporaryFolder()
        let manager = FileManager.default
        for name in ["blobs", "snapshot", "elsewhere"] {
            try manager.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
        }
        try folder.write(file("a", 1), to: "blobs/aaa")
        try folder.write(file("b", 2), to: "blobs/bbb")
        try folder.write(file("b", 3), to: "elsewhere/bbb")
        try folder.write(index(["a": first, "b": second]), to: "blobs/index")
        func link(_ name: String, _ target: String) throws {
            try? manager.removeItem(atPath: folder.file("snapshot/\(name)"))
            try manager.createSymbolicLink(
                atPath: folder.file("snapshot/\(name)"), withDestinationPath: "../\(target)")
        }
        try link(first, "blobs/aaa")
        try link(second, "blobs/bbb")
        try link(indexName, "blobs/index")
        #expect(try CheckpointWeights(at: folder.file("snapshot"))["b"]?.floats() == [2])
        try link(second, "elsewhere/bbb")
        #expect(refusal(at: folder.file("snapshot"))?.reason == .shards(.outsideFolder))
        // A file whose name is ours may be a link to anywhere.
        try link("model.safetensors", "elsewhere/bbb")
        #expect(try CheckpointWeights(at: folder.file("snapshot"))["b"]?.floats() == [3])
        try link("model.safetensors", "nowhere")
        #expect(
            refusal(at: folder.file("snapshot"))?.reason == .cannotOpen(reason: "No such file or directory"))
    }
}
