import ONNXLoader

/// A node with what is known of its inputs.
struct NodeCall {
    let node: Node
    /// Which node of the graph it is.
    let index: Int
    let inputs: [Value?]
    let opset: Int

    /// Shapes with more axes are refused.
    static let mostAxes = 64

    func hasInput(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    /// An input that must be there.
    func value(_ index: Int) throws -> Value {
        guard index < inputs.count, let value = inputs[index] else {
            throw node.misfit("input \(index) is missing", expected: "an input there")
        }
        return value
    }

    /// An input that depends on samples.
    func operand(_ index: Int) throws -> Operand {
        switch try value(index) {
        case .signal(let operand): return operand
        case .known(let known): throw node.misfit("\(known.kind) input \(index) without samples", expected: "features")
        case .quantized:
            throw node.misfit("quantised input \(index)", expected: "features, or what belongs to quantisation")
        case .unreadable(let reason): throw reason
        }
    }

    /// An input that depends on no sample.
    func known(_ index: Int) throws -> KnownValue {
        guard case .known(let known) = try value(index) else {
            throw node.misfit("input \(index) depends on samples", expected: "a constant, or sizes")
        }
        return known
    }

    /// An input that is constant.
    func constant(_ index: Int) throws -> Constant {
        guard case .known(let known) = try value(index), let constant = known.constant else {
            throw node.misfit("a weight or bias that is not constant", expected: "a constant input \(index)")
        }
        return constant
    }

    /// The weights of a layer, or its bias.
    func parameter(_ index: Int) throws -> Constant {
        let constant = try constant(index)
        guard constant.elementType.isFloatingPoint else {
            throw node.misfit(
                "parameter '\(node.inputs[index])' of type \(constant.elementType)",
                expected: "float32, or a 16-bit type")
        }
        return constant
    }

    /// The length of each axis, of a value whose lengths follow from the signal's.
    func extents(of operand: Operand) throws -> [Extent] {
        try operand.shape.map { length in
            guard let extent = length.extent else {
                throw node.misfit("an axis of \(length) elements", expected: "axes of frames and channels")
            }
            return extent
        }
    }

    func isKnown(_ index: Int) -> Bool { if hasInput(index), case .known? = inputs[index] { true } else { false } }

    func requireInputs(_ counts: ClosedRange<Int>) throws {
        guard counts.contains(inputs.count) else {
            let text = counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
            throw node.misfit("\(inputs.count) inputs", expected: text)
        }
    }

    // MARK: Lists of numbers

    /// The known numbers of an input that is a list of integers, such as axes; nil if the input is left out.
    func integers(_ index: Int) throws -> [Int]? {
        guard hasInput(index) else { return nil }
        guard case .known(let known) = try value(index), let list = try known.extents() else {
            throw node.misfit("input \(index) is not a short constant list of integers", expected: "one")
        }
        return try list.map { extent in
            guard let number = extent.constant else {
                throw node.misfit("input \(index) depends on the signal's length", expected: "constant integers")
            }
            return number
        }
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
}
