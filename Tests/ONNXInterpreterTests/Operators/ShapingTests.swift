import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct ShapingTests {
    private func x() throws -> InterpreterTensor { try noise([2, 3, 4], seed: 1) }

    @Test func `Size counts the elements`() throws {
        #expect(try result("Size", noise([2, 3], seed: 1)) == integer([], [6]))
        #expect(try result("Size", real([], [1])) == integer([], [1]))
        #expect(try result("Size", real([0, 3], [])) == integer([], [0]))
    }

    @Test(arguments: [
        (Int64(0), Int64(3), [2, 3, 4]), (1, 2, [3]), (-2, -1, [3]), (-1, 100, [4]), (-100, 1, [2]), (2, 1, []),
        (.min, .max, [2, 3, 4]), (.max, .min, []),
    ])
    func `Shape from start to end`(start: Int64, end: Int64, expected: [Int]) throws {
        let shape = try result("Shape", x(), attributes: ["start": .int(start), "end": .int(end)])
        #expect(try shape == integer([expected.count], expected))
    }

    @Test func `Shape as a whole`() throws {
        #expect(try result("Shape", x(), opset: 11) == list(2, 3, 4))
        #expect(try result("Shape", integer([], [7])) == list())
        #expect(
            try refusal("Shape", x(), attributes: ["start": .int(1)], opset: 14)
                == .unknownAttribute("start", known: []))
    }

    @Test(arguments: [
        ([4, 6], [4, 6]), ([-1], [24]), ([0, -1], [2, 12]), ([0, 0, 2, -1], [2, 3, 2, 2]), ([1, -1, 1], [1, 24, 1]),
    ])
    func `Reshape`(request: [Int], expected: [Int]) throws {
        let y = try result("Reshape", x(), integer([request.count], request))
        #expect(y.shape == expected)
        #expect(try y.elements == x().elements)
    }

    @Test(arguments: [[5], [-1, -1], [-2, -12], [0, 0, 0, 0], [5, -1], [0, 0, 0, -1, 0], [Int.min]])
    func `Reshape to what doesn't fit`(request: [Int]) throws {
        #expect(
            try refusal("Reshape", x(), integer([request.count], request))
                == .cannotReshape(from: [2, 3, 4], to: request))
    }

    @Test func `Reshape with zeros`() throws {
        let empty = try real([0, 3], [])
        #expect(try result("Reshape", empty, list(0, 5), attributes: ["allowzero": .int(1)]).shape == [0, 5])
        #expect(try result("Reshape", empty, list(0, 3, 1)).shape == [0, 3, 1])
        #expect(
            try refusal("Reshape", empty, list(0, -1), attributes: ["allowzero": .int(1)])
                == .cannotReshape(from: [0, 3], to: [0, -1]))
        #expect(
            try refusal("Reshape", empty, list(0, 3), attributes: ["allowzero": .int(1)], opset: 13)
                == .unknownAttribute("allowzero", known: []))
        #expect(
            try refusal("Reshape", x(), list(1 << 40, 1 << 40))
                == .tooManyElements(shape: [1 << 40, 1 << 40], limit: .max))
        #expect(
            try refusal("Reshape", x(), real([1], [24])) == .wrongKind(input: 1, found: .real, expected: "integers"))
        #expect(
            try refusal("Reshape", x(), integer([1, 1], [24]))
                == .wrongShape(input: 1, found: [1, 1], expected: "one dimension"))
    }

    @Test func `Squeeze and Unsqueeze by attribute and by input`() throws {
        let narrow = try noise([1, 3, 1, 4], seed: 1)
        #expect(try result("Squeeze", narrow, opset: 11).shape == [3, 4])
        #expect(try result("Squeeze", narrow, nil).shape == [3, 4])
        #expect(try result("Squeeze", narrow, attributes: ["axes": .ints([-2])], opset: 11).shape == [1, 3, 4])
        #expect(try result("Squeeze", narrow, list(0)).shape == [3, 1, 4])
        #expect(
            try result("Unsqueeze", x(), attributes: ["axes": .ints([0, -1])], opset: 12).shape == [1, 2, 3, 4, 1])
        #expect(try result("Unsqueeze", x(), list(3, 1), opset: 13).shape == [2, 1, 3, 1, 4])
        #expect(try result("Unsqueeze", integer([], [5]), list(0)) == list(5))
        #expect(try result("Unsqueeze", x(), list(1)).elements == x().elements)
    }

    @Test func `axes that don't fit`() throws {
        #expect(
            try refusal("Squeeze", x(), list(1))
                == .wrongShape(input: 0, found: [2, 3, 4], expected: "size 1 on axis 1"))
        #expect(try refusal("Unsqueeze", x(), list(4)) == .axisOutOfRange(4, rank: 4))
        #expect(try refusal("Unsqueeze", x(), list(0, -5)) == .repeatedAxis(-5))
        #expect(try refusal("Unsqueeze", x(), opset: 11) == .missingAttribute("axes"))
        #expect(try refusal("Unsqueeze", x(), list(0), opset: 12) == .wrongInputCount(2, expected: 1...1))
        #expect(
            try refusal("Unsqueeze", x(), attributes: ["axes": .int(1)], opset: 11)
                == .wrongAttributeType("axes", expected: "integers"))
    }

    @Test func `Flatten`() throws {
        let axes: [(Int64, [Int])] = [
            (0, [1, 24]), (1, [2, 12]), (2, [6, 4]), (3, [24, 1]), (-1, [6, 4]), (-3, [1, 24]),
        ]
        for (axis, shape) in axes {
            #expect(try result("Flatten", x(), attributes: ["axis": .int(axis)]).shape == shape)
        }
        #expect(try result("Flatten", x()).shape == [2, 12])
        #expect(try refusal("Flatten", x(), attributes: ["axis": .int(4)]) == .axisOutOfRange(4, rank: 3))
    }
}
