import ONNXLoader

/// Operators that move or select elements and compute nothing.
extension Lowering {
    static func identity(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        lowering.mark(call.index, as: .identity)
        return [try call.value(0)]
    }

    /// Nothing is dropped when a model is used.
    static func dropout(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        guard call.node.outputs.dropFirst().allSatisfy(\.isEmpty), !call.hasInput(2) else {
            throw call.node.misfit("a dropout for training", expected: "none, or one that drops nothing")
        }
        lowering.mark(call.index, as: .identity)
        return [try call.value(0)]
    }

    /// A change between types of numbers: sizes stay integers, and features are computed in float32 whatever their type.
    static func cast(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: ["to", "saturate", "round_mode"])
        guard let number = try call.node.integerAttribute("to"), let type = ElementType(rawValue: number) else {
            throw call.node.misfit("no type", expected: "the type to change to")
        }
        switch try call.value(0) {
        case .known(let known):
            guard let result = try known.cast(to: type) else {
                throw call.node.misfit("\(known.kind) elements to \(type)", expected: "sizes that stay what they are")
            }
            return [.known(result)]
        case .quantized(.accumulated(var layer)) where type.isFloatingPoint:
            guard layer.nodes.count == 1 else {
                throw call.node.misfit("a second change of numbers", expected: "one, from whole numbers")
            }
            layer.nodes.append(call.index)
            return [.quantized(.accumulated(layer))]
        case let value where type.isFloatingPoint:
            lowering.mark(call.index, as: .conversion)
            return [value]
        default:
            throw call.node.misfit("features to \(type)", expected: "features that stay numbers with a fraction")
        }
    }

    static func transpose(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: ["perm"])
        func permutation(rank: Int) throws -> [Int] {
            let permutation = try call.node.integersAttribute("perm") ?? (0..<rank).reversed()
            guard permutation.sorted() == Array(0..<rank) else {
                throw call.node.misfit("perm \(permutation)", expected: "each of the \(rank) axes once")
            }
            return permutation
        }
        return try lowering.rearranged(
            call, known: { shape in try permutation(rank: shape.count).map { shape[$0] } },
            features: { view in view.transposed(try permutation(rank: view.axes.count)) })
    }

    static func reshape(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: ["allowzero"])
        guard call.isKnown(1), let targets = try call.known(1).extents() else {
            throw call.node.misfit(
                "a target shape that is not known", expected: "one that follows from the signal's length")
        }
        let zeroIsSize = try call.node.flagAttribute("allowzero", default: false)
        return try lowering.rearranged(
            call,
            known: { shape in
                let lengths = try shape.map { extent in
                    guard let length = ExtentProduct([extent]) else {
                        throw call.node.misfit("shape \(shape.text)", expected: "one that elements fit in")
                    }
                    return length
                }
                return try call.target(targets, of: lengths, zeroIsSize: zeroIsSize).map { length in
                    guard let extent = length.extent else {
                        throw call.node.misfit("\(shape.text) to \(targets.text)", expected: "sizes that can be told")
                    }
                    return extent
                }
            },
            features: { view in
                view.reshaped(to: try call.target(targets, of: view.shape, zeroIsSize: zeroIsSize))
            })
    }

    static func unsqueeze(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.node.requireAttributes(among: ["axes"])
        guard let axes = try call.axes(attributeUntil: 12, input: 1) else {
            throw call.node.misfit("no axes", expected: "the axes to insert")
        }
        func widened<Length>(_ shape: [Length], by one: Length) throws -> [Length] {
            var shape = shape
            for axis in try call.normalized(axes, rank: shape.count + axes.count) { shape.insert(one, at: axis) }
            return shape
        }
        return try lowering.rearranged(
            call, known: { try widened($0, by: .one) },
            features: { view in AxisView(axes: try widened(view.axes, by: [])) })
    }

    static func squeeze(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.node.requireAttributes(among: ["axes"])
        let given = try call.axes(attributeUntil: 12, input: 1)
        func narrowed<Length>(_ shape: [Length], where isOne: (Length) -> Bool) throws -> [Length] {
            let axes = given ?? shape.indices.filter { isOne(shape[$0]) }
            var shape = shape
            for axis in try call.normalized(axes, rank: shape.count).reversed() {
                guard isOne(shape[axis]) else {
                    throw call.node.misfit("axis \(axis)", expected: "an axis of length 1")
                }
                shape.remove(at: axis)
            }
            return shape
        }
        return try lowering.rearranged(
            call, known: { try narrowed($0) { $0 == .one } },
            features: { view in AxisView(axes: try narrowed(view.axes) { $0.isEmpty }) })
    }

    /// A matrix of the axes before `axis` and those from it on.
    static func flatten(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: ["axis"])
        let given = try call.node.integerAttribute("axis") ?? 1
        // The axis may be the rank itself: then all axes come before it.
        func axis(rank: Int) throws -> Int { given == rank ? rank : try call.node.axis(given, rank: rank) }
        return try lowering.rearranged(
            call,
            known: { shape in
                let axis = try axis(rank: shape.count)
                return try [shape[..<axis], shape[axis...]].map { part in
                    guard let extent = ExtentProduct(part)?.extent else {
                        throw call.node.misfit("\(shape.text)", expected: "a matrix whose size can be told")
                    }
                    return extent
                }
            },
            features: { view in
                let axis = try axis(rank: view.axes.count)
                return AxisView(axes: [AxisView.joined(view.axes[..<axis]), AxisView.joined(view.axes[axis...])])
            })
    }

    /// A value whose elements keep what they are: `known` gives the new shape of sizes and masks, `features` the new view.
    private mutating func rearranged(
        _ call: NodeCall, known: ([Extent]) throws -> [Extent], features: (AxisView) throws -> AxisView?
    ) throws -> [Value] {
        func moved(_ operand: Operand) throws -> Operand {
            guard let view = try features(operand.view) else {
                throw call.node.misfit(
                    "elements that mix axes of \(operand.shape)",
                    expected: "channels split into heads or joined, frames kept whole")
            }
            guard view.axes.count <= NodeCall.mostAxes else {
                throw call.node.misfit("\(view.axes.count) axes", expected: "at most \(NodeCall.mostAxes)")
            }
            return rearranged(operand, by: call, to: view)
        }
        switch try call.value(0) {
        case .known(let value):
            guard let result = value.reshaped(to: try known(value.shape)) else {
                throw call.node.misfit("\(value.kind) constants in another shape", expected: "sizes or masks")
            }
            return [.known(result)]
        case .signal(let operand):
            return [.signal(try moved(operand))]
        case .quantized(.elements(let operand, let parameters?)):
            return [.quantized(.elements(of: try moved(operand), parameters))]
        case .quantized:
            throw call.node.misfit("a rearrangement of quantised numbers", expected: "one of features")
        case .unreadable(let reason): throw reason
        }
    }
}

extension NodeCall {
    /// The shape that Reshape gives a value of `shape` elements: 0 stands for its length there, unless `zeroIsSize`, and −1
    /// for what is left.
    fileprivate func target(
        _ targets: [Extent], of shape: [ExtentProduct], zeroIsSize: Bool
    ) throws -> [ExtentProduct] {
        var lengths: [ExtentProduct?] = []
        for (axis, target) in targets.enumerated() {
            switch target {
            case .fixed(-1): lengths.append(nil)
            case .fixed(0) where !zeroIsSize && axis < shape.count: lengths.append(shape[axis])
            default: lengths.append(ExtentProduct([target]))
            }
        }
        let impossible = node.misfit("\(shape) to \(targets.text)", expected: "as many elements as before")
        guard targets.count(where: { $0 == .fixed(-1) }) == lengths.count(where: { $0 == nil }),
            lengths.count(where: { $0 == nil }) <= 1, let total = shape.joinedProduct,
            let known = lengths.compactMap(\.self).joinedProduct, let rest = total.divided(by: known),
            lengths.contains(where: { $0 == nil }) || rest == .one
        else { throw impossible }
        return lengths.map { $0 ?? rest }
    }
}

extension [ExtentProduct] {
    /// The product of all; nil if it overflows.
    fileprivate var joinedProduct: ExtentProduct? {
        reduce(ExtentProduct.one) { product, length in product.flatMap { $0.multiplied(by: length) } }
    }
}
