import Foundation
import ONNXLoader
import TestSupport
import Testing

@Suite("External data")
struct ExternalDataTests {
    private let folder: TemporaryFolder
    private let floats: [Float] = [1, 2, 3, 4, 5, 6]

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(floats.littleEndianBytes, to: "weights.bin")
    }

    private func model(dims: [Int] = [2], _ entries: [(String, String)]) -> [UInt8] {
        SyntheticModel.tensor(type: 1, dims: dims) { tensor in
            tensor.varint(14, 1)
            for (key, value) in entries { tensor.external(key, value) }
        }
    }

    private func load(dims: [Int] = [2], _ entries: [(String, String)]) throws -> [Float] {
        let tensor = try #require(try folder.load(model(dims: dims, entries)).graph.initializers["w"])
        return try tensor.floats()
    }

    @Test("location, offset and length")
    func forms() throws {
        #expect(try load(dims: [6], [("location", "weights.bin")]) == floats)
        #expect(try load([("location", "./weights.bin"), ("offset", "4"), ("length", "8")]) == [2, 3])
        #expect(try load([("length", "8"), ("checksum", "whatever"), ("location", "weights.bin")]) == [1, 2])
        #expect(try load(dims: [], [("location", "weights.bin"), ("offset", "20")]) == [6])
        #expect(try load(dims: [0], [("location", "weights.bin"), ("offset", "24"), ("length", "0")]) == [])
        // Offsets need not be aligned.
        let odd = try load(dims: [1], [("location", "weights.bin"), ("offset", "1")])
        #expect(odd.map(\.bitPattern) == [0x003F_8000])
    }

    @Test("tensors may share a file, and bytes in it")
    func sharing() throws {
        let bytes = SyntheticModel.identity { graph in
            for (name, offset) in [("a", "0"), ("b", "8"), ("c", "4")] {
                graph.tensor(5, name, type: 1, dims: [4]) { tensor in
                    tensor.external("location", "weights.bin")
                    tensor.external("offset", offset)
                    tensor.varint(14, 1)
                }
            }
        }
        let model = try folder.load(bytes)
        #expect(try model.graph.initializers["a"]?.floats() == [1, 2, 3, 4])
        #expect(try model.graph.initializers["b"]?.floats() == [3, 4, 5, 6])
        #expect(try model.graph.initializers["c"]?.floats() == [2, 3, 4, 5])
        #expect(model.fileSize == bytes.count + 24)
        model.releasePages()
        #expect(try model.graph.initializers["c"]?.floats() == [2, 3, 4, 5])
    }

    @Test("folders below the model's and links inside it are fine")
    func inside() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder.file("data"), withIntermediateDirectories: false)
        try folder.write([Float(9), 8].littleEndianBytes, to: "data/more.bin")
        #expect(try load([("location", "data/more.bin")]) == [9, 8])
        try files.createSymbolicLink(atPath: folder.file("link.bin"), withDestinationPath: "data/more.bin")
        #expect(try load([("location", "link.bin")]) == [9, 8])
    }

    @Test("a model reached through a link reads the data beside the link's place")
    func linkedFolder() throws {
        let path = try folder.write(model([("location", "weights.bin")]), to: "model.onnx")
        let other = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: other.file("folder"), withDestinationPath: folder.path)
        let model = try ONNXModel(contentsOf: other.file("folder/model.onnx"))
        #expect(try model.graph.initializers["w"]?.floats() == [1, 2])
        try FileManager.default.createSymbolicLink(atPath: other.file("model.onnx"), withDestinationPath: path)
        let error = try TemporaryFolder.refusal(ofFile: other.file("model.onnx"))
        #expect(error.reason == .externalFile("weights.bin", reason: "is not in the model's folder"))
    }

    /// As in the cache of the Hugging Face hub: `snapshots/REVISION/NAME` are links to `blobs/HASH`.
    @Test("a model and its data may be links to files side by side")
    func linkedFiles() throws {
        let files = FileManager.default
        for name in ["blobs", "snapshots", "snapshots/r"] {
            try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
        }
        try folder.write(model([("location", "model.onnx.data")]), to: "blobs/aaa")
        try folder.write(floats.littleEndianBytes, to: "blobs/bbb")
        for (link, blob) in [("model.onnx", "aaa"), ("model.onnx.data", "bbb")] {
            try files.createSymbolicLink(
                atPath: folder.file("snapshots/r/\(link)"), withDestinationPath: "../../blobs/\(blob)")
        }
        let loaded = try ONNXModel(contentsOf: folder.file("snapshots/r/model.onnx"))
        #expect(try loaded.graph.initializers["w"]?.floats() == [1, 2])

        // Beside the links, but linked to another place than the model's.
        let data = folder.file("snapshots/r/model.onnx.data")
        try files.removeItem(atPath: data)
        try files.createSymbolicLink(atPath: data, withDestinationPath: "../../weights.bin")
        let error = try TemporaryFolder.refusal(ofFile: folder.file("snapshots/r/model.onnx"))
        #expect(error.reason == .externalLocation("model.onnx.data", .outsideFolder))
    }

    @Test("any number of tensors may not share the bytes of a small file")
    func manyUses() throws {
        let bytes = SyntheticModel.identity { graph in
            for index in 0..<5 {
                graph.tensor(5, "t\(index)", type: 1, dims: [6]) { tensor in
                    tensor.external("location", "weights.bin")
                    tensor.varint(14, 1)
                }
            }
        }
        let error = try folder.refusal(bytes)
        #expect(error.reason == .externalUse("weights.bin", size: 24, most: 4))
        #expect(error.description.contains("4 times the 24 bytes"))
    }

    @Test("places outside the model's folder are refused")
    func outside() throws {
        let other = try TemporaryFolder()
        try other.write(floats.littleEndianBytes, to: "secret.bin")
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: folder.file("link.bin"), withDestinationPath: other.file("secret.bin"))
        try files.createSymbolicLink(atPath: folder.file("away"), withDestinationPath: other.path)
        // A folder whose path begins like the model's.
        let twin = folder.path + "-twin"
        try files.createDirectory(atPath: twin, withIntermediateDirectories: false)
        defer { try? files.removeItem(atPath: twin) }
        try Data(floats.littleEndianBytes).write(to: URL(filePath: twin + "/secret.bin"))
        try files.createSymbolicLink(atPath: folder.file("twin"), withDestinationPath: twin + "/secret.bin")

        let locations: [(String, ONNXError.ExternalLocationProblem)] = [
            ("../secret.bin", .parentFolder), ("data/../weights.bin", .parentFolder), ("..", .parentFolder),
            (other.file("secret.bin"), .absolute), ("/dev/zero", .absolute),
            (folder.file("weights.bin"), .absolute), ("link.bin", .outsideFolder),
            ("away/secret.bin", .outsideFolder), ("twin", .outsideFolder),
        ]
        for (location, problem) in locations {
            let error = try folder.refusal(model([("location", location)]))
            #expect(error.reason == .externalLocation(location, problem))
            #expect(error.field == "graph.initializer[0].external_data")
            #expect(error.subject == "tensor 'w'")
            #expect(error.offset != nil)
            #expect(error.description.contains("folder"))
        }
    }

    @Test("what is not a file")
    func notFiles() throws {
        try FileManager.default.createDirectory(atPath: folder.file("data"), withIntermediateDirectories: false)
        try folder.write([], to: "empty.bin")
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        let locations = [
            ("absent.bin", "is not in the model's folder"), ("data", "is a folder, not a file"),
            (".", "is a folder, not a file"), ("pipe", "is a pipe, not a file"),
            ("empty.bin", "is empty"), ("zero\0.bin", "is not in the model's folder"),
        ]
        for (location, reason) in locations {
            let error = try folder.refusal(model([("location", location)]))
            #expect(error.reason == .externalFile(location, reason: reason))
        }
    }

    @Test("ranges that the file does not have")
    func ranges() throws {
        let beyond = try folder.refusal(model(dims: [7], [("location", "weights.bin")]))
        #expect(beyond.reason == .externalRange("weights.bin", offset: 0, length: 28, size: 24))
        let late = try folder.refusal(model([("location", "weights.bin"), ("offset", "20")]))
        #expect(late.reason == .externalRange("weights.bin", offset: 20, length: 8, size: 24))
        let far = try folder.refusal(model([("location", "weights.bin"), ("offset", "\(Int.max)")]))
        #expect(far.reason == .externalRange("weights.bin", offset: .max, length: 8, size: 24))
        let huge = try folder.refusal(model(dims: [1 << 40], [("location", "weights.bin")]))
        #expect(huge.reason == .externalRange("weights.bin", offset: 0, length: 1 << 42, size: 24))
        let length = try folder.refusal(model([("location", "weights.bin"), ("length", "12")]))
        #expect(length.reason == .externalLength("weights.bin", length: 12, expected: 8))
    }

    @Test("numbers that are none", arguments: ["-1", "", "ten", "1e3", "9223372036854775808", "0x10", " 4"])
    func numbers(_ value: String) throws {
        for key in ["offset", "length"] {
            let error = try folder.refusal(model([("location", "weights.bin"), (key, value)]))
            #expect(error.reason == .outOfRange(value: "'\(value)'", expected: "a number of bytes"))
            #expect(error.field == "graph.initializer[0].external_data[1].value")
        }
    }

    @Test("external data without a location, with other data, or not declared")
    func incomplete() throws {
        let unplaced = try folder.refusal(model([("offset", "0")]))
        #expect(unplaced.reason == .missing("the location of the external data"))
        let both = try folder.refusal(
            SyntheticModel.tensor(type: 1, dims: [1]) { tensor in
                tensor.varint(14, 1)
                tensor.external("location", "weights.bin")
                tensor.fixed32(4, 0)
            })
        #expect(both.reason == .dataGivenTwice("float_data", "external_data"))
        let undeclared = try folder.refusal(
            SyntheticModel.tensor(type: 1, dims: [1]) { $0.external("location", "weights.bin") })
        #expect(undeclared.reason == .sizeMismatch(shape: [1], expected: 4, found: 0, unit: "bytes"))
        let elsewhere = try folder.refusal(SyntheticModel.tensor(type: 1, dims: [1]) { $0.varint(14, 2) })
        #expect(elsewhere.field == "graph.initializer[0].data_location")
    }
}
