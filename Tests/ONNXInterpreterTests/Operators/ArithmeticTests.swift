import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct ArithmeticTests {
    @Test func `real arithmetic`() throws {
        let a = try real([3], [6, -3, 0.5])
        let b = try real([3], [4, 2, -0.25])
        #expect(try result("Add", a, b) == real([3], [10, -1, 0.25]))
        #expect(try result("Sub", a, b) == real([3], [2, -5, 0.75]))
        #expect(try result("Mul", a, b) == real([3], [24, -6, -0.125]))
        #expect(try result("Div", a, b) == real([3], [1.5, -1.5, -2]))
        #expect(try result("Pow", real([3], [3, -2, 9]), real([3], [2, 3, 0.5])) == real([3], [9, -8, 3]))
        #expect(try result("Min", a, b) == real([3], [4, -3, -0.25]))
        #expect(try result("Max", a, b) == real([3], [6, 2, 0.5]))
    }

    @Test func `integer division truncates toward zero`() throws {
        let quotients = try result("Div", list(7, -7, 7, -7, 6), list(2, 2, -2, -2, 3))
        #expect(try quotients == list(3, -3, -3, 3, 2))
    }

    @Test func `integer powers`() throws {
        #expect(
            try result("Pow", list(2, -3, 5, 0, -1), list(62, 3, 0, 0, 1_000_000_001)) == list(1 << 62, -27, 1, 1, -1))
        #expect(
            try refusal("Pow", list(2), list(-1))
                == .invalidValue("an integer's exponent", value: "-1", expected: "0 or more"))
    }

    @Test func `a real base takes an integer exponent from operator set 12 on`() throws {
        #expect(try result("Pow", real([2, 1], [3, -2]), list(2, -1)) == real([2, 2], [9, 1.0 / 3, 4, -0.5]))
        #expect(try refusal("Pow", real([1], [3]), list(2), opset: 11) == .kindsDiffer(.real, .integer))
        #expect(try refusal("Pow", list(3), real([1], [2])) == .kindsDiffer(.integer, .real))
    }

    @Test func `Mod with the sign of the divisor or of the dividend`() throws {
        let (dividends, divisors) = (try list(-7, 7, -7, 7, 6, -6, .min), try list(3, -3, -3, 3, 3, 3, -1))
        let truncating: [String: Attribute] = ["fmod": .int(1)]
        #expect(try result("Mod", dividends, divisors) == list(2, -2, -1, 1, 0, 0, 0))
        #expect(try result("Mod", dividends, divisors, attributes: truncating) == list(-1, 1, -1, 1, 0, 0, 0))
        #expect(try result("Mod", list(5), list(.min)) == list(5 + .min))
        let reals = try result("Mod", real([3], [-7.5, 7.5, 1]), real([3], [2, -2, 3]), attributes: truncating)
        #expect(try reals == real([3], [-1.5, 1.5, 1]))
        #expect(try refusal("Mod", list(1), list(0)) == .divisionByZero)
        #expect(
            try refusal("Mod", real([1], [1]), real([1], [1]))
                == .wrongKind(input: 0, found: .real, expected: "integers where fmod is 0"))
    }

    @Test func `Clip with either bound, both or none`() throws {
        let x = try real([4], [-2, 0, 2, .nan])
        func finite(_ tensor: InterpreterTensor) throws -> [Double] { try #require(tensor.reals).dropLast() }
        for opset in [11, 12, 13] {
            #expect(try finite(result("Clip", x, real([], [-1]), real([1], [1]), opset: opset)) == [-1, 0, 1])
            #expect(try finite(result("Clip", x, nil, real([], [1]), opset: opset)) == [-2, 0, 1])
            #expect(try finite(result("Clip", x, real([], [-1]), opset: opset)) == [-1, 0, 2])
            #expect(try finite(result("Clip", x, opset: opset)) == [-2, 0, 2])
        }
        #expect(try finite(result("Clip", x, real([], [1]), real([], [-1]))) == [-1, -1, -1])
        #expect(try result("Clip", x, real([], [-1]), real([], [1])).reals?.last?.isNaN == true)
        #expect(try result("Clip", list(1, 5, 9), list(2), list(6)) == list(2, 5, 6))
        #expect(
            try refusal("Clip", x, real([2], [1, 2])) == .wrongShape(input: 1, found: [2], expected: "a scalar"))
        #expect(try refusal("Clip", x, list(1)) == .wrongKind(input: 1, found: .integer, expected: "real ones"))
    }

    @Test func `integers never wrap`() throws {
        #expect(try refusal("Add", list(.max), list(1)) == .integerOverflow)
        #expect(try refusal("Sub", list(.min), list(1)) == .integerOverflow)
        #expect(try refusal("Mul", list(1 << 32), list(1 << 31)) == .integerOverflow)
        #expect(try refusal("Pow", list(2), list(63)) == .integerOverflow)
        #expect(try refusal("Div", list(.min), list(-1)) == .integerOverflow)
        #expect(try refusal("Div", list(1), list(0)) == .divisionByZero)
    }

    @Test func `both inputs broadcast`() throws {
        let column = try real([2, 1], [10, 20])
        let row = try real([3], [1, 2, 3])
        #expect(try result("Add", column, row) == real([2, 3], [11, 12, 13, 21, 22, 23]))
        #expect(try result("Sub", row, column) == real([2, 3], [-9, -8, -7, -19, -18, -17]))
        #expect(try result("Mul", real([], [2]), row) == real([3], [2, 4, 6]))
        #expect(try result("Add", real([2, 1, 2], [1, 2, 3, 4]), real([1, 2, 1], [10, 20])).shape == [2, 2, 2])
        #expect(try result("Add", real([0, 1], []), row) == real([0, 3], []))
        #expect(try refusal("Add", real([2], [1, 2]), row) == .notBroadcastable([2], [3]))
    }

    @Test func `Min and Max take any number of inputs and hand on what is not a number`() throws {
        #expect(try result("Max", real([2], [1, 5])) == real([2], [1, 5]))
        #expect(try result("Max", list(1, 9), list(5, 5), integer([], [3])) == list(5, 9))
        #expect(try result("Min", list(1, 9), list(5, 5), integer([], [3])) == list(1, 3))
        for operation in ["Min", "Max"] {
            let mixed = try result(operation, real([2], [.nan, 1]), real([2], [1, .nan]))
            #expect(mixed.reals?.allSatisfy(\.isNaN) == true)
        }
    }

    @Test func `elements must be numbers of one kind`() throws {
        #expect(try refusal("Add", real([1], [1]), list(1)) == .kindsDiffer(.real, .integer))
        #expect(
            try refusal("Add", boolean([1], [true]), boolean([1], [true]))
                == .wrongKind(input: 0, found: .boolean, expected: "real ones or integers"))
        #expect(try refusal("Add", real([1], [1]), nil) == .missingInput(1))
        #expect(try refusal("Add", real([1], [1])) == .wrongInputCount(1, expected: 2...2))
    }
}
