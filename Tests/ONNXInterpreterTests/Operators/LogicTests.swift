import ONNXInterpreter
import Testing

@Suite struct LogicTests {
    @Test(arguments: [
        ("Less", [true, false, false]), ("LessOrEqual", [true, true, false]), ("Equal", [false, true, false]),
        ("GreaterOrEqual", [false, true, true]), ("Greater", [false, false, true]),
    ])
    func comparisons(operation: String, expected: [Bool]) throws {
        #expect(try result(operation, list(1, 2, 3), integer([], [2])) == boolean([3], expected))
        #expect(try result(operation, real([3, 1], [1, 2, 3]), real([1], [2])) == boolean([3, 1], expected))
    }

    @Test func `operators on booleans`() throws {
        let a = try boolean([2, 1], [false, true])
        let b = try boolean([2], [false, true])
        #expect(try result("And", a, b) == boolean([2, 2], [false, false, false, true]))
        #expect(try result("Or", a, b) == boolean([2, 2], [false, true, true, true]))
        #expect(try result("Equal", a, b) == boolean([2, 2], [true, false, false, true]))
        #expect(try result("Xor", a, b) == boolean([2, 2], [false, true, true, false]))
        #expect(try result("Not", b) == boolean([2], [true, false]))
    }

    @Test func `IsNaN`() throws {
        #expect(try result("IsNaN", real([3], [1, .nan, .infinity])) == boolean([3], [false, true, false]))
        #expect(try refusal("IsNaN", list(1)) == .wrongKind(input: 0, found: .integer, expected: "real ones"))
    }

    @Test func `Where chooses, and all three inputs broadcast`() throws {
        let condition = try boolean([2, 1], [true, false])
        #expect(
            try result("Where", condition, real([3], [1, 2, 3]), real([], [-1]))
                == real([2, 3], [1, 2, 3, -1, -1, -1]))
        #expect(try result("Where", boolean([], [true]), list(1, 2), list(3, 4)) == list(1, 2))
        #expect(try result("Where", boolean([1, 1], [false]), b(true), b(false)) == boolean([1, 1], [false]))
        #expect(
            try refusal("Where", list(1), list(2), list(3))
                == .wrongKind(input: 0, found: .integer, expected: "boolean ones"))
        #expect(try refusal("Where", condition, list(2), real([1], [3])) == .kindsDiffer(.integer, .real))
    }

    @Test func `kinds of elements that an operator doesn't take`() throws {
        #expect(try refusal("And", list(1), list(1)) == .wrongKind(input: 0, found: .integer, expected: "boolean ones"))
        #expect(
            try refusal("Less", b(true), b(true))
                == .wrongKind(input: 0, found: .boolean, expected: "real ones or integers"))
        #expect(try refusal("Equal", list(1), real([1], [1])) == .kindsDiffer(.integer, .real))
    }

    private func b(_ value: Bool) throws -> InterpreterTensor { try boolean([1], [value]) }
}
