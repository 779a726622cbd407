import ONNXLoader
import ONNXOracle
import Testing

/// Evaluates one node of the standard operators. `outputs` is how many of its outputs the node names.
func evaluate(
    _ operation: String, _ inputs: [OracleTensor?], _ attributes: [String: Attribute] = [:], opset: Int = 18,
    outputs: Int = 1
) throws -> [OracleTensor] {
    let node = Node(
        name: "tested", operation: operation,
        inputs: inputs.enumerated().map { index, input in input == nil ? "" : "input\(index)" },
        outputs: (0..<outputs).map { "output\($0)" }, attributes: attributes)
    return try Operators.evaluate(node, inputs: inputs, opset: opset)
}

/// The one output of a node.
func result(
    _ operation: String, _ inputs: OracleTensor?..., attributes: [String: Attribute] = [:], opset: Int = 18
) throws -> OracleTensor {
    let results = try evaluate(operation, inputs, attributes, opset: opset)
    #expect(results.count == 1)
    return try #require(results.first)
}

/// What is wrong with a node, or nil where it can be evaluated.
func fault(
    _ operation: String, _ inputs: OracleTensor?..., attributes: [String: Attribute] = [:], opset: Int = 18
) -> OracleFault? {
    do {
        _ = try evaluate(operation, inputs, attributes, opset: opset)
        return nil
    } catch let error as OracleError {
        #expect(error.node == "\(operation) 'tested'")
        return error.fault
    } catch {
        Issue.record("not an OracleError: \(error)")
        return nil
    }
}

func real(_ shape: [Int], _ values: [Double]) throws -> OracleTensor { try OracleTensor(shape: shape, real: values) }
func integer(_ shape: [Int], _ values: [Int]) throws -> OracleTensor { try OracleTensor(shape: shape, integer: values) }
func boolean(_ shape: [Int], _ values: [Bool]) throws -> OracleTensor {
    try OracleTensor(shape: shape, boolean: values)
}

/// A list of integers, as inputs such as axes and shapes are given.
func list(_ values: Int...) throws -> OracleTensor { try integer([values.count], values) }

/// Numbers between -1 and 1 that look random and are the same in every run.
func noise(_ shape: [Int], seed: UInt64) throws -> OracleTensor {
    var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    let values = (0..<shape.reduce(1, *)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 33) / Double(1 << 30) - 1
    }
    return try real(shape, values)
}

/// The largest difference between the elements of two tensors; infinite where their shapes differ or an element is not
/// a number.
func largestDifference(_ first: OracleTensor, _ second: OracleTensor) throws -> Double {
    let (a, b) = (try #require(first.reals), try #require(second.reals))
    guard first.shape == second.shape else { return .infinity }
    return zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1)) }
}

/// For results of a few dozen operations in Double on numbers around 1.
let doubleTolerance = 1e-13
