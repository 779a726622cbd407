import ONNXLoader

/// Executes the graph of a model literally: node by node, in the file's order, in Double, without fusing anything.
package struct Interpreter: Sendable {
    private let graph: Graph
    private let opset: Int
    private let elementLimit: Int
    /// For each value, the last node that reads it.
    private let lastReaders: [String: Int]
    /// The values that are the same in every run: initializers and what is computed from them alone.
    private let constants: Set<String>

    /// - Parameters:
    ///   - model: The model.
    ///   - elementLimit: The most elements that the values of a run may have together at any time; by default 8 GiB of
    ///     Double.
    /// - Throws: ``InterpreterError`` if the model's operator set, a node's operator, attribute or number of inputs is not
    ///   supported, or a node or output reads a value that nothing produced before.
    package init(_ model: ONNXModel, elementLimit: Int = 1 << 30) throws {
        graph = model.graph
        opset = model.opset
        self.elementLimit = elementLimit

        var defined = Set(graph.inputs.map(\.name)).union(graph.initializers.keys)
        var lastReaders = [String: Int]()
        var constants = Set(graph.initializers.keys)
        for (index, node) in graph.nodes.enumerated() {
            try Operators.check(node, in: model)
            for name in node.inputs where !name.isEmpty {
                guard defined.contains(name) else { throw InterpreterError(.undefinedValue(name), node: node.label) }
                lastReaders[name] = index
            }
            defined.formUnion(node.outputs)
            if node.inputs.allSatisfy({ $0.isEmpty || constants.contains($0) }) { constants.formUnion(node.outputs) }
        }
        for output in graph.outputs where !defined.contains(output.name) {
            throw InterpreterError(.undefinedValue(output.name))
        }
        self.lastReaders = lastReaders
        self.constants = constants
    }

    /// Runs the graph.
    ///
    /// A value is dropped once the last node that reads it has run, and an initializer is converted each time it is
    /// read, so memory is bounded by the values alive at one time.
    ///
    /// With `roundingActivations` false, operators that quantise leave out rounding and saturating, except of constants:
    /// the quantised value of x is the real number x / scale + zero point, with the scale and the zero point as the graph
    /// has or computes them, and the operators on quantised values take such numbers. The results are then those of the
    /// graph's quantised weights on exact activations.
    ///
    /// - Parameters:
    ///   - inputs: A value for each of the graph's inputs.
    ///   - keeping: Other values to return: of inputs, initializers or nodes.
    ///   - roundingActivations: Whether quantising rounds what depends on the inputs.
    /// - Returns: The graph's outputs and the values of `keeping`, by name.
    /// - Throws: ``InterpreterError``, which names the node if there is one.
    package func run(
        inputs: [String: InterpreterTensor], keeping: Set<String> = [], roundingActivations: Bool = true
    ) throws -> [String: InterpreterTensor] {
        try check(inputs)
        let wanted = keeping.union(graph.outputs.map(\.name))
        var values = inputs
        var alive = inputs.values.reduce(0) { $0 + $1.elementCount }

        func value(_ name: String) throws -> InterpreterTensor {
            if let value = values[name] { return value }
            guard let initializer = graph.initializers[name] else { throw InterpreterError(.undefinedValue(name)) }
            return try InterpreterTensor(initializer)
        }
        for (index, node) in graph.nodes.enumerated() {
            let arguments = try node.inputs.map { $0.isEmpty ? nil : try value($0) }
            let results = try Operators.evaluate(
                node, inputs: arguments, opset: opset, elementLimit: elementLimit - alive,
                rounding: roundingActivations || node.outputs.allSatisfy { constants.contains($0) })
            for (name, result) in zip(node.outputs, results) where lastReaders[name] != nil || wanted.contains(name) {
                values[name] = result
                alive += result.elementCount
            }
            for name in node.inputs where lastReaders[name] == index && !wanted.contains(name) {
                alive -= values.removeValue(forKey: name)?.elementCount ?? 0
            }
        }
        return try Dictionary(uniqueKeysWithValues: wanted.map { ($0, try value($0)) })
    }

    /// Runs a graph whose first input is a signal: `signal` is given to it as [1, samples]. Another input marks the samples
    /// that count, which are all of them.
    package func run(
        signal: [Float], keeping: Set<String> = [], roundingActivations: Bool = true
    ) throws -> [String: InterpreterTensor] {
        try require((1...2).contains(graph.inputs.count), .notOneInput(graph.inputs.map(\.name)))
        let shape = [1, signal.count]
        var inputs = [
            graph.inputs[0].name: try InterpreterTensor(shape: shape, real: signal.map { Double($0) })
        ]
        for mask in graph.inputs.dropFirst() { inputs[mask.name] = try .ones(shape: shape, mask.elementType) }
        return try run(inputs: inputs, keeping: keeping, roundingActivations: roundingActivations)
    }

    /// Throws unless `inputs` are the graph's, with the shapes and types that it declares.
    private func check(_ inputs: [String: InterpreterTensor]) throws {
        let names = graph.inputs.map(\.name)
        for name in inputs.keys.sorted() where !names.contains(name) {
            throw InterpreterError(.unknownGraphInput(name, known: names))
        }
        for declared in graph.inputs {
            guard let value = inputs[declared.name] else { throw InterpreterError(.missingGraphInput(declared.name)) }
            if let type = declared.elementType, type.kind != value.kind {
                let (found, expected) = ("\(value.kind.rawValue) elements", "\(type.kind.rawValue) ones")
                throw InterpreterError(.wrongGraphInput(declared.name, found: found, expected: expected))
            }
            if let shape = declared.shape, !value.shape.fits(shape) {
                let expected = "[\(shape.map(\.text).joined(separator: ", "))]"
                throw InterpreterError(
                    .wrongGraphInput(declared.name, found: "the shape \(value.shape)", expected: expected))
            }
        }
    }
}

extension InterpreterTensor {
    /// A tensor of ones, or of true.
    fileprivate static func ones(shape: [Int], _ type: ElementType?) throws -> InterpreterTensor {
        let count = try Shapes.elementCount(of: shape)
        switch type?.kind ?? .real {
        case .real: return try InterpreterTensor(shape: shape, real: Array(repeating: 1, count: count))
        case .integer: return try InterpreterTensor(shape: shape, integer: Array(repeating: 1, count: count))
        case .boolean: return try InterpreterTensor(shape: shape, boolean: Array(repeating: true, count: count))
        }
    }
}

extension [Int] {
    /// Whether a declared shape allows this one.
    fileprivate func fits(_ declared: [ValueInfo.Dimension]) -> Bool {
        count == declared.count
            && zip(self, declared).allSatisfy { size, dimension in
                if case .fixed(let fixed) = dimension { size == fixed } else { true }
            }
    }
}

extension ValueInfo.Dimension {
    fileprivate var text: String {
        switch self {
        case .fixed(let size): "\(size)"
        case .symbolic(let name): name.isEmpty ? "any" : name
        }
    }
}
