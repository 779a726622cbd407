/// Operators that read or change a tensor's shape and leave its elements as they are.
extension Operators {
    static let shaping = [
        Operator("Shape", since: 1) { try shape($0) },
        Operator("Shape", since: 15, inputs: 1...1, attributes: ["start", "end"], evaluate: shape),
        Operator("Size", since: 1) {
            try InterpreterTensor(shape: [], integer: [$0.input(0).elementCount], type: .int64)
        },
        Operator("Reshape", since: 5, inputs: 2...2, evaluate: reshape),
        Operator("Reshape", since: 14, inputs: 2...2, attributes: ["allowzero"], evaluate: reshape),
        Operator("Squeeze", since: 11, inputs: 1...1, attributes: ["axes"], evaluate: squeeze),
        Operator("Squeeze", since: 13, inputs: 1...2, evaluate: squeeze),
        Operator("Unsqueeze", since: 11, inputs: 1...1, attributes: ["axes"], evaluate: unsqueeze),
        Operator("Unsqueeze", since: 13, inputs: 2...2, evaluate: unsqueeze),
        Operator("Flatten", since: 11, inputs: 1...1, attributes: ["axis"], evaluate: flatten),
    ]

    /// Shape: the sizes of the axes from `start` up to `end`. Both may be negative, and are clamped to the rank.
    private static func shape(_ call: Call) throws -> InterpreterTensor {
        let shape = try call.input(0).shape
        func clamped(_ axis: Int) -> Int { max(0, min(axis < 0 ? axis + shape.count : axis, shape.count)) }
        let start = clamped(try call.int("start") ?? 0)
        let end = clamped(try call.int("end") ?? shape.count)
        let sizes = Array(shape[start..<max(start, end)])
        return try InterpreterTensor(shape: [sizes.count], integer: sizes, type: .int64)
    }

    /// Reshape: 0 takes the size of the same axis of the input, unless `allowzero` is 1; one -1 takes what is left.
    private static func reshape(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let request = try call.integerList(1)
        let copiesSizes = try !call.flag("allowzero", default: false)
        let impossible = InterpreterError(.cannotReshape(from: input.shape, to: request))
        guard request.allSatisfy({ $0 >= -1 }), request.count(where: { $0 == -1 }) <= 1 else { throw impossible }

        var shape = try request.enumerated().map { axis, size in
            guard size == 0, copiesSizes else { return size }
            guard axis < input.rank else { throw impossible }
            return input.shape[axis]
        }
        if let inferred = shape.firstIndex(of: -1) {
            shape[inferred] = 1
            let others = try Shapes.elementCount(of: shape)
            guard others > 0, input.elementCount % others == 0 else { throw impossible }
            shape[inferred] = input.elementCount / others
        }
        guard try Shapes.elementCount(of: shape) == input.elementCount else { throw impossible }
        return try input.reshaped(to: shape)
    }

    /// Squeeze: drops axes of size 1; without axes, all of them.
    private static func squeeze(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let axes =
            try call.axes().map { try Shapes.resolve(axes: $0, rank: input.rank) }
            ?? Set(input.shape.indices.filter { input.shape[$0] == 1 })
        for axis in axes where input.shape[axis] != 1 {
            throw InterpreterError(.wrongShape(input: 0, found: input.shape, expected: "size 1 on axis \(axis)"))
        }
        let shape = input.shape.indices.filter { !axes.contains($0) }.map { input.shape[$0] }
        return try input.reshaped(to: shape)
    }

    /// Unsqueeze: adds axes of size 1, which are counted in the result.
    private static func unsqueeze(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        guard let given = try call.axes() else { throw InterpreterError(.missingAttribute("axes")) }
        let rank = input.rank + given.count
        let axes = try Shapes.resolve(axes: given, rank: rank)
        var sizes = input.shape.makeIterator()
        let shape = (0..<rank).map { axes.contains($0) ? 1 : sizes.next() ?? 1 }
        return try input.reshaped(to: shape)
    }

    /// Flatten: a matrix of the axes before `axis` and those from it on.
    private static func flatten(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let given = try call.int("axis") ?? 1
        // The axis may be the rank itself: then all axes come before it.
        let axis = given == input.rank ? given : try Shapes.resolve(axis: given, rank: input.rank)
        let rows = try Shapes.elementCount(of: Array(input.shape[..<axis]))
        let columns = try Shapes.elementCount(of: Array(input.shape[axis...]))
        return try input.reshaped(to: [rows, columns])
    }
}
