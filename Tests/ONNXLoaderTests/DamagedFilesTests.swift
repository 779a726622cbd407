import Foundation
import ONNXLoader
import StandInModel
import TestSupport
import Testing

/// Files that were well-formed until something happened to them. Whatever it was, loading must end with a model whose
/// tensors can be read or with an ``ONNXError``.
@Suite("Damaged files")
struct DamagedFilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The smallest of the exports.
    private static let export = "torch1.10-opset11"

    /// A model with every kind of field the loader reads, in a few hundred bytes.
    private static let everything = SyntheticModel.identity { graph in
        graph.string(2, "a graph")
        graph.node("Thing", ["x", "", "w"], ["z", "u"], name: "thing") { node in
            node.string(7, "com.example")
            let attributes: [(inout WireWriter) -> Void] = [
                { $0.fixed32(2, 1) }, { $0.varint(3, -1) }, { $0.string(4, "text") }, { $0.bytes(7, [0, 0, 0, 0]) },
                { $0.packedVarints(8, [1, 300, 70_000]) }, { $0.string(9, "one") },
                { $0.tensor(5, "t", type: 7, dims: [2]) { $0.packedVarints(7, [1, .max]) } },
            ]
            for (index, attribute) in attributes.enumerated() {
                node.message(5) {
                    $0.string(1, "a\(index)")
                    attribute(&$0)
                }
            }
        }
        graph.tensor(5, "w", type: 1, dims: [2, 1]) { $0.bytes(9, [1, 2, 3, 4, 5, 6, 7, 8]) }
        graph.tensor(5, "h", type: 10, dims: [3]) { $0.packedVarints(5, [0, 1, 0x7C00]) }
        graph.tensor(5, "d", type: 11, dims: []) { $0.fixed64(10, 1) }
        graph.tensor(5, "e", type: 1, dims: [1]) { tensor in
            tensor.external("location", "model.onnx")
            tensor.external("offset", "4")
            tensor.external("length", "4")
            tensor.varint(14, 1)
        }
        graph.valueInfo(12, "z", type: 7, dimensions: [.size(2), .name("n")])
        graph.varint(99, 1)
    }

    // MARK: Truncation

    @Test("a small model cut at every byte")
    func smallModelCut() throws {
        let bytes = Self.everything
        #expect(try folder.load(bytes).graph.initializers.count == 4)
        let graphEnd = try #require(FieldScanner(bytes).boundaries.last { $0.enclosing.isEmpty }).offset
        for length in 1..<bytes.count where length != graphEnd {
            _ = try folder.refusal(Array(bytes[..<length]))
        }
        // Without the last field, the version of the operators is 1.
        #expect(try folder.load(Array(bytes[..<graphEnd])).opset == 1)
    }

    @Test("a small model cut at every byte, its lengths made to fit")
    func smallModelCutAndMended() throws {
        let bytes = Self.everything
        var outcomes = Outcomes()
        let boundaries = FieldScanner(bytes).boundaries
        for length in (1..<bytes.count).reversed() {
            let boundary = try #require(boundaries.last { $0.offset <= length })
            var cut = Array(bytes[..<length])
            for message in boundary.enclosing where message.contentOffset <= length {
                cut.replaceSubrange(
                    message.lengthOffset..<message.contentOffset,
                    with: message.lengthBytes(length - message.contentOffset))
            }
            try outcomes.load(folder.write(cut, to: "model.onnx"))
        }
        #expect(outcomes.refused > bytes.count / 2)
    }

    @Test("an export cut at every field boundary")
    func exportCut() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: Fixtures.model(Self.export))))
        let boundaries = FieldScanner(bytes).boundaries
        #expect(boundaries.count > 3000)
        let graph = try #require(boundaries.first { $0.enclosing.count == 1 }).offset
        let path = try folder.write(bytes, to: "model.onnx")
        let file = try FileHandle(forUpdating: URL(filePath: path))
        defer { try? file.close() }
        for boundary in boundaries.reversed() where boundary.offset > 0 {
            try file.truncate(atOffset: UInt64(boundary.offset))
            // After the graph the model could end, had it no operator sets.
            guard !boundary.enclosing.isEmpty || boundary.offset < graph else { continue }
            let error = try TemporaryFolder.refusal(ofFile: path)
            if boundary.enclosing.first?.contentOffset == graph {
                guard case .cutShort(_, let left) = error.reason else {
                    Issue.record("\(boundary.offset): \(error)")
                    continue
                }
                #expect(left == boundary.offset - graph)
                #expect(error.field == "graph")
            }
        }
    }

    @Test("an export cut at every field boundary, its lengths made to fit")
    func exportCutAndMended() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: Fixtures.model(Self.export))))
        let boundaries = FieldScanner(bytes).boundaries
        let path = try folder.write(bytes, to: "model.onnx")
        let file = try FileHandle(forUpdating: URL(filePath: path))
        defer { try? file.close() }
        var outcomes = Outcomes()
        for boundary in boundaries.reversed() where boundary.offset > 0 {
            try file.truncate(atOffset: UInt64(boundary.offset))
            for message in boundary.enclosing {
                try file.seek(toOffset: UInt64(message.lengthOffset))
                try file.write(contentsOf: message.lengthBytes(boundary.offset - message.contentOffset))
            }
            try outcomes.load(path)
        }
        // What is cut inside the outputs' types, or after them, is still a graph.
        #expect(outcomes.refused > boundaries.count * 9 / 10)
        #expect(outcomes.loaded > 0)
    }

    // MARK: Changed bytes

    @Test("a small model with each byte changed in many ways")
    func smallModelChanged() throws {
        let bytes = Self.everything
        var outcomes = Outcomes()
        for index in bytes.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, bytes[index] ^ 1, bytes[index] ^ 8, bytes[index] &+ 1] {
                var changed = bytes
                changed[index] = value
                try outcomes.load(folder.write(changed, to: "model.onnx"))
            }
        }
        #expect(outcomes.loaded > 100)
        #expect(outcomes.refused > 1000)
    }

    @Test("an export with changed bytes", arguments: 0..<4)
    func exportChanged(_ seed: UInt64) throws {
        let mutations = 750
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: Fixtures.model(Self.export))))
        let scanner = FieldScanner(bytes)
        let path = try folder.write(bytes, to: "model.onnx")
        let file = try FileHandle(forUpdating: URL(filePath: path))
        defer { try? file.close() }
        var random = SplitMix64(seed: seed)
        var outcomes = Outcomes()
        for _ in 0..<mutations {
            var changed: [Int] = []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // Within a few bytes of a field's beginning are its tag, its length and small values. Now and then, any
                // byte at all.
                let boundary = scanner.boundaries.randomElement(using: &random)?.offset ?? 0
                let anywhere = Int.random(in: 0..<bytes.count, using: &random)
                let near = min(boundary + Int.random(in: 0..<8, using: &random), bytes.count - 1)
                let index = Int.random(in: 0..<8, using: &random) == 0 ? anywhere : near
                changed.append(index)
                try file.seek(toOffset: UInt64(index))
                try file.write(contentsOf: [UInt8.random(in: 0...255, using: &random)])
            }
            try outcomes.load(path)
            for index in changed {
                try file.seek(toOffset: UInt64(index))
                try file.write(contentsOf: [bytes[index]])
            }
        }
        #expect(outcomes.loaded + outcomes.refused == mutations)
        #expect(outcomes.refused > mutations / 2)
        #expect(outcomes.loaded > 0)
        #expect(try ONNXModel(contentsOf: path).graph.nodes.count == 379)
    }

    @Test("random bytes")
    func randomBytes() throws {
        var random = SplitMix64(seed: 1)
        var outcomes = Outcomes()
        for length in 1...500 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            try outcomes.load(folder.write(bytes, to: "model.onnx"))
        }
        #expect(outcomes.refused == 500)
    }
}

/// What became of many damaged files.
private struct Outcomes {
    var loaded = 0
    var refused = 0

    /// Loads a model and reads all its tensors. Fails the test where an error says too little.
    mutating func load(_ path: String) throws {
        do {
            let graph = try ONNXModel(contentsOf: path).graph
            for tensor in graph.initializers.values { try read(tensor) }
            for case .tensor(let tensor) in graph.nodes.flatMap(\.attributes.values) { try read(tensor) }
            loaded += 1
        } catch let error as ONNXError {
            if error.file != path || error.reason.description.isEmpty { Issue.record("\(error)") }
            refused += 1
        }
    }

    private func read(_ tensor: Tensor) throws {
        let count =
            tensor.elementType.isFloatingPoint ? try tensor.doubles().count : try tensor.floats().count
        if count != tensor.elementCount { Issue.record("\(tensor.name) has \(count) elements") }
    }
}
