import ONNXInterpreter
import TestSupport
import Testing

@testable import ONNXLoader

/// The domain of ONNX Runtime's own operators.
let runtime = "com.microsoft"

/// Evaluates one node of the standard operators or of another domain's. `outputs` is how many of its outputs the node
/// names.
func evaluate(
    _ operation: String, _ inputs: [InterpreterTensor?], _ attributes: [String: Attribute] = [:], opset: Int = 18,
    domain: String = "", outputs: Int = 1, rounding: Bool = true
) throws -> [InterpreterTensor] {
    let node = Node(
        name: "tested", operation: operation, domain: domain,
        inputs: inputs.enumerated().map { index, input in input == nil ? "" : "input\(index)" },
        outputs: (0..<outputs).map { "output\($0)" }, attributes: attributes)
    return try Operators.evaluate(node, inputs: inputs, opset: opset, rounding: rounding)
}

/// The one output of a node.
func result(
    _ operation: String, _ inputs: InterpreterTensor?..., attributes: [String: Attribute] = [:], opset: Int = 18,
    domain: String = "", rounding: Bool = true
) throws -> InterpreterTensor {
    let results = try evaluate(operation, inputs, attributes, opset: opset, domain: domain, rounding: rounding)
    #expect(results.count == 1)
    return try #require(results.first)
}

/// What is wrong with a node, or nil where it can be evaluated.
func refusal(
    _ operation: String, _ inputs: InterpreterTensor?..., attributes: [String: Attribute] = [:], opset: Int = 18,
    domain: String = ""
) -> InterpreterError.Reason? {
    do {
        _ = try evaluate(operation, inputs, attributes, opset: opset, domain: domain)
        return nil
    } catch let error as InterpreterError {
        #expect(error.node == "\(operation) 'tested'")
        return error.reason
    } catch {
        Issue.record("not an InterpreterError: \(error)")
        return nil
    }
}

func real(_ shape: [Int], _ values: [Double]) throws -> InterpreterTensor {
    try InterpreterTensor(shape: shape, real: values)
}
func integer(_ shape: [Int], _ values: [Int]) throws -> InterpreterTensor {
    try InterpreterTensor(shape: shape, integer: values)
}
/// Integers of one of the graph's own types.
func integer(_ shape: [Int], _ values: [Int], _ type: ElementType) throws -> InterpreterTensor {
    try InterpreterTensor(shape: shape, integer: values, type: type)
}
func boolean(_ shape: [Int], _ values: [Bool]) throws -> InterpreterTensor {
    try InterpreterTensor(shape: shape, boolean: values)
}

/// A list of integers, as inputs such as axes and shapes are given.
func list(_ values: Int...) throws -> InterpreterTensor { try integer([values.count], values) }

/// Noise between -1 and 1, the same in every run.
func noise(_ shape: [Int], seed: UInt64) throws -> InterpreterTensor {
    try real(shape, noise(shape.reduce(1, *), seed: seed).map(Double.init))
}

/// Random integers of a type of 8 bits, the same in every run.
func bytes(_ shape: [Int], _ type: ElementType, seed: UInt64) throws -> InterpreterTensor {
    let values = noise(shape.reduce(1, *), seed: seed).map { Int($0 * 127) + (type == .uint8 ? 128 : 0) }
    return try integer(shape, values, type)
}

/// The largest difference between the elements of two tensors; infinite where their shapes differ or a difference is not
/// a number.
func largestDifference(_ first: InterpreterTensor, _ second: InterpreterTensor) throws -> Double {
    let (a, b) = (try #require(first.reals), try #require(second.reals))
    return first.shape == second.shape ? largestDifference(a, b) : .infinity
}

/// For results of a few dozen operations in Double on numbers around 1.
let doubleTolerance = 1e-13
