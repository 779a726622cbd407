import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct ResizingTests {
    private func x() throws -> InterpreterTensor { try real([2, 3], [1, 2, 3, 4, 5, 6]) }

    @Test func `Split into the sizes given, as attribute and as input`() throws {
        let parts = try [real([2, 1], [1, 4]), real([2, 2], [2, 3, 5, 6])]
        let along: [String: Attribute] = ["axis": .int(1)]
        #expect(
            try evaluate("Split", [x()], ["axis": .int(-1), "split": .ints([1, 2])], opset: 11, outputs: 2) == parts)
        #expect(try evaluate("Split", [x(), list(1, 2)], along, opset: 13, outputs: 2) == parts)
        #expect(try evaluate("Split", [x(), list(1, 2)], along, opset: 18, outputs: 2) == parts)
        #expect(try evaluate("Split", [list(5, 6), list(0, 2)], outputs: 2) == [list(), list(5, 6)])
    }

    @Test func `Split into parts of one size`() throws {
        let rows = try [real([1, 3], [1, 2, 3]), real([1, 3], [4, 5, 6])]
        #expect(try evaluate("Split", [x()], opset: 11, outputs: 2) == rows)
        #expect(try evaluate("Split", [x(), nil], opset: 13, outputs: 2) == rows)
        #expect(try evaluate("Split", [x()], ["num_outputs": .int(2)], outputs: 2) == rows)
        // The last has what is left.
        #expect(
            try evaluate("Split", [list(1, 2, 3, 4, 5)], ["num_outputs": .int(3)], outputs: 3)
                == [list(1, 2), list(3, 4), list(5)])
        #expect(throws: InterpreterError.self) {
            try evaluate("Split", [list(1, 2, 3)], ["num_outputs": .int(5)], outputs: 5)
        }
        #expect(throws: InterpreterError.self) { try evaluate("Split", [x()], ["num_outputs": .int(3)], outputs: 2) }
    }

    @Test func `Split refuses sizes that don't add up`() throws {
        for sizes in try [list(1, 1), list(1, 3), list(2), list(-1, 4), list(.max, .max)] {
            #expect(throws: InterpreterError.self) {
                try evaluate("Split", [x(), sizes], ["axis": .int(1)], outputs: 2)
            }
        }
        #expect(throws: InterpreterError.self) { try evaluate("Split", [x()], ["axis": .int(1)], outputs: 2) }
        #expect(try refusal("Split", x(), attributes: ["axis": .int(2)]) == .axisOutOfRange(2, rank: 2))
    }

    @Test func `Pad before and after, and cut`() throws {
        for opset in [11, 13, 18, 19, 21] {
            #expect(
                try result("Pad", x(), list(1, 0, 0, 1), real([], [9]), opset: opset)
                    == real([3, 4], [9, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6, 9]))
            #expect(
                try result("Pad", x(), list(-1, 1, 0, -2), attributes: ["mode": .string("constant")], opset: opset)
                    == real([1, 2], [0, 4]))
        }
        #expect(
            try result("Pad", x(), list(1, 0), real([], [9]), list(-1)) == real([2, 4], [9, 1, 2, 3, 9, 4, 5, 6]))
        #expect(try result("Pad", list(1, 2), list(0, 1), list(7)) == list(1, 2, 7))
        #expect(try result("Pad", boolean([1], [true]), list(1, 0), nil) == boolean([2], [false, true]))
        #expect(try result("Pad", list(1, 2, 3), list(-5, 4)) == list(0, 0))
        #expect(try result("Pad", list(1, 2, 3), list(4, -5)) == list(0, 0))
        #expect(try result("Pad", real([0], []), list(1, 1), real([], [2])) == real([2], [2, 2]))
        #expect(try result("Pad", real([], [3]), list()) == real([], [3]))
    }

    @Test func `Pad refuses what doesn't fit`() throws {
        #expect(
            try refusal("Pad", x(), list(1, 1)) == .wrongShape(input: 1, found: [2], expected: "[4], two for each axis")
        )
        #expect(try refusal("Pad", list(1), list(-1, -1)) == .negativeDimension(shape: [-1]))
        #expect(try refusal("Pad", list(1), list(.max, 1)) == .integerOverflow)
        #expect(try refusal("Pad", list(1), list(.min, .max)) == .integerOverflow)
        #expect(
            try refusal("Pad", list(1), list(1 << 40, 0))
                == .tooManyElements(shape: [1 << 40 + 1], limit: Operators.defaultElementLimit))
        #expect(
            try refusal("Pad", x(), list(1, 0, 0, 0), attributes: ["mode": .string("reflect")])
                == .unsupportedAttributeValue("mode", value: "'reflect'", expected: "'constant'"))
        #expect(try refusal("Pad", x(), list(0, 0, 0, 0), nil, list(0, -2)) == .repeatedAxis(-2))
        #expect(try refusal("Pad", x(), list(1, 0), nil, list(0), opset: 13) == .wrongInputCount(4, expected: 2...3))
        #expect(
            try refusal("Pad", x(), list(0, 0, 0, 0), list(1))
                == .wrongKind(input: 2, found: .integer, expected: "real ones"))
        #expect(
            try refusal("Pad", boolean([1], [true]), list(1, 0), boolean([2], [true, true]))
                == .wrongShape(input: 2, found: [2], expected: "a scalar"))
    }

    @Test func `Tile repeats along every axis`() throws {
        #expect(
            try result("Tile", integer([1, 2], [1, 2]), list(2, 2)) == integer([2, 4], [1, 2, 1, 2, 1, 2, 1, 2]))
        #expect(try result("Tile", list(1, 2), list(0)) == list())
        #expect(try result("Tile", real([0, 2], []), list(5, 1)) == real([0, 2], []))
        #expect(
            try refusal("Tile", list(1), list(1, 1))
                == .wrongShape(input: 1, found: [2], expected: "[1], one for each axis"))
        #expect(try refusal("Tile", list(1), list(-1)) == .negativeDimension(shape: [-1]))
        #expect(try refusal("Tile", list(1, 2), list(.max)) == .integerOverflow)
        #expect(
            try refusal("Tile", list(1), list(1 << 40))
                == .tooManyElements(shape: [1 << 40], limit: Operators.defaultElementLimit))
    }
}
