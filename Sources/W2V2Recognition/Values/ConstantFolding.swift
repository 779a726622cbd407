import ONNXInterpreter
import ONNXLoader
import W2V2Network

/// The constants of a graph: what the file stores, and every value computed from nothing else.
///
/// Results are computed with the interpreter's operators in Double and rounded to the graph's own element type. The values
/// of large tensors are read only where a node computes with them; a transposed matrix is noted and not copied.
struct ConstantFolding {
    /// Constants by the name of the value.
    private(set) var constants: [String: Constant]
    /// The nodes whose outputs are constants.
    private(set) var nodes: Set<Int> = []
    /// For nodes with constant inputs that could not be computed, why.
    private(set) var failures: [Int: RecognitionError] = [:]

    /// How many elements nodes may still read and compute, each as often as it is named: a graph of a few bytes must take
    /// neither all memory nor hours.
    private var budget: Int

    init(of graph: OrderedGraph) {
        budget = Self.allowance + Self.readings * graph.storedElementCount
        constants = graph.graph.initializers.mapValues { Constant(stored: $0) }
        for (index, node) in graph.graph.nodes.enumerated() {
            let inputs = node.inputs.filter { !$0.isEmpty }
            guard inputs.allSatisfy({ constants[$0] != nil }), let output = node.soleOutput else { continue }
            do {
                constants[output] = try fold(node, opset: graph.opset)
                nodes.insert(index)
            } catch let error as RecognitionError {
                failures[index] = error
            } catch {
                failures[index] = node.misfit("it can't be computed: \(error)", expected: "a constant")
            }
        }
    }

    private mutating func fold(_ node: Node, opset: Int) throws -> Constant {
        let inputs = node.inputs.map { constants[$0] }
        if node.qualifiedOperation == "Constant", case .tensor(let tensor) = node.attributes["value"] {
            return Constant(stored: tensor)
        }
        if node.qualifiedOperation == "Identity", let input = inputs.first, let constant = input {
            return constant
        }
        if let matrix = try transposedMatrix(node, inputs: inputs) { return matrix }
        if node.operation == "DequantizeLinear", let numbers = try Quantization.dequantized(node, inputs: inputs) {
            return numbers
        }
        // No exporter leaves one, and its cost is far more than what it reads and computes.
        guard node.qualifiedOperation != "Conv" else {
            throw node.misfit("a convolution of constants", expected: "one of the signal")
        }
        for input in inputs { budget -= input?.elementCount ?? 0 }
        guard budget >= 0 else {
            throw node.misfit("it reads more elements than the file accounts for", expected: "a constant")
        }
        let values = try inputs.map { try $0.map { try InterpreterTensor($0.tensor()) } }
        let results = try Operators.evaluate(node, inputs: values, opset: opset, elementLimit: budget)
        guard let result = results.first, let output = node.soleOutput else {
            throw node.misfit("it gives nothing", expected: "a constant")
        }
        budget -= result.elementCount
        return Constant(stored: try result.tensor(named: output))
    }

    /// The result of exchanging the axes of a matrix; nil if the node does something else.
    private func transposedMatrix(_ node: Node, inputs: [Constant?]) throws -> Constant? {
        guard node.qualifiedOperation == "Transpose", var matrix = inputs.first ?? nil, matrix.shape.count == 2,
            matrix.selection == nil, try node.integersAttribute("perm") ?? [1, 0] == [1, 0]
        else { return nil }
        matrix.isTransposed.toggle()
        return matrix
    }

    /// Elements that may be read and computed in any graph.
    private static let allowance = 1 << 21
    /// And how many for each element that the file stores.
    private static let readings = 4
}
