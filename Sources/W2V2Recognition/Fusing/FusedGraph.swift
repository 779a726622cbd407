import ONNXLoader

/// The graph as operations of the architecture, each made of one or more nodes.
struct FusedGraph {
    private(set) var nodes: [FusedNode] = []
    let shapes: ShapeResolution
    /// The graph's outputs by the one name of their value, in order.
    let outputs: [String]
    /// For nodes that looked like part of an operation, why they are not.
    private var misfits: [Int: RecognitionError] = [:]
    private var readers: [String: [Int]] = [:]
    private var producers: [String: Int] = [:]

    init(_ graph: SignalGraph) {
        shapes = graph.shapes
        outputs = graph.outputs
        var taken: Set<Int> = []
        for index in graph.active {
            var chain = PatternChain(graph, "pattern", startingWith: [index])
            do {
                guard let fused = try Self.pattern(at: index, of: graph, chain: &chain) else { continue }
                guard taken.isDisjoint(with: fused.nodes) else { continue }
                taken.formUnion(fused.nodes)
                nodes.append(fused)
            } catch {
                let reason =
                    error as? RecognitionError
                    ?? graph.nodes[index].misfit("it can't be read: \(error)", expected: "readable constants")
                for node in chain.nodes { misfits[node] = misfits[node] ?? reason }
            }
        }
        for index in graph.active where !taken.contains(index) {
            let node = graph.nodes[index]
            nodes.append(
                FusedNode(
                    operation: (try? Self.single(at: index, of: graph)) ?? .other, nodes: [index],
                    inputs: node.inputs.filter { graph.dependsOnSamples($0) }, output: node.soleOutput ?? "",
                    label: node.label))
        }
        nodes.sort { ($0.nodes.last ?? 0) < ($1.nodes.last ?? 0) }
        for (index, node) in nodes.enumerated() {
            producers[node.output] = index
            for input in node.inputs { readers[input, default: []].append(index) }
        }
    }

    /// The operations that read a value, one entry for each time it is read.
    func readers(of value: String) -> [FusedNode] { (readers[value] ?? []).map { nodes[$0] } }

    /// The operation that computes a value.
    func producer(of value: String) -> FusedNode? { producers[value].map { nodes[$0] } }

    /// Why a node could not be made part of an operation, or its shape not be told.
    func misfit(of node: FusedNode) -> RecognitionError? {
        node.nodes.lazy.compactMap { misfits[$0] }.first ?? shapes.failure(of: node.output)
    }

    /// The operation of several nodes, or with parameters, that the node at `index` is the mark of; nil if it is
    /// the mark of none.
    private static func pattern(at index: Int, of graph: SignalGraph, chain: inout PatternChain) throws -> FusedNode? {
        switch graph.nodes[index].qualifiedOperation {
        case "Sub": try graph.normalization(at: index, chain: &chain)
        case "LayerNormalization": try graph.layerNormalization(at: index)
        case "Erf": try graph.gelu(at: index, chain: &chain)
        case "Gelu": try graph.geluOperator(at: index)
        case "MatMul": try graph.linear(at: index, chain: &chain)
        case "Gemm": try graph.gemm(at: index)
        case "Conv": try graph.convolution(at: index)
        default: nil
        }
    }

    /// The operation of a node that stands for itself. Products and sums are known as such even where the shapes of
    /// what they join do not agree.
    private static func single(at index: Int, of graph: SignalGraph) throws -> FusedNode.Operation {
        let node = graph.nodes[index]
        let readsSamplesOnly = node.inputs.allSatisfy { graph.dependsOnSamples($0) }
        switch node.qualifiedOperation {
        case "MatMul" where readsSamplesOnly: return .product
        case "Add" where readsSamplesOnly: return .sum
        default: break
        }
        let call = try graph.call(index)
        let shape = try node.soleOutput.map { try graph.shapes.facts(of: $0).shape } ?? []
        switch node.qualifiedOperation {
        case "Softmax":
            // Of a matrix that was flattened, it is the last axis.
            let isFlattened = try node.soleOutput.map { try graph.shapes.facts(of: $0).isFlattened } ?? false
            let axis = isFlattened ? -1 : try call.softmaxAxis()
            return .softmax(axis: try node.axis(axis, rank: shape.count))
        case "ReduceMean":
            let (axes, keepsAxes) = try call.meanAxes()
            return .mean(axes: axes, keepsAxes: keepsAxes)
        case "Tanh": return .tanh
        case "Transpose": return .transpose(try call.permutation(rank: shape.count))
        case "Reshape", "Squeeze", "Unsqueeze", "Flatten": return .reshape(shape)
        case "Slice":
            let (axis, range) = try call.sliceRange()
            return range.start == 0 ? .slice(axis: axis) : .other
        case "Mul", "Div":
            guard let factor = try scaling(node, of: graph), try call.input(factor.input).shape == shape else {
                return .other
            }
            return .scale(factor.value)
        default: return .other
        }
    }

    /// The number that a Mul or Div scales its other input by.
    private static func scaling(_ node: Node, of graph: SignalGraph) throws -> (value: Double, input: Int)? {
        if let number = try graph.scalar(node.inputs[1]) {
            return (node.operation == "Div" ? 1 / number : number, 0)
        }
        guard node.operation == "Mul", let number = try graph.scalar(node.inputs[0]) else { return nil }
        return (number, 1)
    }
}

/// One operation of the architecture: one node of the graph, or several that compute it together.
struct FusedNode {
    enum Operation {
        /// (x − mean) / √(variance + ε) over the last axis, times weight plus bias.
        case layerNorm(LayerNorm)
        /// (x − mean) / √(variance + ε) over the last axis.
        case standardization(Epsilon)
        /// x · (1 + erf(x / √2)) / 2
        case gelu
        case linear(LinearParameters)
        case convolution(ConvolutionParameters, ConvolutionSettings)
        case softmax(axis: Int)
        case mean(axes: [Int], keepsAxes: Bool)
        case tanh
        /// The sum of two values that depend on the signal.
        case sum
        /// The matrix product of two values that depend on the signal.
        case product
        /// Multiplication by a number.
        case scale(Double)
        case transpose([Int])
        /// A change of shape that keeps the row-major order of the elements.
        case reshape([Extent])
        /// One axis without elements at its end.
        case slice(axis: Int)
        /// An operation that has no place in the architecture, or only as part of another.
        case other
    }

    struct LayerNorm {
        var parameters: NormParameters
        var epsilon: Epsilon
    }

    /// The number under the root, and the node that adds it.
    struct Epsilon {
        var value: Double
        var node: String
    }

    var operation: Operation
    /// The nodes of the graph that compute it, in their order.
    var nodes: [Int]
    /// The values it reads that depend on the signal.
    var inputs: [String]
    var output: String
    /// The first of `nodes`, as messages name it.
    var label: String

    /// What messages call the operation.
    var name: String {
        switch operation {
        case .layerNorm: "LayerNorm"
        case .standardization: "Normalization"
        case .gelu: "GELU"
        case .linear: "Linear"
        case .convolution: "Conv"
        case .softmax: "Softmax"
        case .mean: "Mean"
        case .tanh: "Tanh"
        case .sum: "Add"
        case .product: "MatMul"
        case .scale: "Scale"
        case .transpose: "Transpose"
        case .reshape: "Reshape"
        case .slice: "Slice"
        case .other: "Other"
        }
    }
}
