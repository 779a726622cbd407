import Foundation
import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct ReductionsTests {
    // [2, 3, 2]
    private let values: [Double] = [1, -2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12]

    @Test(
        arguments: [
            ("ReduceSum", [9, 8, 13, 30]), ("ReduceMean", [3, 8.0 / 3, 13.0 / 3, 10]), ("ReduceMax", [5, 6, 11, 12]),
            ("ReduceMin", [1, -2, -7, 8]), ("ReduceProd", [15, -48, -693, 960]),
            ("ReduceL2", [sqrt(35), sqrt(56), sqrt(251), sqrt(308)]),
        ] as [(String, [Double])])
    func `axes as attribute and as input, with and without keeping them`(operation: String, expected: [Double]) throws {
        let x = try real([2, 3, 2], values)
        let old = try result(operation, x, attributes: ["axes": .ints([-2])], opset: 11)
        #expect(try largestDifference(old, real([2, 1, 2], expected)) < doubleTolerance)
        let new = try result(operation, x, list(1), attributes: ["keepdims": .int(0)], opset: 18)
        #expect(try largestDifference(new, real([2, 2], expected)) < doubleTolerance)
    }

    @Test func `without axes all are reduced`() throws {
        let x = try real([2, 3, 2], values)
        #expect(try result("ReduceSum", x, opset: 11) == real([1, 1, 1], [60]))
        #expect(try result("ReduceSum", x, attributes: ["keepdims": .int(0)], opset: 13) == real([], [60]))
        #expect(try result("ReduceMean", x, nil, opset: 18) == real([1, 1, 1], [5]))
        #expect(try result("ReduceMax", x, list(), opset: 18) == real([1, 1, 1], [12]))
        #expect(try result("ReduceSum", real([], [3]), opset: 11) == real([], [3]))
    }

    @Test func `without axes none are reduced where that is asked for`() throws {
        let x = try real([2, 3, 2], values)
        let flag: [String: Attribute] = ["noop_with_empty_axes": .int(1)]
        #expect(try result("ReduceMean", x, attributes: flag) == x)
        #expect(try result("ReduceSum", x, list(), attributes: flag) == x)
        #expect(try result("ReduceSum", x, list(0, 1, 2), attributes: flag) == real([1, 1, 1], [60]))
        #expect(try result("ReduceL2", real([2], [3, 4]), list(0), attributes: flag) == real([1], [5]))
    }

    @Test func `several axes, not neighbours`() throws {
        let sums = try result("ReduceSum", real([2, 3, 2], values), list(2, 0), attributes: ["keepdims": .int(0)])
        #expect(try sums == real([3], [0, 26, 34]))
    }

    @Test func `integers, empty axes and what is not a number`() throws {
        #expect(try result("ReduceSum", integer([2, 2], [1, 2, 3, 4]), list(0)) == integer([1, 2], [4, 6]))
        #expect(try result("ReduceMax", list(3, 9, 4)) == list(9))
        #expect(try refusal("ReduceSum", list(.max, 1)) == .integerOverflow)
        #expect(try result("ReduceProd", list(2, -3, 4)) == list(-24))
        #expect(try refusal("ReduceProd", list(.max, 2)) == .integerOverflow)
        #expect(try result("ReduceProd", real([0], [])) == real([1], [1]))
        #expect(try refusal("ReduceMean", list(1)) == .wrongKind(input: 0, found: .integer, expected: "real ones"))
        #expect(try result("ReduceSum", real([0, 2], []), list(0)) == real([1, 2], [0, 0]))
        #expect(try result("ReduceMean", real([0], [])).reals?.first?.isNaN == true)
        #expect(
            try refusal("ReduceMax", real([0], []))
                == .invalidValue("the number of elements to reduce", value: "0", expected: "1 or more"))
        #expect(try result("ReduceMax", real([2], [.nan, 1])).reals?.first?.isNaN == true)
    }

    @Test func `axes and attributes that don't fit`() throws {
        let x = try real([2, 3, 2], values)
        #expect(try refusal("ReduceSum", x, list(3)) == .axisOutOfRange(3, rank: 3))
        #expect(try refusal("ReduceSum", x, list(.min)) == .axisOutOfRange(.min, rank: 3))
        #expect(try refusal("ReduceSum", x, list(0, -3)) == .repeatedAxis(-3))
        #expect(
            refusal("ReduceMean", x, attributes: ["axes": .ints([0])], opset: 18)
                == .unknownAttribute("axes", known: ["keepdims", "noop_with_empty_axes"]))
        #expect(try refusal("ReduceMean", x, list(0), opset: 17) == .wrongInputCount(2, expected: 1...1))
        #expect(
            refusal("ReduceL2", x, attributes: ["noop_with_empty_axes": .int(1)])
                == .unsupportedAttributeValue("noop_with_empty_axes", value: "1", expected: "0"))
        #expect(
            refusal("ReduceMean", x, attributes: ["keepdims": .int(2)])
                == .unsupportedAttributeValue("keepdims", value: "2", expected: "0 or 1"))
    }
}
