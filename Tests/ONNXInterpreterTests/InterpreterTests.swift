import ONNXInterpreter
import Testing

@testable import ONNXLoader

@Suite struct InterpreterTests {
    /// y = (x + bias) · 2, by way of a and b.
    private func model(_ change: (inout Graph) -> Void = { _ in }) throws -> ONNXModel {
        let bias = try Tensor(name: "bias", shape: [2], floats: [10, 20])
        let two = try Tensor(shape: [], floats: [2])
        var graph = Graph(
            nodes: [
                Node(name: "add", operation: "Add", inputs: ["x", "bias"], outputs: ["a"]),
                Node(
                    name: "two", operation: "Constant", inputs: [], outputs: ["b"], attributes: ["value": .tensor(two)]),
                Node(name: "mul", operation: "Mul", inputs: ["a", "b"], outputs: ["y"]),
            ],
            initializers: ["bias": bias],
            inputs: [ValueInfo(name: "x", elementType: .float32, shape: [.fixed(1), .symbolic("n")])],
            outputs: [ValueInfo(name: "y")])
        change(&graph)
        return ONNXModel(irVersion: 8, opsets: ["": 17], graph: graph)
    }

    @Test func `gives the outputs and what is to be kept`() throws {
        let interpreter = try Interpreter(model())
        let x = try real([1, 2], [1, 2])
        let y = try real([1, 2], [22, 44])
        #expect(try interpreter.run(inputs: ["x": x]) == ["y": y])
        #expect(
            try interpreter.run(inputs: ["x": x], keeping: ["a", "bias", "x", "b"])
                == ["y": y, "a": real([1, 2], [11, 22]), "bias": real([2], [10, 20]), "x": x, "b": real([], [2])])
        #expect(try interpreter.run(signal: [1, 2]) == ["y": y])
    }

    @Test func `inputs must be the graph's`() throws {
        let interpreter = try Interpreter(model())
        let x = try real([1, 2], [1, 2])
        #expect(throws: InterpreterError(.missingGraphInput("x"))) { _ = try interpreter.run(inputs: [:]) }
        #expect(throws: InterpreterError(.unknownGraphInput("z", known: ["x"]))) {
            _ = try interpreter.run(inputs: ["x": x, "z": x])
        }
        #expect(throws: InterpreterError(.wrongGraphInput("x", found: "the shape [2, 1]", expected: "[1, n]"))) {
            _ = try interpreter.run(inputs: ["x": real([2, 1], [1, 2])])
        }
        #expect(throws: InterpreterError(.wrongGraphInput("x", found: "integer elements", expected: "real ones"))) {
            _ = try interpreter.run(inputs: ["x": integer([1, 2], [1, 2])])
        }
        #expect(throws: InterpreterError(.undefinedValue("q"))) {
            _ = try interpreter.run(inputs: ["x": x], keeping: ["q"])
        }
        let three = try Interpreter(model { $0.inputs += [ValueInfo(name: "y"), ValueInfo(name: "z")] })
        #expect(throws: InterpreterError(.notOneInput(["x", "y", "z"]))) { _ = try three.run(signal: [1, 2]) }
    }

    @Test func `a graph that can't be run is refused before it runs`() throws {
        #expect(throws: InterpreterError(.unsupportedOperator("Mystery", opset: 17), node: "Mystery 'mul'")) {
            _ = try Interpreter(model { $0.nodes[2].operation = "Mystery" })
        }
        #expect(throws: InterpreterError(.unsupportedDomain("custom"), node: "Add 'add'")) {
            _ = try Interpreter(model { $0.nodes[0].domain = "custom" })
        }
        #expect(throws: InterpreterError(.unknownAttribute("fast", known: []), node: "Add 'add'")) {
            _ = try Interpreter(model { $0.nodes[0].attributes = ["fast": .int(1)] })
        }
        #expect(throws: InterpreterError(.undefinedValue("a"), node: "Mul 'mul'")) {
            _ = try Interpreter(model { $0.nodes.swapAt(0, 2) })
        }
        #expect(throws: InterpreterError(.undefinedValue("z"))) {
            _ = try Interpreter(model { $0.outputs = [ValueInfo(name: "z")] })
        }
        var old = try model()
        old.opsets = ["": 9]
        #expect(throws: InterpreterError.self) { _ = try Interpreter(old) }
    }

    @Test func `values are dropped after their last use, and all that are alive count`() throws {
        // A chain of values of 100 elements: only two of them are alive at a time.
        let names = (0...20).map { "v\($0)" }
        let nodes = zip(names, names.dropFirst()).map { Node(operation: "Neg", inputs: [$0], outputs: [$1]) }
        let graph = Graph(
            nodes: nodes, initializers: [:], inputs: [ValueInfo(name: "v0")], outputs: [ValueInfo(name: "v20")])
        let model = ONNXModel(irVersion: 8, opsets: ["": 17], graph: graph)
        let x = try noise([100], seed: 1)
        #expect(try Interpreter(model, elementLimit: 200).run(inputs: ["v0": x]) == ["v20": x])
        #expect(throws: InterpreterError(.tooManyElements(shape: [100], limit: 99), node: "Neg 'v1'")) {
            _ = try Interpreter(model, elementLimit: 199).run(inputs: ["v0": x])
        }
        #expect(throws: InterpreterError(.tooManyElements(shape: [100], limit: 0), node: "Neg 'v4'")) {
            _ = try Interpreter(model, elementLimit: 300).run(inputs: ["v0": x], keeping: ["v1", "v2"])
        }
    }

    /// y = x · dequantised weight, with x and a constant quantised on the way.
    private func quantizedModel() throws -> ONNXModel {
        let weight = Tensor(
            name: "w", elementType: .int8, shape: [2, 1], elementCount: 2, bytes: TensorBytes([Int8(50), -100]))
        let zero = Tensor(name: "zero", elementType: .int8, shape: [], elementCount: 1, bytes: TensorBytes([Int8(0)]))
        let graph = Graph(
            nodes: [
                Node(operation: "QuantizeLinear", inputs: ["c", "scale", "zero"], outputs: ["cq"]),
                Node(operation: "DequantizeLinear", inputs: ["cq", "scale", "zero"], outputs: ["cd"]),
                Node(operation: "DynamicQuantizeLinear", inputs: ["x"], outputs: ["q", "q_scale", "q_zero"]),
                Node(operation: "MatMulInteger", inputs: ["q", "w", "q_zero"], outputs: ["sums"]),
                Node(
                    operation: "Cast", inputs: ["sums"], outputs: ["floats"], attributes: ["to": .int(1)]),
                Node(operation: "Mul", inputs: ["q_scale", "scale"], outputs: ["scales"]),
                Node(operation: "Mul", inputs: ["floats", "scales"], outputs: ["y"]),
            ],
            initializers: [
                "c": try Tensor(name: "c", shape: [1], floats: [0.7]), "w": weight, "zero": zero,
                "scale": try Tensor(name: "scale", shape: [], floats: [0.5]),
            ],
            inputs: [ValueInfo(name: "x", elementType: .float16)],
            outputs: [ValueInfo(name: "y"), ValueInfo(name: "cd")])
        return ONNXModel(irVersion: 8, opsets: ["": 13], graph: graph)
    }

    @Test func `without rounding, activations are exact and constants are quantised`() throws {
        let interpreter = try Interpreter(quantizedModel())
        let x = try noise([3, 2], seed: 1)
        let expected = try result("MatMul", x, real([2, 1], [25, -50]))
        let exact = try interpreter.run(inputs: ["x": x], roundingActivations: false)
        #expect(try largestDifference(#require(exact["y"]), expected) < 1e-12)
        #expect(try exact["cd"] == real([1], [0.5]))

        let rounded = try interpreter.run(inputs: ["x": x], keeping: ["q"])
        let difference = try largestDifference(#require(rounded["y"]), expected)
        #expect(difference > 1e-4 && difference < 0.5)
        #expect(rounded["q"]?.integerType == .uint8)
        #expect(try rounded["cd"] == real([1], [0.5]))
    }

    @Test func `versions of ONNX Runtime's own operators`() throws {
        var model = try model {
            $0.nodes[2] = Node(
                name: "act", operation: "FusedMatMul", domain: "com.microsoft", inputs: ["a", "bias"], outputs: ["y"])
        }
        #expect(try Interpreter(model).run(signal: [1, 2])["y"] == real([1], [11 * 10 + 22 * 20]))
        model.opsets["com.microsoft"] = 1
        #expect(throws: Never.self) { try Interpreter(model) }
        model.opsets["com.microsoft"] = 2
        #expect(throws: InterpreterError(.unsupportedOpset(2, supported: 1...1), node: "FusedMatMul 'act'")) {
            try Interpreter(model)
        }
    }

    @Test func `optional inputs left out, outputs not named, and an initializer as an output`() throws {
        let model = try model {
            $0.nodes.append(
                Node(
                    name: "norm", operation: "LayerNormalization", inputs: ["a", "bias", ""],
                    outputs: ["", "mean", ""]))
            $0.outputs = [ValueInfo(name: "mean"), ValueInfo(name: "bias")]
        }
        let results = try Interpreter(model).run(signal: [1, 2])
        #expect(try results == ["mean": real([1, 1], [16.5]), "bias": real([2], [10, 20])])
    }
}
