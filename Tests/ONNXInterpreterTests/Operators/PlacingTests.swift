import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct PlacingTests {
    @Test(
        arguments: [
            (0, 0, [1, 2, 3, 5, 7, 9]), (1, 0, [0, 0, 0, 1, 2, 3]), (0, 1, [5, 7, 9, 4, 5, 6]),
            (1, 1, [4, 5, 6, 0, 0, 0]),
        ] as [(Int64, Int64, [Double])])
    func `CumSum from either end, with the element or without`(exclusive: Int64, reverse: Int64, expected: [Double])
        throws
    {
        let attributes: [String: Attribute] = ["exclusive": .int(exclusive), "reverse": .int(reverse)]
        let x = try real([2, 3], [1, 2, 3, 4, 5, 6])
        #expect(try result("CumSum", x, integer([], [0]), attributes: attributes) == real([2, 3], expected))
        let integers = try integer([2, 3], [1, 2, 3, 4, 5, 6])
        #expect(
            try result("CumSum", integers, list(-2), attributes: attributes)
                == integer([2, 3], expected.map { Int($0) }))
    }

    @Test func `CumSum refuses what doesn't fit`() throws {
        #expect(try refusal("CumSum", list(.max, 1), list(0)) == .integerOverflow)
        #expect(try refusal("CumSum", list(1), list(1)) == .axisOutOfRange(1, rank: 1))
        #expect(try refusal("CumSum", list(1), list(0, 0)) == .wrongShape(input: 1, found: [2], expected: "a scalar"))
        #expect(
            try refusal("CumSum", boolean([1], [true]), list(0))
                == .wrongKind(input: 0, found: .boolean, expected: "real ones"))
    }

    @Test func `Trilu keeps one side of a diagonal`() throws {
        let x = try integer([2, 3], [1, 2, 3, 4, 5, 6])
        let lower: [String: Attribute] = ["upper": .int(0)]
        #expect(try result("Trilu", x) == integer([2, 3], [1, 2, 3, 0, 5, 6]))
        #expect(try result("Trilu", x, attributes: lower) == integer([2, 3], [1, 0, 0, 4, 5, 0]))
        #expect(try result("Trilu", x, integer([], [1])) == integer([2, 3], [0, 2, 3, 0, 0, 6]))
        #expect(try result("Trilu", x, integer([], [-1]), attributes: lower) == integer([2, 3], [0, 0, 0, 4, 0, 0]))
        #expect(try result("Trilu", x, integer([], [.min])) == x)
        #expect(try result("Trilu", real([2, 1, 2], [1, 2, 3, 4]), list(1)) == real([2, 1, 2], [0, 2, 0, 4]))
        #expect(try result("Trilu", boolean([2, 1], [true, true])) == boolean([2, 1], [true, false]))
        #expect(try result("Trilu", real([2, 0, 3], [])) == real([2, 0, 3], []))
        #expect(try refusal("Trilu", list(1)) == .wrongShape(input: 0, found: [1], expected: "matrices"))
    }

    @Test func `NonZero gives indices axis by axis`() throws {
        let indices = try integer([2, 3], [0, 1, 1, 1, 0, 2])
        #expect(try result("NonZero", real([2, 3], [0, 1, 0, -2, 0, .nan])) == indices)
        #expect(try result("NonZero", integer([2, 3], [0, 1, 0, 2, 0, 3])) == indices)
        #expect(try result("NonZero", boolean([2], [false, true])) == integer([1, 1], [1]))
        #expect(try result("NonZero", real([], [2])) == integer([1, 1], [0]))
        #expect(try result("NonZero", real([0, 2], [])) == integer([2, 0], []))
    }

    @Test func `OneHot puts a new axis anywhere`() throws {
        let indices = try list(1, -1, 5)
        #expect(
            try result("OneHot", indices, list(3), real([2], [0, 1])) == real([3, 3], [0, 1, 0, 0, 0, 1, 0, 0, 0]))
        #expect(
            try result("OneHot", indices, real([], [3]), list(7, 8), attributes: ["axis": .int(0)])
                == integer([3, 3], [7, 7, 7, 8, 7, 7, 7, 8, 7]))
        #expect(
            try result("OneHot", real([1], [0]), list(2), boolean([2], [false, true]))
                == boolean([1, 2], [true, false]))
        #expect(try result("OneHot", indices, list(0), list(7, 8)) == integer([3, 0], []))
        let depth = InterpreterError.Reason.invalidValue(
            "depth", value: "another", expected: "one whole number, 0 or more")
        #expect(try refusal("OneHot", indices, list(-1), list(0, 1)) == depth)
        #expect(try refusal("OneHot", indices, real([], [.nan]), list(0, 1)) == depth)
        #expect(try refusal("OneHot", indices, list(3, 3), list(0, 1)) == depth)
        #expect(
            try refusal("OneHot", indices, list(3), list(1)) == .wrongShape(input: 2, found: [1], expected: "[2]"))
        #expect(
            try refusal("OneHot", indices, list(1 << 40), list(0, 1))
                == .tooManyElements(shape: [3, 1 << 40], limit: Operators.defaultElementLimit))
    }
}
