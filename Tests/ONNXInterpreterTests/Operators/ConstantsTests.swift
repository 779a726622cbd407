import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct ConstantsTests {
    @Test func `Constant from each attribute`() throws {
        let tensor = try Tensor(shape: [2, 1], floats: [1.5, -2])
        #expect(try result("Constant", attributes: ["value": .tensor(tensor)], opset: 11) == real([2, 1], [1.5, -2]))
        #expect(try result("Constant", attributes: ["value_float": .float(0.1)]) == real([], [Double(Float(0.1))]))
        #expect(try result("Constant", attributes: ["value_floats": .floats([1, 2])]) == real([2], [1, 2]))
        #expect(try result("Constant", attributes: ["value_int": .int(-3)]) == integer([], [-3]))
        #expect(try result("Constant", attributes: ["value_ints": .ints([])]) == list())
        #expect(
            refusal("Constant", attributes: ["value_int": .int(1)], opset: 11)
                == .unknownAttribute("value_int", known: ["value"]))
        #expect(refusal("Constant") == .missingAttribute("value"))
        #expect(
            refusal("Constant", attributes: ["value_int": .int(1), "value_float": .float(1)])
                == .invalidValue("the number of attributes", value: "2", expected: "1"))
        #expect(
            refusal("Constant", attributes: ["value_string": .string("a")])
                == .unknownAttribute(
                    "value_string", known: ["value", "value_float", "value_floats", "value_int", "value_ints"]))
    }

    @Test func `ConstantOfShape`() throws {
        #expect(try result("ConstantOfShape", list(2, 1)) == real([2, 1], [0, 0]))
        let one = try Attribute.tensor(Tensor(shape: [1], integers: [7]))
        #expect(try result("ConstantOfShape", list(3), attributes: ["value": one]) == list(7, 7, 7))
        #expect(try result("ConstantOfShape", list(), attributes: ["value": one]) == integer([], [7]))
        #expect(try result("ConstantOfShape", list(0), attributes: ["value": one]) == list())
        #expect(try refusal("ConstantOfShape", list(-1)) == .negativeDimension(shape: [-1]))
        let huge = [1 << 31, 1 << 31, 1 << 31]
        #expect(
            try refusal("ConstantOfShape", integer([3], huge))
                == .tooManyElements(shape: huge, limit: Operators.defaultElementLimit))
        let two = try Attribute.tensor(Tensor(shape: [2], integers: [7, 8]))
        #expect(
            try refusal("ConstantOfShape", list(3), attributes: ["value": two])
                == .unsupportedAttributeValue("value", value: "a tensor of 2 elements", expected: "one element"))
    }

    @Test(arguments: [
        (0, 5, 1, [0, 1, 2, 3, 4]), (3, -4, -3, [3, 0, -3]), (1, 8, 3, [1, 4, 7]), (5, 5, 1, []), (0, 5, -1, []),
        (5, 0, .min, [5]), (.max - 1, .max, .max, [.max - 1]),
    ])
    func `Range of integers`(start: Int, limit: Int, delta: Int, expected: [Int]) throws {
        let values = try result("Range", integer([], [start]), integer([], [limit]), integer([], [delta]))
        #expect(try values == integer([expected.count], expected))
    }

    @Test func `Range of reals, and what has no end`() throws {
        #expect(try result("Range", real([], [0]), real([], [1]), real([], [0.25])) == real([4], [0, 0.25, 0.5, 0.75]))
        #expect(try result("Range", real([], [1]), real([], [0]), real([], [0.25])) == real([0], []))
        #expect(
            try refusal("Range", list(0), list(1), list(0))
                == .invalidValue("delta", value: "0", expected: "another number"))
        #expect(try refusal("Range", list(.min), list(.max), list(1)) == .integerOverflow)
        #expect(
            try refusal("Range", list(0), list(1 << 40), list(1))
                == .tooManyElements(shape: [1 << 40], limit: Operators.defaultElementLimit))
        #expect(
            try refusal("Range", real([], [0]), real([], [1]), real([], [0]))
                == .invalidValue("the number of elements", value: "inf", expected: "a finite one"))
        #expect(
            try refusal("Range", real([], [0]), real([], [.nan]), real([], [1]))
                == .invalidValue("the number of elements", value: "nan", expected: "a finite one"))
        #expect(
            try refusal("Range", list(0, 1), list(1), list(1))
                == .wrongShape(input: 0, found: [2], expected: "a scalar"))
        #expect(
            try refusal("Range", list(0), real([], [1]), list(1))
                == .wrongKind(input: 1, found: .real, expected: "integers"))
    }

    @Test func `Identity and Dropout hand on their input`() throws {
        let x = try noise([2, 3], seed: 1)
        #expect(try result("Identity", x) == x)
        #expect(try result("Dropout", x, attributes: ["ratio": .float(0.5)], opset: 11) == x)
        let both = try evaluate("Dropout", [x, real([], [0.5]), boolean([], [false])], outputs: 2)
        #expect(try both == [x, boolean([2, 3], Array(repeating: true, count: 6))])
        #expect(
            try refusal("Dropout", x, real([], [0.5]), boolean([], [true]))
                == .invalidValue("training_mode", value: "true", expected: "false"))
    }
}
