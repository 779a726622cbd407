import ONNXLoader

/// What each operator makes of the shapes of its inputs.
extension ShapeResolution {
    /// The facts of a node's output.
    mutating func resolve(_ node: Node, opset: Int) throws -> ValueFacts {
        let inputs = try node.inputs.map { $0.isEmpty ? nil : try facts(of: $0) }
        let call = OperatorCall(node: node, inputs: inputs, opset: opset)
        switch node.qualifiedOperation {
        case "Identity":
            return try call.identity()
        case "Relu", "Erf", "Sqrt", "Tanh", "Sigmoid", "Exp", "Log", "Abs", "Neg", "Reciprocal", "Softplus":
            return try call.elementwise(inputs: 1)
        case "Gelu" where opset >= 20:
            return try call.elementwise(inputs: 1, attributes: ["approximate"])
        case "LeakyRelu", "Elu":
            return try call.elementwise(inputs: 1, attributes: ["alpha"])
        case "Add", "Sub", "Mul", "Div", "Pow":
            return try arithmetic(call)
        case "Softmax": return try call.softmax()
        case "LayerNormalization": return try call.layerNormalization()
        case "InstanceNormalization": return try call.instanceNormalization()
        case "ReduceMean": return try call.mean()
        case "MatMul": return try call.matrixProduct()
        case "Gemm": return try call.gemm()
        case "Conv": return try call.convolution()
        case "Transpose": return try call.transpose()
        case "Reshape": return try call.reshape()
        case "Unsqueeze": return try call.unsqueeze()
        case "Squeeze": return try call.squeeze()
        case "Flatten": return try call.flatten()
        case "Slice": return try call.slice()
        case "Shape": return try call.shapeOf()
        case "Gather": return try call.gather()
        case "Concat": return try call.concat()
        case "Cast": return try call.cast()
        case "Expand": return try call.expand()
        case "Range": return try range(call)
        case "GreaterOrEqual": return try call.greaterOrEqual()
        case "Where": return try call.selection()
        default:
            throw node.misfit(
                "operator \(node.qualifiedOperation) of operator set \(opset)",
                expected: "one that has a place in this architecture")
        }
    }
}

/// A node with the facts of its inputs.
struct OperatorCall {
    let node: Node
    let inputs: [ValueFacts?]
    let opset: Int

    /// Shapes with more axes are refused.
    static let mostAxes = 64

    /// The facts of an input that must be there.
    func input(_ index: Int) throws -> ValueFacts {
        guard index < inputs.count, let facts = inputs[index] else {
            throw node.misfit("input \(index) is missing", expected: "an input there")
        }
        guard !facts.isFlattened || ["Identity", "Softmax", "Reshape"].contains(node.qualifiedOperation) else {
            throw node.misfit("reads a matrix that Flatten made", expected: "Softmax, and Reshape to the shape before")
        }
        return facts
    }

    func hasInput(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    func requireInputs(_ counts: ClosedRange<Int>) throws {
        guard counts.contains(inputs.count) else {
            let text = counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
            throw node.misfit("\(inputs.count) inputs", expected: text)
        }
    }

    func requireFloat(_ facts: ValueFacts) throws {
        guard facts.kind == .float else { throw node.misfit("\(facts.kind) input", expected: "a float input") }
    }

    /// The known numbers of an input that is a list of integers, such as axes; nil if the input is left out.
    func integers(_ index: Int) throws -> [Int]? {
        guard hasInput(index) else { return nil }
        guard case .constant(let constant) = try input(index).content, let list = try constant.integers() else {
            throw node.misfit("input \(index) is not a short constant list of integers", expected: "one")
        }
        return list
    }

    /// The axes given by the attribute `axes` or, in newer operator sets, by an input.
    func axes(attributeUntil lastOpset: Int, input index: Int) throws -> [Int]? {
        guard opset <= lastOpset else {
            guard node.attributes["axes"] == nil else {
                throw node.misfit("attribute 'axes'", expected: "axes as an input, in operator set \(opset)")
            }
            return try integers(index)
        }
        try requireInputs(1...1)
        return try node.integersAttribute("axes")
    }

    /// Distinct axes counted from the front, in ascending order.
    func normalized(_ axes: [Int], rank: Int) throws -> [Int] {
        guard rank <= Self.mostAxes else {
            throw node.misfit("\(rank) axes", expected: "at most \(Self.mostAxes)")
        }
        let positive = try axes.map { try node.axis($0, rank: rank) }
        guard Set(positive).count == positive.count else {
            throw node.misfit("axes \(axes)", expected: "each axis once")
        }
        return positive.sorted()
    }

    /// A value that keeps what is known of every element of `facts` under another shape.
    func reshaped(_ facts: ValueFacts, to shape: [Extent]) -> ValueFacts {
        var result = ValueFacts(kind: facts.kind, shape: shape)
        switch facts.content {
        case .nonNegative, .allTrue, .uniform: result.content = facts.content
        case .extents(let list) where shape.count <= 1: result.content = .extents(list)
        case .constant(let constant):
            if facts.kind == .integer, shape.count <= 1, let list = try? constant.integers() {
                result.content = .extents(list.map { .fixed($0) })
            }
        default: break
        }
        return result
    }
}
