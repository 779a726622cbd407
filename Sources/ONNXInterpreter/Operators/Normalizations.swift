import Foundation

extension Operators {
    static let normalizations = [
        Operator("Softmax", since: 11, inputs: 1...1, attributes: ["axis"]) {
            // All axes from `axis` on are taken as one.
            let rank = try $0.input(0).rank
            let axis = try Shapes.resolve(axis: $0.int("axis") ?? 1, rank: rank)
            return try softmax($0, along: Set(axis..<rank))
        },
        Operator("Softmax", since: 13, inputs: 1...1, attributes: ["axis"]) {
            let axis = try Shapes.resolve(axis: $0.int("axis") ?? -1, rank: $0.input(0).rank)
            return try softmax($0, along: [axis])
        },
        Operator(
            "LayerNormalization", since: 17, inputs: 2...3, outputs: 1...3,
            attributes: ["axis", "epsilon", "stash_type"], evaluate: layerNormalization),
    ]

    private static func softmax(_ call: Call, along axes: Set<Int>) throws -> InterpreterTensor {
        let shape = try call.input(0).shape
        try call.checkedCount(of: shape)
        let result = Groups(of: shape, along: axes).map(try call.reals(0)) { values in
            let largest = values.reduce(-.infinity, larger)
            let exponentials = values.map { exp($0 - largest) }
            let sum = exponentials.reduce(0, +)
            return exponentials.map { $0 / sum }
        }
        return try InterpreterTensor(shape: shape, real: result)
    }

    /// (x − mean) / √(variance + epsilon) · scale + bias, over the axes from `axis` on. The optional outputs are the
    /// mean and 1 / √(variance + epsilon), with those axes as size 1.
    private static func layerNormalization(_ call: Call) throws -> [InterpreterTensor] {
        let input = try call.input(0)
        let axis = try Shapes.resolve(axis: call.int("axis") ?? -1, rank: input.rank)
        let epsilon = try call.float("epsilon") ?? Double(Float(1e-5))
        // The type of the intermediate values; all are Double here.
        let stash = try call.int("stash_type") ?? 1
        try require(stash == 1, .unsupportedAttributeValue("stash_type", value: "\(stash)", expected: "1"))

        try call.checkedCount(of: input.shape)
        let groups = Groups(of: input.shape, along: Set(axis..<input.rank))
        let values = try call.reals(0)
        let means = groups.reduce(values) { $0.reduce(0, +) / Double($0.count) }
        let centred = groups.map(values) { group in
            let mean = group.reduce(0, +) / Double(group.count)
            return group.map { $0 - mean }
        }
        let inverseDeviations = groups.reduce(centred) { group in
            1 / (group.reduce(0) { $0 + $1 * $1 } / Double(group.count) + epsilon).squareRoot()
        }

        let groupShape = Array(input.shape[..<axis]) + Array(repeating: 1, count: input.rank - axis)
        let scale = try affineParameter(1, of: call, normalizing: input.shape)
        let factors = try call.broadcast(inverseDeviations, of: groupShape, to: input.shape)
        var result = centred.indices.map { centred[$0] * factors[$0] * scale[$0] }
        if call.optionalInput(2) != nil {
            let bias = try affineParameter(2, of: call, normalizing: input.shape)
            result = result.indices.map { result[$0] + bias[$0] }
        }
        return [
            try InterpreterTensor(shape: input.shape, real: result),
            try InterpreterTensor(shape: groupShape, real: means),
            try InterpreterTensor(shape: groupShape, real: inverseDeviations),
        ]
    }

    /// Scale or bias, repeated to the shape of the values that it applies to.
    private static func affineParameter(
        _ index: Int, of call: Call, normalizing shape: [Int]
    ) throws -> [Double] {
        let own = try call.input(index).shape
        guard try Shapes.broadcast(own, shape) == shape else {
            throw InterpreterError(.wrongShape(input: index, found: own, expected: "one that broadcasts to \(shape)"))
        }
        return try call.broadcast(call.reals(index), of: own, to: shape)
    }
}
