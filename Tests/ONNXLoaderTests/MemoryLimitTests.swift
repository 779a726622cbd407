import ONNXLoader
import TestSupport
import Testing

/// Files whose decoded form would be many times their size.
@Suite("Memory in proportion to the file")
struct MemoryLimitTests {
    private let folder: TemporaryFolder
    private let count = 2_000_000

    init() throws { folder = try TemporaryFolder() }

    private func expectTooMuchMemory(
        _ bytes: [UInt8], in field: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = try folder.refusal(bytes, sourceLocation: sourceLocation)
        guard case .tooMuchMemory(let limit) = error.reason else {
            Issue.record("\(error)", sourceLocation: sourceLocation)
            return
        }
        // Eight times the file, and 16 MiB.
        #expect(limit == 8 * bytes.count + 16 << 20, sourceLocation: sourceLocation)
        #expect(error.field.hasPrefix(field), sourceLocation: sourceLocation)
    }

    private func repeated(_ element: [UInt8]) -> [UInt8] {
        Array(repeatElement(element, count: count).joined())
    }

    @Test("millions of empty names")
    func emptyNames() throws {
        let bytes = SyntheticModel.identity { graph in
            graph.node("Thing", [], ["z"]) { $0.raw(repeated([0x0A, 0x00])) }
        }
        try expectTooMuchMemory(bytes, in: "graph.node[1]")
    }

    @Test("millions of empty strings")
    func emptyStrings() throws {
        let bytes = SyntheticModel.attribute { $0.raw(repeated([0x4A, 0x00])) }
        try expectTooMuchMemory(bytes, in: "graph.node[1].attribute[0].strings")
    }

    @Test("millions of empty messages")
    func emptyMessages() throws {
        try expectTooMuchMemory(SyntheticModel.identity { $0.raw(repeated([0x5A, 0x00])) }, in: "graph.input")
        try expectTooMuchMemory(SyntheticModel.identity { $0.raw(repeated([0x62, 0x00])) }, in: "graph.output")
        try expectTooMuchMemory(repeated([0x72, 0x00]), in: "metadata_props")
        let external = SyntheticModel.tensor(type: 1, dims: [1]) { $0.raw(repeated([0x6A, 0x00])) }
        try expectTooMuchMemory(external, in: "graph.initializer[0].external_data")
    }

    @Test("millions of nodes as small as nodes can be")
    func smallNodes() throws {
        var nodes = WireWriter()
        for index in 0..<200_000 {
            nodes.message(1) { node in
                node.string(2, "\(index)")
                node.string(4, "A")
            }
        }
        try expectTooMuchMemory(SyntheticModel.identity { $0.raw(nodes.bytes) }, in: "graph.node")
    }

    @Test("elements of one byte that decode to eight are in proportion")
    func packedIntegers() throws {
        let elements = Array(repeating: UInt8(1), count: count)
        let bytes = SyntheticModel.tensor(type: 7, dims: [count]) { $0.bytes(7, elements) }
        let tensor = try #require(try folder.load(bytes).graph.initializers["w"])
        #expect(try tensor.integers().reduce(0, +) == count)
        let list = try folder.load(SyntheticModel.attribute { $0.bytes(8, elements) })
        #expect(list.graph.nodes.last?.attributes["value"]?.ints?.count == count)
    }
}
