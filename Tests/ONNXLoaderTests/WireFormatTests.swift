import TestSupport
import Testing

@testable import ONNXLoader

@Suite("The wire format")
struct WireFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The identity model with something before its fields.
    private func model(after more: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        more(&writer)
        writer.raw(SyntheticModel.identity())
        return writer.bytes
    }

    // MARK: Numbers

    @Test("numbers may be written longer than needed, up to ten bytes")
    func longVarints() throws {
        let padded = try folder.load(model { $0.raw([0x08, 0x88, 0x80, 0x80, 0x00]) })
        #expect(padded.irVersion == 8)
        let negative = try folder.load(
            SyntheticModel.attribute { $0.raw([0x18] + Array(repeating: 0xFF, count: 9) + [0x01]) })
        #expect(negative.graph.nodes.last?.attributes["value"]?.int == -1)
    }

    @Test("numbers of more than 64 bits")
    func oversizedVarints() throws {
        let elevenBytes = try folder.refusal(model { $0.raw([0x08] + Array(repeating: 0x80, count: 10) + [0x00]) })
        #expect(elevenBytes.reason == .varintTooLong)
        #expect(elevenBytes.field == "ir_version")
        #expect(elevenBytes.offset == 1)
        let overflow = try folder.refusal(model { $0.raw([0x08] + Array(repeating: 0xFF, count: 9) + [0x02]) })
        #expect(overflow.reason == .varintTooLong)
        let length = try folder.refusal(model { $0.raw([0x12] + Array(repeating: 0xFF, count: 9) + [0x01]) })
        let left = SyntheticModel.identity().count
        #expect(length.reason == .cutShort(needed: .max, left: left))
        #expect(length.field == "producer_name")
    }

    @Test("packed numbers that end in the middle of one, or take more than 64 bits")
    func packedNumbers() throws {
        let cut = try folder.refusal(SyntheticModel.tensor(type: 7, dims: [1]) { $0.bytes(7, [0x01, 0x80]) })
        #expect(cut.reason == .cutShort(needed: 1, left: 0))
        #expect(cut.field == "graph.initializer[0].int64_data")
        let alone = try folder.refusal(SyntheticModel.tensor(type: 7, dims: [0]) { $0.bytes(7, [0x80]) })
        #expect(alone.reason == .cutShort(needed: 1, left: 0))
        let long = Array(repeating: UInt8(0x80), count: 10) + [0x00]
        let tensor = try folder.refusal(SyntheticModel.tensor(type: 7, dims: [1]) { $0.bytes(7, long) })
        #expect(tensor.reason == .varintTooLong)
        let attribute = try folder.refusal(SyntheticModel.attribute { $0.bytes(8, long) })
        #expect(attribute.reason == .varintTooLong)
        #expect(attribute.field == "graph.node[1].attribute[0].ints")
        let dims = try folder.refusal(SyntheticModel.tensor(type: 7, dims: []) { $0.bytes(1, long) })
        #expect(dims.field == "graph.initializer[0].dims")
    }

    @Test("tags that cannot be")
    func badTags() throws {
        let zero = try folder.refusal(model { $0.tag(0, wireType: 0) })
        #expect(zero.reason == .invalidFieldNumber(0))
        #expect(zero.offset == 0)
        let large = try folder.refusal(model { $0.tag(1 << 29, wireType: 0) })
        #expect(large.reason == .invalidFieldNumber(1 << 29))
        for type in [6, 7] {
            let error = try folder.refusal(model { $0.tag(100, wireType: type) })
            #expect(error.reason == .invalidWireType(type))
        }
    }

    @Test("known fields of the wrong wire type, in every message")
    func wrongWireTypes() throws {
        let models: [(field: String, bytes: [UInt8])] = [
            ("ir_version", model { $0.string(1, "8") }),
            ("producer_name", model { $0.varint(2, 1) }),
            ("graph", model { $0.fixed64(7, 1) }),
            ("opset_import[0].version", model { $0.message(8) { $0.fixed32(2, 1) } }),
            ("metadata_props[0].key", model { $0.message(14) { $0.varint(1, 1) } }),
            ("graph.node[1]", SyntheticModel.identity { $0.varint(1, 1) }),
            ("graph.node[1].input", SyntheticModel.identity { $0.message(1) { $0.varint(1, 1) } }),
            ("graph.initializer[0].dims", SyntheticModel.tensor(type: 1, dims: []) { $0.fixed32(1, 1) }),
            ("graph.initializer[0].raw_data", SyntheticModel.tensor(type: 1, dims: []) { $0.fixed32(9, 1) }),
            ("graph.initializer[0].float_data", SyntheticModel.tensor(type: 1, dims: []) { $0.varint(4, 1) }),
            ("graph.initializer[0].double_data", SyntheticModel.tensor(type: 11, dims: []) { $0.fixed32(10, 1) }),
            ("graph.initializer[0].int64_data", SyntheticModel.tensor(type: 7, dims: []) { $0.fixed64(7, 1) }),
            ("graph.node[1].attribute[0].f", SyntheticModel.attribute { $0.fixed64(2, 1) }),
            ("graph.node[1].attribute[0].i", SyntheticModel.attribute { $0.fixed64(3, 1) }),
            ("graph.node[1].attribute[0].t", SyntheticModel.attribute { $0.varint(5, 1) }),
            ("graph.node[1].attribute[0].ints", SyntheticModel.attribute { $0.fixed32(8, 1) }),
            ("graph.input[1].type", SyntheticModel.identity { $0.message(11) { $0.varint(2, 1) } }),
        ]
        for (field, bytes) in models {
            let error = try folder.refusal(bytes)
            guard case .wrongWireType = error.reason else {
                Issue.record("\(field): \(error)")
                continue
            }
            #expect(error.field == field)
            #expect(error.offset != nil)
        }
    }

    // MARK: Unknown fields

    @Test("unknown fields are passed over in every message and wire type")
    func unknownFields() throws {
        func unknown(_ writer: inout WireWriter) {
            writer.varint(1000, -1)
            writer.fixed32(1001, 1)
            writer.fixed64(1002, 1)
            writer.string(536_870_911, "anything")
            writer.tag(1003, wireType: 3)
            writer.varint(1, 7)
            writer.tag(1004, wireType: 3)
            writer.tag(1004, wireType: 4)
            writer.tag(1003, wireType: 4)
        }
        var bytes = WireWriter()
        unknown(&bytes)
        bytes.raw(
            SyntheticModel.identity { graph in
                unknown(&graph)
                graph.node("Thing", ["x"], ["z"]) { node in
                    unknown(&node)
                    node.message(5) { attribute in
                        attribute.string(1, "value")
                        unknown(&attribute)
                        attribute.varint(3, 5)
                    }
                }
                graph.tensor(5, "w", type: 1, dims: [1]) { tensor in
                    unknown(&tensor)
                    tensor.fixed32(4, 0)
                }
                graph.message(11) { info in
                    info.string(1, "i")
                    unknown(&info)
                    info.message(2) { unknown(&$0) }
                }
            })
        let graph = try folder.load(bytes.bytes).graph
        #expect(graph.nodes.last?.attributes.count == 1)
        #expect(graph.initializers["w"]?.shape == [1])
        #expect(graph.inputs.last == ValueInfo(name: "i"))
    }

    @Test("unknown messages nested deeply are not entered")
    func nestedUnknownMessages() throws {
        var content: [UInt8] = []
        for _ in 0..<2000 {
            var outer = WireWriter()
            outer.bytes(99, content)
            content = outer.bytes
        }
        let nested = content
        #expect(try folder.load(model { $0.raw(nested) }).graph.nodes.count == 1)
    }

    @Test("groups nest to a limit")
    func nestedGroups() throws {
        func groups(_ depth: Int) -> [UInt8] {
            model { writer in
                for _ in 0..<depth { writer.tag(99, wireType: 3) }
                for _ in 0..<depth { writer.tag(99, wireType: 4) }
            }
        }
        #expect(try folder.load(groups(WireReader.deepestNesting)).graph.nodes.count == 1)
        for depth in [WireReader.deepestNesting + 1, 1_000_000] {
            let error = try folder.refusal(groups(depth))
            #expect(error.reason == .nestedTooDeep(limit: WireReader.deepestNesting))
            #expect(error.field == "field 99")
        }
    }

    @Test("groups that don't end, or end without beginning")
    func unmatchedGroups() throws {
        let endless = try folder.refusal(model { $0.tag(99, wireType: 3) })
        #expect(endless.reason == .unmatchedGroup)
        let lone = try folder.refusal(model { $0.tag(99, wireType: 4) })
        #expect(lone.reason == .unmatchedGroup)
        let crossed = try folder.refusal(
            model {
                $0.tag(99, wireType: 3)
                $0.tag(98, wireType: 4)
            })
        #expect(crossed.reason == .unmatchedGroup)
    }

    @Test("known messages nest to a limit")
    func nestedMessages() throws {
        var content: [UInt8] = [0x08, 0x01]
        for _ in 0..<WireReader.deepestNesting + 8 {
            var outer = WireWriter()
            outer.bytes(1, content)
            content = outer.bytes
        }
        var reader = WireReader(try ModelSource(path: folder.write(content, to: "nested")))
        func descend(_ reader: inout WireReader) throws(ONNXError) -> Int {
            guard try reader.next() != nil else { return 0 }
            return 1 + (try reader.message("inner", descend))
        }
        let error = try #require(throws: ONNXError.self) { _ = try descend(&reader) }
        #expect(error.reason == .nestedTooDeep(limit: WireReader.deepestNesting))
        #expect(error.field.split(separator: ".").count == WireReader.deepestNesting + 1)
    }

    // MARK: Text

    @Test("text that is not UTF-8, and names that are too long")
    func text() throws {
        let invalid = try folder.refusal(SyntheticModel.identity { $0.message(1) { $0.bytes(4, [0xC3, 0x28]) } })
        #expect(invalid.reason == .notUTF8)
        #expect(invalid.field == "graph.node[1].op_type")
        let longest = String(repeating: "n", count: WireReader.longestName)
        #expect(try folder.load(SyntheticModel.identity { $0.node(longest, ["x"], ["z"]) }).graph.nodes.count == 2)
        let long = try folder.refusal(SyntheticModel.identity { $0.node(longest + "n", ["x"], ["z"]) })
        #expect(long.reason == .nameTooLong(bytes: WireReader.longestName + 1, limit: WireReader.longestName))
        #expect(long.field == "graph.node[1].op_type")
    }

    @Test("a message stays one short line whatever is in the names")
    func printableMessages() throws {
        let name = "two\nlines\u{1B}[31m\u{202E}" + String(repeating: "n", count: 500)
        let error = try folder.refusal(SyntheticModel.identity { $0.node("Add", [name], ["z"]) })
        #expect(error.reason == .undefinedInput(name))
        #expect(error.description.contains("two\\nlines\\u{1B}[31m\\u{202E}nnn"))
        #expect(error.description.count < 500)
    }
}
