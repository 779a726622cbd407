import ONNXLoader
import TestSupport
import Testing

@Suite("Attributes")
struct AttributeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func attribute(_ build: (inout WireWriter) -> Void) throws -> Attribute {
        let node = try #require(try folder.load(SyntheticModel.attribute(build)).graph.nodes.last)
        #expect(node.attributes.count == 1)
        return try #require(node.attributes["value"])
    }

    @Test("single values")
    func singleValues() throws {
        let float = try attribute {
            $0.fixed32(2, Float(-1.5).bitPattern)
            $0.varint(20, 1)
        }
        #expect(float.float == -1.5)
        let int = try attribute {
            $0.varint(3, .min)
            $0.varint(20, 2)
        }
        #expect(int.int == .min)
        let string = try attribute {
            $0.string(4, "é\n")
            $0.varint(20, 3)
        }
        #expect(string.string == "é\n")
        let tensor = try attribute {
            $0.tensor(5, "", type: 1, dims: [2]) { $0.bytes(9, [Float(1), 2].littleEndianBytes) }
            $0.varint(20, 4)
        }
        #expect(try tensor.tensor?.floats() == [1, 2])
    }

    @Test("lists, packed, one by one and both")
    func lists() throws {
        let floats: [Float] = [1, 2.5, -3]
        #expect(try attribute { $0.bytes(7, floats.littleEndianBytes) }.floats == floats)
        #expect(try attribute { for float in floats { $0.fixed32(7, float.bitPattern) } }.floats == floats)
        let mixedFloats = try attribute {
            $0.fixed32(7, floats[0].bitPattern)
            $0.bytes(7, Array(floats[1...]).littleEndianBytes)
        }
        #expect(mixedFloats.floats == floats)

        let ints: [Int64] = [0, -1, 1 << 40]
        let packed = ints.map { UInt64(bitPattern: $0) }
        #expect(try attribute { $0.packedVarints(8, packed) }.ints == ints)
        #expect(try attribute { for int in ints { $0.varint(8, Int(int)) } }.ints == ints)
        let mixedInts = try attribute {
            $0.varint(8, 0)
            $0.packedVarints(8, Array(packed[1...]))
        }
        #expect(mixedInts.ints == ints)

        let strings = ["a", "", "a string that is longer than fifteen bytes"]
        #expect(try attribute { for string in strings { $0.string(9, string) } }.strings == strings)
    }

    @Test("a value that is left out is zero or empty, where the type is declared")
    func defaults() throws {
        #expect(try attribute { $0.varint(20, 1) }.float == 0)
        #expect(try attribute { $0.varint(20, 2) }.int == 0)
        #expect(try attribute { $0.varint(20, 3) }.string == "")
        #expect(try attribute { $0.varint(20, 6) }.floats == [])
        #expect(try attribute { $0.varint(20, 7) }.ints == [])
        #expect(try attribute { $0.varint(20, 8) }.strings == [])
        let tensor = try folder.refusal(SyntheticModel.attribute { $0.varint(20, 4) })
        #expect(tensor.reason == .missing("the tensor"))
        let nothing = try folder.refusal(SyntheticModel.attribute { _ in })
        #expect(nothing.reason == .missing("the type of the attribute 'value'"))
    }

    private static let refusedTypes: [(type: Int, field: Int, name: String)] = [
        (5, 6, "GRAPH"), (9, 10, "TENSORS"), (10, 11, "GRAPHS"), (11, 22, "SPARSE_TENSOR"), (12, 23, "SPARSE_TENSORS"),
        (13, 14, "TYPE_PROTO"), (14, 15, "TYPE_PROTOS"),
    ]

    @Test("types that are not read name the node and the attribute", arguments: refusedTypes)
    func otherTypes(_ type: Int, _ field: Int, _ name: String) throws {
        let error = try folder.refusal(
            SyntheticModel.attribute(named: "body") {
                $0.message(field) { $0.string(2, "inner") }
                $0.varint(20, type)
            })
        #expect(error.description.contains("Thing 'thing': the attribute 'body' of type \(name) is not supported"))
        #expect(error.subject == "Thing 'thing'")
        #expect(error.field == "graph.node[1].attribute[0]")
    }

    @Test("a type and a value that disagree")
    func mismatch() throws {
        let mismatch = try folder.refusal(
            SyntheticModel.attribute {
                $0.varint(3, 1)
                $0.varint(20, 1)
            })
        #expect(mismatch.reason == .attributeMismatch(attribute: "value", type: "FLOAT", field: "i"))
        let two = try folder.refusal(
            SyntheticModel.attribute {
                $0.varint(3, 1)
                $0.fixed32(2, 0)
            })
        #expect(two.reason == .dataGivenTwice("i", "f"))
        let unknown = try folder.refusal(SyntheticModel.attribute { $0.varint(20, 15) })
        #expect(unknown.reason == .outOfRange(value: "15", expected: "an attribute type"))
        #expect(unknown.field == "graph.node[1].attribute[0].type")
    }

    @Test("attributes without a name, twice the same, or of functions")
    func names() throws {
        let nameless = try folder.refusal(SyntheticModel.attribute(named: "") { $0.varint(3, 1) })
        #expect(nameless.reason == .missing("the name"))
        #expect(nameless.field == "graph.node[1].attribute[0].name")
        let twice = try folder.refusal(
            SyntheticModel.identity { graph in
                graph.node("Thing", ["x"], ["z"]) { node in
                    for value in 0..<2 {
                        node.message(5) {
                            $0.string(1, "axis")
                            $0.varint(3, value)
                        }
                    }
                }
            })
        #expect(twice.reason == .givenTwice("the attribute 'axis'"))
        #expect(twice.subject == "Thing 'z'")
        let reference = try folder.refusal(SyntheticModel.attribute { $0.string(21, "outer") })
        #expect(reference.field == "graph.node[1].attribute[0].ref_attr_name")
    }

    @Test("an error in an attribute's tensor names the node, even when its name comes later")
    func tensorInNode() throws {
        let bytes = SyntheticModel.identity { graph in
            graph.message(1) { node in
                node.message(5) { attribute in
                    attribute.string(1, "value")
                    attribute.tensor(5, "", type: 1, dims: [-2])
                }
                node.string(2, "c")
                node.string(3, "late")
                node.string(4, "Constant")
            }
        }
        let error = try folder.refusal(bytes)
        #expect(error.reason == .negativeDimension(shape: [-2]))
        #expect(error.field == "graph.node[1].attribute[0].t.dims")
        #expect(error.subject == "Constant 'late'")
    }
}
