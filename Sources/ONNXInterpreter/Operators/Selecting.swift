/// Operators that choose, repeat, order or join elements.
extension Operators {
    static let selecting = [
        Operator("Transpose", since: 1, inputs: 1...1, attributes: ["perm"], evaluate: transpose),
        Operator("Expand", since: 8, inputs: 2...2, evaluate: expand),
        Operator("Slice", since: 10, inputs: 3...5, evaluate: slice),
        Operator("Gather", since: 11, inputs: 2...2, attributes: ["axis"], evaluate: gather),
        Operator("Concat", since: 11, inputs: 1...Int.max, attributes: ["axis"], evaluate: concatenate),
    ]

    /// Transpose: axis `i` of the result is axis `perm[i]` of the input; without `perm`, the axes are reversed.
    private static func transpose(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let order = try call.ints("perm") ?? input.shape.indices.reversed()
        try require(
            order.sorted() == Array(input.shape.indices),
            .unsupportedAttributeValue(
                "perm", value: "\(order)", expected: "each of the input's \(input.rank) axes once"))
        let strides = Shapes.strides(of: input.shape)
        let selection = Selection(shape: order.map { input.shape[$0] }, strides: order.map { strides[$0] })
        return try input.picked(by: selection)
    }

    /// Expand: repeats the input to the shape that its own and the requested one broadcast to.
    private static func expand(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let request = try call.integerList(1)
        try require(request.allSatisfy({ $0 >= 0 }), .negativeDimension(shape: request))
        return try call.broadcast(input, to: Shapes.broadcast(input.shape, request))
    }

    /// Slice: from `starts` up to but without `ends` in `steps`, along `axes`. Negative bounds count from the back;
    /// bounds outside the axis are clamped to it; a negative step goes backwards.
    private static func slice(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let starts = try call.integerList(1)
        let ends = try call.integerList(2)
        let axes = try call.optionalIntegerList(3) ?? Array(starts.indices)
        let steps = try call.optionalIntegerList(4) ?? Array(repeating: 1, count: starts.count)
        for (index, list) in [(2, ends), (3, axes), (4, steps)] where list.count != starts.count {
            throw InterpreterError(
                .wrongShape(input: index, found: [list.count], expected: "[\(starts.count)], as starts"))
        }
        _ = try Shapes.resolve(axes: axes, rank: input.rank)

        let strides = Shapes.strides(of: input.shape)
        var selection = Selection(shape: input.shape, strides: strides)
        for (position, given) in axes.enumerated() {
            let axis = try Shapes.resolve(axis: given, rank: input.rank)
            let step = steps[position]
            try require(step != 0, .invalidValue("a step", value: "0", expected: "another number"))
            let count = input.shape[axis]
            let start = clamped(starts[position], step: step, count: count)
            let end = clamped(ends[position], step: step, count: count)
            let taken = Shapes.stepCount(over: end - start, by: step)
            // Of one element the step does not matter, and may be beyond any product.
            selection.axes[axis] = .regular(
                first: start * strides[axis], step: taken > 1 ? step * strides[axis] : 0, count: taken)
        }
        return try input.picked(by: selection)
    }

    /// A slice's bound as an index of an axis of `count` elements, or as the place just outside it.
    private static func clamped(_ bound: Int, step: Int, count: Int) -> Int {
        let range = step > 0 ? 0...count : -1...max(count - 1, -1)
        return max(range.lowerBound, min(bound < 0 ? bound + count : bound, range.upperBound))
    }

    /// Gather: the slices of the first input along `axis` that the second input's elements name, in its shape.
    private static func gather(_ call: Call) throws -> InterpreterTensor {
        let data = try call.input(0)
        let axis = try Shapes.resolve(axis: call.int("axis") ?? 0, rank: data.rank)
        let indices = try call.integers(1).map { try Shapes.resolve(index: $0, count: data.shape[axis]) }
        let shape = data.shape[..<axis] + (try call.input(1).shape) + data.shape[(axis + 1)...]
        try call.checkedCount(of: Array(shape))

        let strides = Shapes.strides(of: data.shape)
        var selection = Selection(shape: data.shape, strides: strides)
        selection.axes[axis] = .listed(indices.map { $0 * strides[axis] })
        return try InterpreterTensor(
            shape: Array(shape), elements: data.elements.picked(by: selection), integerType: data.integerType)
    }

    /// Concat: the inputs one after the other along `axis`; their other sizes must agree.
    private static func concatenate(_ call: Call) throws -> InterpreterTensor {
        guard let given = try call.int("axis") else { throw InterpreterError(.missingAttribute("axis")) }
        let parts = try call.inputs.indices.map { try call.input($0) }
        let first = parts[0]
        let axis = try Shapes.resolve(axis: given, rank: first.rank)
        var shape = first.shape
        try call.checkedCount(of: shape)
        for (index, part) in parts.enumerated().dropFirst() {
            try require(part.kind == first.kind, .kindsDiffer(first.kind, part.kind))
            var expected = first.shape
            if part.rank == first.rank { expected[axis] = part.shape[axis] }
            try require(
                part.shape == expected,
                .wrongShape(input: index, found: part.shape, expected: "\(first.shape) on all axes but axis \(axis)"))
            shape[axis] = try whole(shape[axis].addingReportingOverflow(part.shape[axis]))
            try call.checkedCount(of: shape)
        }

        let outer = shape[..<axis].reduce(1, *)
        func joined<Element>(_ sources: [[Element]]) -> [Element] {
            var result = [Element]()
            result.reserveCapacity(sources.reduce(0) { $0 + $1.count })
            for block in 0..<outer {
                for source in sources {
                    let size = source.count / outer
                    result += source[block * size..<(block + 1) * size]
                }
            }
            return result
        }
        switch first.elements {
        case .real: return try InterpreterTensor(shape: shape, real: joined(parts.compactMap(\.reals)))
        case .integer:
            return try InterpreterTensor(
                shape: shape, integer: joined(parts.compactMap(\.integers)), type: first.integerType)
        case .boolean: return try InterpreterTensor(shape: shape, boolean: joined(parts.compactMap(\.booleans)))
        }
    }
}
