import ONNXInterpreter
import Testing

@testable import ONNXLoader

@Suite struct OperatorsTests {
    @Test func `what is not supported is refused, and the error names the node`() throws {
        let opset = Operators.supportedOpsets.upperBound + 1
        #expect(refusal("Mystery") == .unsupportedOperator("Mystery", opset: 18))
        #expect(
            try refusal("GreaterOrEqual", list(1), list(1), opset: 11)
                == .unsupportedOperator("GreaterOrEqual", opset: 11))
        #expect(
            try refusal("Add", list(1), list(1), opset: opset)
                == .unsupportedOpset(opset, supported: Operators.supportedOpsets))
        #expect(
            try refusal("Add", list(1), list(1), opset: 10)
                == .unsupportedOpset(10, supported: Operators.supportedOpsets)
        )
        #expect(
            try refusal("Add", list(1), list(1), attributes: ["broadcast": .int(1)])
                == .unknownAttribute("broadcast", known: []))
        #expect(
            try refusal("Transpose", list(1), attributes: ["perm": .int(0)])
                == .wrongAttributeType("perm", expected: "integers"))
        #expect(
            try refusal("Concat", list(1), attributes: ["axis": .string("0")])
                == .wrongAttributeType("axis", expected: "an integer"))
        #expect(
            try refusal("Gemm", real([1, 1], [1]), real([1, 1], [1]), attributes: ["alpha": .int(1)])
                == .wrongAttributeType("alpha", expected: "a number"))
    }

    @Test func `domains`() throws {
        var node = Node(operation: "Neg", domain: "ai.onnx", inputs: ["x"], outputs: ["y"])
        #expect(try Operators.evaluate(node, inputs: [list(2)], opset: 18) == [list(-2)])
        node.domain = "com.microsoft"
        #expect(throws: InterpreterError(.unsupportedOperator("com.microsoft.Neg", opset: 1), node: "Neg 'y'")) {
            _ = try Operators.evaluate(node, inputs: [list(2)], opset: 18)
        }
        node.domain = "com.microsoft.nchwc"
        #expect(throws: InterpreterError(.processorSpecific("com.microsoft.nchwc"), node: "Neg 'y'")) {
            _ = try Operators.evaluate(node, inputs: [list(2)], opset: 18)
        }
        #expect(refusal("FusedGemm") == .unsupportedOperator("FusedGemm", opset: 18))
        #expect(
            try refusal("QuickGelu", real([1], [1]), attributes: ["beta": .float(1)], domain: runtime)
                == .unknownAttribute("beta", known: ["alpha"]))
    }

    @Test func `inputs and outputs are counted`() throws {
        let node = Node(name: "n", operation: "Neg", inputs: ["x"], outputs: ["y", "z"])
        #expect(throws: InterpreterError(.wrongOutputCount(2, expected: 1...1), node: "Neg 'n'")) {
            try Operators.check(node, opset: 18)
        }
        let add = Node(name: "a", operation: "Add", inputs: ["x", "y"], outputs: ["z"])
        #expect(throws: InterpreterError(.wrongInputCount(1, expected: 2...2), node: "Add 'a'")) {
            _ = try Operators.evaluate(add, inputs: [list(1)], opset: 18)
        }
    }

    @Test func `messages say what was wrong and what would be right`() {
        let messages: [(InterpreterError.Reason, String)] = [
            (
                .unknownAttribute("axes", known: ["keepdims"]),
                "the attribute 'axes' is not supported; supported here: 'keepdims'"
            ),
            (.wrongInputCount(1, expected: 2...3), "has 1 inputs; expected 2 to 3"),
            (.wrongInputCount(0, expected: 1...Int.max), "has 0 inputs; expected 1 or more"),
            (.axisOutOfRange(3, rank: 2), "axis 3 is out of range; expected -2 to 1"),
            (.axisOutOfRange(0, rank: 0), "axis 0 does not exist in a scalar"),
            (
                .processorSpecific("com.microsoft.nchwc"),
                "operators of the domain 'com.microsoft.nchwc' are optimised for one processor; take the file before"
            ),
            (.unsupportedInput(4, what: "past_key"), "input 4, past_key, is not supported; expected none"),
            (.indexOutOfRange(0, count: 0), "index 0 is out of range; the axis is empty"),
        ]
        for (reason, message) in messages {
            #expect("\(InterpreterError(reason, node: "Add 'a'"))" == "Add 'a': \(message)")
            #expect("\(InterpreterError(reason))" == message)
        }
    }

    @Test func `a tensor's elements fit its shape`() {
        #expect(throws: InterpreterError(.elementCountDiffers(shape: [2, 2], count: 3))) {
            _ = try real([2, 2], [1, 2, 3])
        }
        #expect(throws: InterpreterError(.elementCountDiffers(shape: [-1], count: 0))) { _ = try integer([-1], []) }
        #expect(throws: InterpreterError(.elementCountDiffers(shape: [.max, 0, .max], count: 0))) {
            _ = try real([.max, 0, .max], [])
        }
    }

    @Test func `tensors of files and back`() throws {
        let weights = try Tensor(name: "w", shape: [2], floats: [0.1, -3])
        #expect(try InterpreterTensor(weights) == real([2], [Double(Float(0.1)), -3]))
        #expect(try InterpreterTensor(Tensor(shape: [2], integers: [1, -2])) == list(1, -2))
        #expect(try InterpreterTensor(Tensor(shape: [1], booleans: [true])) == boolean([1], [true]))

        let back = try real([2, 1], [0.1, .infinity]).tensor(named: "b")
        #expect(back.name == "b" && back.shape == [2, 1] && back.elementType == .float32)
        #expect(try back.floats() == [0.1, .infinity])
        #expect(try list(5).tensor(named: "i").integers() == [5])
        #expect(try boolean([1], [true]).tensor(named: "b").booleans() == [true])
        #expect(throws: InterpreterError(.notRepresentable("1e+39", as: "float32"))) {
            _ = try real([1], [1e39]).tensor(named: "b")
        }
    }

    @Test func `an empty tensor with a huge axis is no work`() throws {
        let tall = try real([1 << 40, 0], [])
        let wide = try real([0, 1 << 40], [])
        let limit = Operators.defaultElementLimit
        let tooLarge = InterpreterError.Reason.tooManyElements(shape: tall.shape, limit: limit)
        #expect(refusal("Neg", tall) == tooLarge)
        #expect(refusal("Transpose", wide) == tooLarge)
        #expect(
            try refusal("Slice", tall, list(1), list(.max))
                == .tooManyElements(shape: [(1 << 40) - 1, 0], limit: limit))
        #expect(try result("Slice", tall, list(5), list(7)) == real([2, 0], []))
        #expect(try result("Gather", tall, list(3, -1)) == real([2, 0], []))
        #expect(try result("ReduceSum", tall, list(0)) == real([1, 0], []))
        #expect(try refusal("ReduceSum", tall, list(1)) == .tooManyElements(shape: [1 << 40, 1], limit: limit))
        #expect(try result("ReduceSum", wide, list(1)) == real([0, 1], []))
        #expect(try result("ReduceSum", wide) == real([1, 1], [0]))
        #expect(refusal("Softmax", tall) == tooLarge)
        #expect(try refusal("LayerNormalization", tall, real([0], [])) == tooLarge)
        #expect(refusal("Concat", tall, attributes: ["axis": .int(1)]) == tooLarge)
        #expect(try refusal("MatMul", tall, real([0, 1], [])) == .tooManyElements(shape: [1 << 40, 1], limit: limit))
        let kernel = try real([4, 0, Int(Int32.max)], [])
        let pads: [String: Attribute] = ["pads": .ints([0, Int64(Int32.max)]), "group": .int(4)]
        #expect(
            try result("Conv", real([1, 0, 1], []), kernel, attributes: pads)
                == real([1, 4, 2], Array(repeating: 0, count: 8)))
    }
}
