import ONNXLoader
import TestSupport
import Testing

@Suite("Tensors made in memory, and conversions")
struct TensorTests {
    @Test("each element type comes back as it went in")
    func roundTrip() throws {
        let floats = try Tensor(name: "f", shape: [2, 2], floats: [1, -2.5, .infinity, 0])
        #expect(floats.name == "f")
        #expect(floats.elementType == .float32)
        #expect(floats.shape == [2, 2])
        #expect(floats.elementCount == 4)
        #expect(try floats.floats() == [1, -2.5, .infinity, 0])
        let doubles = try Tensor(shape: [], doubles: [0.1])
        #expect(try doubles.doubles() == [0.1])
        #expect(try doubles.floats() == [0.1])
        let integers = try Tensor(name: "i", shape: [3], integers: [.min, 0, .max])
        #expect(integers.elementType == .int64)
        #expect(try integers.integers() == [.min, 0, .max])
        let booleans = try Tensor(shape: [1, 3], booleans: [true, false, true])
        #expect(try booleans.booleans() == [true, false, true])
        #expect(try booleans.integers() == [1, 0, 1])
        #expect(try booleans.floats() == [1, 0, 1])
        #expect(try Tensor(shape: [0, 4], floats: []).floats() == [])
    }

    @Test("another name, the same elements")
    func renamed() throws {
        let tensor = try Tensor(name: "a", shape: [2], floats: [1, 2]).named("b")
        #expect(tensor.name == "b")
        #expect(try tensor.floats() == [1, 2])
        tensor.releasePages()
        #expect(try tensor.floats() == [1, 2])
    }

    @Test("shapes and elements must agree")
    func disagreement() {
        #expect(throws: ONNXError.self) { try Tensor(name: "t", shape: [3], floats: [1, 2]) }
        #expect(throws: ONNXError.self) { try Tensor(name: "t", shape: [], floats: []) }
        #expect(throws: ONNXError.self) { try Tensor(name: "t", shape: [-1, -2], floats: [1, 2]) }
        #expect(throws: ONNXError.self) { try Tensor(name: "t", shape: [.max, 2], integers: [1]) }
        let error = #expect(throws: ONNXError.self) { try Tensor(name: "t", shape: [2, 3], integers: [1]) }
        #expect(error?.description == "tensor 't': the shape [2, 3] takes 6 elements, but there are 1")
    }

    @Test("conversions that would lose the meaning are refused")
    func refusedConversions() throws {
        let floats = try Tensor(name: "f", shape: [1], floats: [1])
        let error = #expect(throws: ONNXError.self) { try floats.integers() }
        #expect(error?.description == "tensor 'f': float32 elements were asked for as integers")
        #expect(throws: ONNXError.self) { try floats.booleans() }
        #expect(throws: ONNXError.self) { try Tensor(shape: [1], integers: [1]).booleans() }
        #expect(throws: ONNXError.self) { try Tensor(shape: [1], doubles: [1]).integers() }
        #expect(throws: ONNXError.self) { try Tensor(shape: [1], doubles: [1e300]).floats() }
        #expect(try Tensor(shape: [2], doubles: [.infinity, 1e-300]).floats() == [.infinity, 0])
    }

    @Test("an unsigned number beyond Int")
    func hugeUnsigned() throws {
        let folder = try TemporaryFolder()
        let bytes = SyntheticModel.tensor(type: 13, dims: [1]) { $0.bytes(9, UInt64.max.littleEndianBytes) }
        let tensor = try #require(try folder.load(bytes).graph.initializers["w"])
        #expect(tensor.elementType == .uint64)
        #expect(try tensor.floats() == [0x1p64])
        let error = #expect(throws: ONNXError.self) { try tensor.integers() }
        #expect(error?.reason == .notConvertible(elementType: .uint64, value: "18446744073709551615", target: "Int"))
    }
}
