import ONNXLoader

/// The shape of every value of a graph as a function of the signal's length, and the elements of those that follow from
/// it: sizes that the graph computes, and masks.
///
/// The engine runs one signal at a time, so a batch axis left open has length 1. Values that can't be resolved carry
/// the reason, which is the error if anything turns out to need them.
struct ShapeResolution {
    private(set) var facts: [String: ValueFacts] = [:]
    private var failures: [String: RecognitionError] = [:]
    /// The nodes that only compute with sizes: the engine does not need them. Folded nodes are not among them.
    private(set) var plumbing: Set<Int> = []
    /// What holds only for signals of at least so many samples, and the node that needs it.
    private(set) var conditions: [Condition] = []

    struct Condition {
        var node: String
        var samples: Int
        /// What fewer samples would break.
        var reason: String
    }

    init(of graph: OrderedGraph, constants: ConstantFolding) {
        for (name, constant) in constants.constants {
            let kind: ValueFacts.Kind =
                constant.elementType.isFloatingPoint ? .float : constant.elementType == .bool ? .boolean : .integer
            facts[name] = ValueFacts(
                kind: kind, shape: constant.shape.map { .fixed($0) }, content: .constant(constant))
        }
        for input in graph.graph.inputs {
            do throws(RecognitionError) {
                facts[input.name] = try Self.signal(input)
            } catch {
                failures[input.name] = error
            }
        }
        for (index, node) in graph.graph.nodes.enumerated() where !constants.nodes.contains(index) {
            do {
                if let failure = constants.failures[index] { throw failure }
                let result = try resolve(node, opset: graph.opset)
                guard let output = node.soleOutput else {
                    throw node.misfit("\(node.outputs.count) outputs", expected: "a single one")
                }
                facts[output] = result
                if result.isIndependentOfSamples { plumbing.insert(index) }
            } catch {
                let reason =
                    error as? RecognitionError
                    ?? node.misfit("its constants can't be read: \(error)", expected: "readable constants")
                for output in node.outputs where !output.isEmpty { failures[output] = reason }
            }
        }
    }

    /// The facts of a value, or the reason why there are none.
    func facts(of value: String) throws -> ValueFacts {
        if let failure = failures[value] { throw failure }
        guard let known = facts[value] else {
            throw RecognitionError(node: nil, found: "'\(value)' comes from nowhere", expected: "a value of the graph")
        }
        return known
    }

    /// The reason why a value is not resolved.
    func failure(of value: String) -> RecognitionError? { failures[value] }

    mutating func require(samples: Int, for reason: String, at node: Node) {
        conditions.append(Condition(node: node.label, samples: samples, reason: reason))
    }

    /// The facts of the graph input, which must be `[1 or open, open]` float32.
    private static func signal(_ input: ValueInfo) throws(RecognitionError) -> ValueFacts {
        let label = "input '\(input.name)'"
        guard input.elementType == .float32 else {
            throw RecognitionError(
                node: label, found: input.elementType.map { "elements of type \($0)" } ?? "no element type",
                expected: "a signal of float32 samples")
        }
        guard let shape = input.shape, shape.count == 2 else {
            throw RecognitionError(
                node: label, found: input.shape.map { "\($0.count) axes" } ?? "no shape",
                expected: "a signal of shape [1, samples]")
        }
        if case .fixed(let batch) = shape[0], batch != 1 {
            throw RecognitionError(
                node: label, found: "a batch of \(batch)",
                expected: "one signal at a time; export it again with a batch of 1")
        }
        if case .fixed(let samples) = shape[1] {
            throw RecognitionError(
                node: label, found: "a signal of exactly \(samples) samples",
                expected: "a signal of any length; export it again with dynamic_axes (or dynamic_shapes) for axis 1")
        }
        return ValueFacts(kind: .float, shape: [.one, .signal])
    }
}

/// What is known of a value of the graph for every signal that is long enough.
struct ValueFacts {
    enum Kind: String {
        case float, integer, boolean
    }

    /// What is known of the elements.
    enum Content {
        /// They depend on the signal, or nothing is known.
        case unknown
        case constant(Constant)
        /// Integers: a list, or a single one where the shape is empty.
        case extents([Extent])
        /// Integers, each 0 or more.
        case nonNegative
        /// Truth values, each true.
        case allTrue
        /// Numbers, each this one.
        case uniform(Double)
    }

    var kind: Kind
    var shape: [Extent]
    var content: Content = .unknown
    /// Whether the value is a matrix, of the last axis of `shape` and all others as one: their product need not be an
    /// ``Extent``. Only what keeps such a matrix, or undoes it, may read it.
    var isFlattened = false

    /// Whether the value follows from the signal's length alone: no sample has a part in it.
    var isIndependentOfSamples: Bool {
        if case .unknown = content { false } else { true }
    }

    /// The integers of a list or a single integer; nil if they are not known.
    func extents() throws -> [Extent]? {
        switch content {
        case .extents(let extents): return extents
        case .constant(let constant): return try constant.integers()?.map { .fixed($0) }
        default: return nil
        }
    }
}
