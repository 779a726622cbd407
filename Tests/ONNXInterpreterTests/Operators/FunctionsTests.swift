import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct FunctionsTests {
    @Test(arguments: [
        ("Abs", -1.5, 1.5), ("Neg", -1.5, 1.5), ("Reciprocal", -4, -0.25), ("Sqrt", 6.25, 2.5),
        ("Exp", 1, 2.718281828459045), ("Log", 10, 2.302585092994046), ("Erf", 0.5, 0.5204998778130465),
        ("Erf", -2, -0.9953222650189527), ("Tanh", 0.75, 0.6351489523872873), ("Sigmoid", 1, 0.7310585786300049),
        ("Sigmoid", -800, 0), ("Relu", -2, 0), ("Relu", 2, 2),
    ])
    func `real functions`(operation: String, argument: Double, expected: Double) throws {
        let value = try result(operation, real([1, 1], [argument]))
        #expect(try largestDifference(value, real([1, 1], [expected])) < doubleTolerance)
    }

    @Test func `rounding and signs`() throws {
        let x = try real([6], [-2.5, -0.4, 0, 0.5, 1.5, 2.7])
        #expect(try result("Floor", x) == real([6], [-3, -1, 0, 0, 1, 2]))
        #expect(try result("Ceil", x) == real([6], [-2, 0, 0, 1, 2, 3]))
        #expect(try result("Round", x) == real([6], [-2, 0, 0, 0, 2, 3]))
        #expect(try result("Sign", x) == real([6], [-1, -1, 0, 1, 1, 1]))
        #expect(try result("Sign", list(-3, 0, .max)) == list(-1, 0, 1))
        #expect(try refusal("Round", list(1)) == .wrongKind(input: 0, found: .integer, expected: "real ones"))
    }

    @Test func `what is not a number stays so`() throws {
        for operation in ["Abs", "Neg", "Sqrt", "Relu", "Erf", "Sign", "Round", "Floor", "Ceil"] {
            #expect(try result(operation, real([], [.nan])).reals?.first?.isNaN == true)
        }
    }

    @Test func `Abs and Neg of integers`() throws {
        #expect(try result("Abs", list(-3, 0, 4)) == list(3, 0, 4))
        #expect(try result("Neg", list(-3, 0, 4)) == list(3, 0, -4))
        #expect(try refusal("Abs", list(.min)) == .integerOverflow)
        #expect(try refusal("Neg", list(.min)) == .integerOverflow)
        #expect(try refusal("Sqrt", list(4)) == .wrongKind(input: 0, found: .integer, expected: "real ones"))
    }

    @Test func `Gelu, exact and by tanh`() throws {
        let x = try real([3], [-1, 0, 2])
        let exact = try real([3], [-0.15865525393145707, 0, 1.9544997361036416])
        #expect(try largestDifference(result("Gelu", x, opset: 20), exact) < doubleTolerance)
        let byTanh = try result("Gelu", x, attributes: ["approximate": .string("tanh")], opset: 20)
        #expect(try largestDifference(byTanh, real([3], [-0.15880800939172324, 0, 1.9545976940877752])) < 1e-13)
        #expect(
            refusal("Gelu", x, attributes: ["approximate": .string("fast")], opset: 20)
                == .unsupportedAttributeValue("approximate", value: "'fast'", expected: "'none' or 'tanh'"))
        #expect(refusal("Gelu", x, opset: 19) == .unsupportedOperator("Gelu", opset: 19))
    }
}
