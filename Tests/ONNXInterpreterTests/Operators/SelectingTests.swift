import ONNXInterpreter
import Testing

@testable import ONNXLoader

@Suite struct SelectingTests {
    // [[1, 2, 3], [4, 5, 6]]
    private func x() throws -> InterpreterTensor { try integer([2, 3], [1, 2, 3, 4, 5, 6]) }

    @Test func `Transpose`() throws {
        #expect(try result("Transpose", x()) == integer([3, 2], [1, 4, 2, 5, 3, 6]))
        #expect(try result("Transpose", x(), attributes: ["perm": .ints([0, 1])]) == x())
        let cube = try integer([2, 3, 2], Array(0..<12))
        #expect(
            try result("Transpose", cube, attributes: ["perm": .ints([1, 2, 0])])
                == integer([3, 2, 2], [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]))
        #expect(try result("Transpose", boolean([], [true])) == boolean([], [true]))
        #expect(try result("Transpose", real([0, 3], [])) == real([3, 0], []))
        for perm in [[0], [0, 0], [0, 2], [0, -1], [0, 1, 2]] as [[Int64]] {
            #expect(
                try refusal("Transpose", x(), attributes: ["perm": .ints(perm)])
                    == .unsupportedAttributeValue(
                        "perm", value: "\(perm)", expected: "each of the input's 2 axes once"))
        }
    }

    @Test func `Expand broadcasts both ways`() throws {
        #expect(
            try result("Expand", real([2, 1], [1, 2]), list(2, 1, 3))
                == real([2, 2, 3], [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]))
        #expect(try result("Expand", x(), list(1, 1)) == x())
        #expect(try result("Expand", boolean([], [true]), list(2)) == boolean([2], [true, true]))
        #expect(try result("Expand", real([1], [1]), list(0, 2)) == real([0, 2], []))
        #expect(try refusal("Expand", x(), list(4)) == .notBroadcastable([2, 3], [4]))
        #expect(try refusal("Expand", x(), list(-1, 3)) == .negativeDimension(shape: [-1, 3]))
    }

    @Test func `huge results are refused before they are made`() throws {
        let limit = Operators.defaultElementLimit
        #expect(
            try refusal("Expand", real([1], [1]), list(1 << 40)) == .tooManyElements(shape: [1 << 40], limit: limit))
        #expect(
            try refusal("Expand", real([1], [1]), list(.max, .max))
                == .tooManyElements(shape: [.max, .max], limit: limit))
        #expect(
            try refusal("Expand", real([1, 1], [1]), list(0, .max)) == .tooManyElements(shape: [0, .max], limit: limit))
        #expect(
            try refusal("Add", noise([1 << 15, 1], seed: 1), noise([1 << 15], seed: 1))
                == .tooManyElements(shape: [1 << 15, 1 << 15], limit: limit))
        let node = Node(operation: "Concat", inputs: ["a", "a"], outputs: ["b"], attributes: ["axis": .int(0)])
        #expect(throws: InterpreterError(.tooManyElements(shape: [4, 3], limit: 11), node: "Concat 'b'")) {
            _ = try Operators.evaluate(node, inputs: [x(), x()], opset: 18, elementLimit: 11)
        }
        let both = try Operators.evaluate(node, inputs: [x(), x()], opset: 18, elementLimit: 12)
        #expect(both[0].shape == [4, 3])
    }

    @Test(arguments: [
        (1, 4, 1, [1, 2, 3]), (0, .max, 1, [0, 1, 2, 3, 4]), (.min, .max, 2, [0, 2, 4]), (-3, -1, 1, [2, 3]),
        (3, 1, 1, []), (7, 9, 1, []), (4, 0, -1, [4, 3, 2, 1]), (-1, .min, -2, [4, 2, 0]),
        (.max, .min, -1, [4, 3, 2, 1, 0]),
        (1, 4, .max, [1]), (3, .min, .min, [3]), (1, 3, -1, []), (.min, .min, -1, []),
    ])
    func `Slice along one axis`(start: Int, end: Int, step: Int, expected: [Int]) throws {
        let data = try list(0, 1, 2, 3, 4)
        #expect(
            try result("Slice", data, list(start), list(end), list(0), list(step))
                == integer([expected.count], expected))
    }

    @Test func `Slice along several axes`() throws {
        #expect(try result("Slice", x(), list(1), list(2)) == integer([1, 3], [4, 5, 6]))
        #expect(try result("Slice", x(), list(0), list(-1), list(-1), nil) == integer([2, 2], [1, 2, 4, 5]))
        #expect(try result("Slice", x(), list(2, 1), list(-9, 2), list(1, 0), list(-2, 1)) == integer([1, 2], [6, 4]))
        #expect(try result("Slice", x(), list(5), list(9), list(1)) == integer([2, 0], []))
        #expect(try result("Slice", integer([0], []), list(-1), list(.min), list(0), list(-1)) == list())
        #expect(
            try refusal("Slice", x(), list(0), list(1), list(0), list(0))
                == .invalidValue("a step", value: "0", expected: "another number"))
        #expect(
            try refusal("Slice", x(), list(0, 0), list(1))
                == .wrongShape(input: 2, found: [1], expected: "[2], as starts"))
        #expect(try refusal("Slice", x(), list(0, 0), list(1, 1), list(1, -1)) == .repeatedAxis(-1))
        #expect(try refusal("Slice", x(), list(0), list(1), list(2)) == .axisOutOfRange(2, rank: 2))
    }

    @Test func `Gather`() throws {
        #expect(try result("Gather", x(), integer([], [-1])) == list(4, 5, 6))
        #expect(try result("Gather", list(7, 8, 9), integer([], [1])) == integer([], [8]))
        #expect(
            try result("Gather", x(), integer([2, 2], [0, 2, -3, 1]), attributes: ["axis": .int(1)])
                == integer([2, 2, 2], [1, 3, 1, 2, 4, 6, 4, 5]))
        #expect(try result("Gather", x(), list()) == integer([0, 3], []))
        #expect(try refusal("Gather", x(), list(2)) == .indexOutOfRange(2, count: 2))
        #expect(try refusal("Gather", x(), list(.min)) == .indexOutOfRange(.min, count: 2))
        #expect(try refusal("Gather", x(), list(0), attributes: ["axis": .int(-3)]) == .axisOutOfRange(-3, rank: 2))
        #expect(try refusal("Gather", integer([], [1]), list(0)) == .axisOutOfRange(0, rank: 0))
    }

    @Test func `Concat`() throws {
        let wide = try integer([2, 1], [7, 8])
        #expect(
            try result("Concat", x(), wide, attributes: ["axis": .int(-1)])
                == integer([2, 4], [1, 2, 3, 7, 4, 5, 6, 8]))
        #expect(try result("Concat", list(1), list(), list(2, 3), attributes: ["axis": .int(0)]) == list(1, 2, 3))
        #expect(
            try result("Concat", boolean([1], [true]), boolean([1], [false]), attributes: ["axis": .int(0)])
                == boolean([2], [true, false]))
        #expect(
            try refusal("Concat", x(), wide, attributes: ["axis": .int(0)])
                == .wrongShape(input: 1, found: [2, 1], expected: "[2, 3] on all axes but axis 0"))
        #expect(
            try refusal("Concat", list(1), x(), attributes: ["axis": .int(0)])
                == .wrongShape(input: 1, found: [2, 3], expected: "[1] on all axes but axis 0"))
        #expect(
            try refusal("Concat", list(1), real([1], [1]), attributes: ["axis": .int(0)])
                == .kindsDiffer(.integer, .real)
        )
        #expect(try refusal("Concat", list(1)) == .missingAttribute("axis"))
        #expect(try refusal("Concat", list(1), nil, attributes: ["axis": .int(0)]) == .missingInput(1))
    }
}
