import ONNXLoader
import TestSupport
import Testing

/// The element type numbers of onnx.proto.
private enum TypeNumber {
    static let float = 1, uint8 = 2, int8 = 3, uint16 = 4, int16 = 5, int32 = 6, int64 = 7, string = 8, bool = 9
    static let float16 = 10, double = 11, uint32 = 12, uint64 = 13, bfloat16 = 16
}

@Suite("The forms tensor data comes in")
struct TensorDataTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func tensor(
        type: Int, dims: [Int], _ data: (inout WireWriter) -> Void = { _ in }
    ) throws -> Tensor {
        let model = try folder.load(SyntheticModel.tensor(type: type, dims: dims, data))
        return try #require(model.graph.initializers["w"])
    }

    @Test("raw float32 at every alignment", arguments: 0..<8)
    func rawFloats(_ padding: Int) throws {
        let values: [Float] = [1, -0.5, .infinity, .leastNonzeroMagnitude, 3e38, -0.0]
        let bytes = SyntheticModel.identity { graph in
            graph.bytes(10, Array(repeating: 0x20, count: padding))
            graph.tensor(5, "w", type: TypeNumber.float, dims: [2, 3]) { $0.bytes(9, values.littleEndianBytes) }
        }
        let weight = try #require(try folder.load(bytes).graph.initializers["w"])
        #expect(weight.shape == [2, 3])
        #expect(try weight.floats().map(\.bitPattern) == values.map(\.bitPattern))
        #expect(try weight.doubles() == values.map(Double.init))
    }

    @Test("raw integers of every width")
    func rawIntegers() throws {
        let edges: [(type: Int, bytes: [UInt8], values: [Int])] = [
            (TypeNumber.uint8, [0, 0xFF], [0, 255]),
            (TypeNumber.int8, [0x80, 0x7F], [-128, 127]),
            (TypeNumber.uint16, [0, 0, 0xFF, 0xFF], [0, 65535]),
            (TypeNumber.int16, [0, 0x80, 0xFF, 0x7F], [-32768, 32767]),
            (TypeNumber.int32, Int32.min.littleEndianBytes + Int32.max.littleEndianBytes, [-(1 << 31), 1 << 31 - 1]),
            (TypeNumber.uint32, UInt32.min.littleEndianBytes + UInt32.max.littleEndianBytes, [0, 1 << 32 - 1]),
            (TypeNumber.int64, Int64.min.littleEndianBytes + Int64.max.littleEndianBytes, [.min, .max]),
            (TypeNumber.uint64, UInt64(7).littleEndianBytes + UInt64(Int.max).littleEndianBytes, [7, .max]),
            (TypeNumber.bool, [0, 1], [0, 1]),
        ]
        for (type, bytes, values) in edges {
            let tensor = try tensor(type: type, dims: [2]) { $0.bytes(9, bytes) }
            #expect(try tensor.integers() == values, "type \(type)")
            #expect(try tensor.floats() == values.map { Float($0) }, "type \(type)")
            #expect(try tensor.doubles() == values.map { Double($0) }, "type \(type)")
        }
    }

    @Test("float16 and bfloat16 widen exactly, raw and in int32_data")
    func halfWidths() throws {
        let halves: [Float16] = [1, -0.5, 65504, 0x1p-24, .infinity, 0.333251953125]
        let brains: [(pattern: UInt16, value: Float)] = [
            (0x3F80, 1), (0xC000, -2), (0x7F7F, 0x1.FEp127), (0x0001, 0x1p-133),
        ]
        let rawHalves = try tensor(type: TypeNumber.float16, dims: [6]) {
            $0.bytes(9, halves.flatMap(\.bitPattern.littleEndianBytes))
        }
        #expect(try rawHalves.floats() == [1, -0.5, 65504, 0x1p-24, .infinity, 0.333251953125])
        #expect(try rawHalves.doubles() == [1, -0.5, 65504, 0x1p-24, .infinity, 0.333251953125])
        let listedHalves = try tensor(type: TypeNumber.float16, dims: [6]) {
            $0.packedVarints(5, halves.map { UInt64($0.bitPattern) })
        }
        #expect(try listedHalves.floats() == rawHalves.floats())
        let rawBrains = try tensor(type: TypeNumber.bfloat16, dims: [4]) {
            $0.bytes(9, brains.flatMap(\.pattern.littleEndianBytes))
        }
        #expect(try rawBrains.floats() == brains.map(\.value))
        let listedBrains = try tensor(type: TypeNumber.bfloat16, dims: [4]) {
            $0.packedVarints(5, brains.map { UInt64($0.pattern) })
        }
        #expect(try listedBrains.floats() == brains.map(\.value))
    }

    @Test("float_data and double_data: packed, one by one, and in several runs")
    func fixedWidthForms() throws {
        let floats: [Float] = [1.5, -2, 0.25, 7, 1e-20]
        let packed = try tensor(type: TypeNumber.float, dims: [5]) { $0.bytes(4, floats.littleEndianBytes) }
        #expect(try packed.floats() == floats)
        let single = try tensor(type: TypeNumber.float, dims: [5]) { for f in floats { $0.fixed32(4, f.bitPattern) } }
        #expect(try single.floats() == floats)
        let mixed = try tensor(type: TypeNumber.float, dims: [5]) {
            $0.fixed32(4, floats[0].bitPattern)
            $0.bytes(4, Array(floats[1..<4]).littleEndianBytes)
            $0.bytes(4, [])
            $0.fixed32(4, floats[4].bitPattern)
        }
        #expect(try mixed.floats() == floats)

        let doubles = [0.1, -1e300, 5]
        let packedDoubles = try tensor(type: TypeNumber.double, dims: [3]) {
            $0.bytes(10, doubles.flatMap(\.bitPattern.littleEndianBytes))
        }
        #expect(try packedDoubles.doubles() == doubles)
        let singleDoubles = try tensor(type: TypeNumber.double, dims: [3]) {
            for double in doubles { $0.fixed64(10, double.bitPattern) }
        }
        #expect(try singleDoubles.doubles() == doubles)
    }

    @Test("integers in int32_data, int64_data and uint64_data, packed and one by one")
    func varintForms() throws {
        let forms: [(type: Int, field: Int, values: [Int])] = [
            (TypeNumber.int32, 5, [-(1 << 31), -1, 0, 1 << 31 - 1]),
            (TypeNumber.int16, 5, [-32768, 0, 1, 32767]),
            (TypeNumber.int8, 5, [-128, -1, 0, 127]),
            (TypeNumber.uint16, 5, [0, 1, 300, 65535]),
            (TypeNumber.uint8, 5, [0, 1, 127, 255]),
            (TypeNumber.bool, 5, [0, 1, 1, 0]),
            (TypeNumber.int64, 7, [.min, -1, 0, .max]),
            (TypeNumber.uint32, 11, [0, 1, 300, 1 << 32 - 1]),
            (TypeNumber.uint64, 11, [0, 1, 300, .max]),
        ]
        for (type, field, values) in forms {
            let packed = try tensor(type: type, dims: [2, 2]) {
                $0.packedVarints(field, values.map { UInt64(bitPattern: Int64($0)) })
            }
            #expect(try packed.integers() == values, "type \(type)")
            let single = try tensor(type: type, dims: [2, 2]) { for value in values { $0.varint(field, value) } }
            #expect(try single.integers() == values, "type \(type)")
        }
    }

    @Test("fields may come in any order, and empty data fields count as absent")
    func order() throws {
        let bytes = SyntheticModel.identity { graph in
            graph.message(5) { tensor in
                tensor.packedVarints(7, [5, 6])
                tensor.bytes(9, [])
                tensor.bytes(4, [])
                tensor.string(8, "w")
                tensor.varint(2, TypeNumber.int64)
                tensor.packedVarints(1, [1, 2])
            }
        }
        let tensor = try #require(try folder.load(bytes).graph.initializers["w"])
        #expect(tensor.shape == [1, 2])
        #expect(try tensor.integers() == [5, 6])
    }

    @Test("scalars, one element, and shapes with a zero")
    func smallShapes() throws {
        let scalar = try tensor(type: TypeNumber.float, dims: []) { $0.bytes(9, [Float(4)].littleEndianBytes) }
        #expect(scalar.shape == [])
        #expect(scalar.elementCount == 1)
        #expect(try scalar.floats() == [4])
        for dims in [[0], [3, 0], [0, 1 << 40]] {
            let empty = try tensor(type: TypeNumber.float, dims: dims)
            #expect(empty.shape == dims)
            #expect(empty.elementCount == 0)
            #expect(try empty.floats() == [])
            #expect(try empty.doubles() == [])
        }
        #expect(try tensor(type: TypeNumber.int64, dims: [0]) { $0.bytes(9, []) }.integers() == [])
    }

    // MARK: Refusals

    private static let refusedShapes: [(dims: [Int], kind: ONNXError.Reason)] = [
        ([-1], .negativeDimension(shape: [-1])),
        ([2, .min], .negativeDimension(shape: [2, .min])),
        ([1 << 32, 1 << 32], .shapeOverflow(shape: [1 << 32, 1 << 32])),
        ([.max], .shapeOverflow(shape: [.max])),
        ([.max, 0, .max], .shapeOverflow(shape: [.max, 0, .max])),
        ([1 << 40], .sizeMismatch(shape: [1 << 40], expected: 1 << 42, found: 4, unit: "bytes")),
        ([2], .sizeMismatch(shape: [2], expected: 8, found: 4, unit: "bytes")),
        ([0], .sizeMismatch(shape: [0], expected: 0, found: 4, unit: "bytes")),
        (Array(repeating: 1, count: 33), .tooManyDimensions(limit: 32)),
    ]

    @Test("shapes that cannot be", arguments: refusedShapes)
    func impossibleShapes(_ dims: [Int], _ kind: ONNXError.Reason) throws {
        let error = try folder.refusal(
            SyntheticModel.tensor(type: TypeNumber.float, dims: dims) { $0.bytes(9, [Float(1)].littleEndianBytes) })
        #expect(error.reason == kind)
        #expect(error.field.hasPrefix("graph.initializer[0]."))
        #expect(error.offset != nil)
    }

    @Test("the message names the file, the byte, the field, the tensor and the problem")
    func message() throws {
        let bytes = SyntheticModel.tensor(type: TypeNumber.float, dims: [1 << 32, 1 << 32])
        let error = try folder.refusal(bytes)
        let offset = try #require(error.offset)
        // The tag of dims, then 2³² as a varint.
        #expect(Array(bytes[offset..<offset + 6]) == [0x08, 0x80, 0x80, 0x80, 0x80, 0x10])
        let expected =
            "\(folder.path)/model.onnx: byte \(offset), graph.initializer[0].dims: tensor 'w': "
            + "the shape [4294967296, 4294967296] has more elements than can be counted"
        #expect(error.description == expected)
    }

    @Test("no data, the wrong amount, or the wrong field")
    func dataDisagrees() throws {
        let none = try folder.refusal(SyntheticModel.tensor(type: TypeNumber.float, dims: [1 << 40]))
        #expect(none.reason == .sizeMismatch(shape: [1 << 40], expected: 1 << 42, found: 0, unit: "bytes"))
        let few = try folder.refusal(
            SyntheticModel.tensor(type: TypeNumber.int64, dims: [3]) { $0.packedVarints(7, [1, 2]) })
        #expect(few.reason == .sizeMismatch(shape: [3], expected: 3, found: 2, unit: "elements"))
        #expect(few.field == "graph.initializer[0].int64_data")
        let wrong = try folder.refusal(
            SyntheticModel.tensor(type: TypeNumber.int64, dims: [2]) { $0.packedVarints(5, [1, 2]) })
        #expect(wrong.reason == .wrongDataField(found: "int32_data", expected: "int64_data", elementType: .int64))
        let uneven = try folder.refusal(
            SyntheticModel.tensor(type: TypeNumber.float, dims: [1]) { $0.bytes(4, [1, 2, 3]) })
        #expect(uneven.reason == .unevenPackedData(bytes: 3, width: 4))
        #expect(uneven.field == "graph.initializer[0].float_data")
    }

    @Test("data in two places")
    func dataTwice() throws {
        let rawAndList = try folder.refusal(
            SyntheticModel.tensor(type: TypeNumber.float, dims: [1]) {
                $0.bytes(9, [0, 0, 0, 0])
                $0.fixed32(4, 0)
            })
        #expect(rawAndList.reason == .dataGivenTwice("raw_data", "float_data"))
        let twoLists = try folder.refusal(
            SyntheticModel.tensor(type: TypeNumber.float, dims: [1]) {
                $0.fixed32(4, 0)
                $0.packedVarints(7, [1])
            })
        #expect(twoLists.reason == .dataGivenTwice("float_data", "int64_data"))
    }

    private static let refusedNumbers: [(type: Int, field: Int, value: Int)] = [
        (TypeNumber.int8, 5, 128), (TypeNumber.int8, 5, -129), (TypeNumber.uint8, 5, 256), (TypeNumber.uint8, 5, -1),
        (TypeNumber.int16, 5, 1 << 15), (TypeNumber.uint16, 5, 1 << 16), (TypeNumber.float16, 5, 1 << 16),
        (TypeNumber.bool, 5, 2), (TypeNumber.int32, 5, 1 << 31), (TypeNumber.uint32, 11, 1 << 32),
    ]

    @Test("numbers that their type cannot hold", arguments: refusedNumbers)
    func numbersOutOfRange(_ type: Int, _ field: Int, _ value: Int) throws {
        let error = try folder.refusal(SyntheticModel.tensor(type: type, dims: [1]) { $0.varint(field, value) })
        guard case .outOfRange(value: "\(value)", _) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(error.field == (field == 5 ? "graph.initializer[0].int32_data" : "graph.initializer[0].uint64_data"))
        #expect(error.subject == "tensor 'w'")
    }

    @Test("element types that are not read", arguments: [0, 8, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 99, -1])
    func elementTypes(_ number: Int) throws {
        let error = try folder.refusal(SyntheticModel.tensor(type: number, dims: [0]))
        #expect(error.reason == .unsupportedElementType(number: number))
        #expect(error.field == "graph.initializer[0].data_type")
        #expect(error.description.contains("\(number)"))
    }

    @Test("a tensor without a type or a name, of strings, or in segments")
    func otherForms() throws {
        #expect(try folder.refusal(SyntheticModel.tensor(type: nil, dims: [0])).reason == .missing("the element type"))
        let nameless = try folder.refusal(SyntheticModel.identity { $0.tensor(5, "", type: 1, dims: [0]) })
        #expect(nameless.reason == .missing("the name"))
        #expect(nameless.field == "graph.initializer[0].name")
        let strings = try folder.refusal(SyntheticModel.tensor(type: 1, dims: [1]) { $0.string(6, "a") })
        #expect(strings.field == "graph.initializer[0].string_data")
        let segment = try folder.refusal(
            SyntheticModel.tensor(type: 1, dims: [1]) { $0.message(3) { $0.varint(1, 0) } })
        #expect(segment.field == "graph.initializer[0].segment")
        let sparse = try folder.refusal(SyntheticModel.identity { $0.message(15) { $0.varint(3, 1) } })
        #expect(sparse.field == "graph.sparse_initializer")
    }
}
