import Foundation

extension Operators {
    static let normalizations =
        normalization("Softmax", softmax) + normalization("LogSoftmax", logSoftmax) + [
            // ONNX Runtime writes the first two into models of any operator set.
            Operator(
                "LayerNormalization", since: 1, inputs: 2...3, outputs: 1...3,
                attributes: ["axis", "epsilon", "stash_type"], evaluate: layerNormalization),
            Operator(
                "SimplifiedLayerNormalization", since: 1, inputs: 2...2, outputs: 1...2,
                attributes: ["axis", "epsilon", "stash_type"], evaluate: rootMeanSquareNormalization),
            Operator(
                "RMSNormalization", since: 23, inputs: 2...2, outputs: 1...1,
                attributes: ["axis", "epsilon", "stash_type"], evaluate: rootMeanSquareNormalization),
        ]

    /// Both forms of an operator that makes a list of a list.
    private static func normalization(
        _ name: String, _ body: @escaping @Sendable ([Double]) -> [Double]
    ) -> [Operator] {
        [
            Operator(name, since: 11, inputs: 1...1, attributes: ["axis"]) {
                // All axes from `axis` on are taken as one.
                let rank = try $0.input(0).rank
                let axis = try Shapes.resolve(axis: $0.int("axis") ?? 1, rank: rank)
                return try normalize($0, along: Set(axis..<rank), body)
            },
            Operator(name, since: 13, inputs: 1...1, attributes: ["axis"]) {
                let axis = try Shapes.resolve(axis: $0.int("axis") ?? -1, rank: $0.input(0).rank)
                return try normalize($0, along: [axis], body)
            },
        ]
    }

    private static func normalize(
        _ call: Call, along axes: Set<Int>, _ body: ([Double]) -> [Double]
    ) throws -> InterpreterTensor {
        let shape = try call.input(0).shape
        try call.checkedCount(of: shape)
        return try InterpreterTensor(shape: shape, real: Groups(of: shape, along: axes).map(call.reals(0), body))
    }

    @Sendable static func softmax(_ values: [Double]) -> [Double] {
        let largest = values.reduce(-.infinity, larger)
        let exponentials = values.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }

    @Sendable private static func logSoftmax(_ values: [Double]) -> [Double] {
        let largest = values.reduce(-.infinity, larger)
        let logarithm = log(values.reduce(0) { $0 + exp($1 - largest) })
        return values.map { $0 - largest - logarithm }
    }

    /// (x − mean) / √(variance + epsilon) · scale + bias, over the axes from `axis` on. The optional outputs are the
    /// mean and 1 / √(variance + epsilon), with those axes as size 1.
    private static func layerNormalization(_ call: Call) throws -> [InterpreterTensor] {
        let input = try call.input(0)
        let axis = try Shapes.resolve(axis: call.int("axis") ?? -1, rank: input.rank)
        try call.requireAttribute("stash_type", is: 1)
        return try normalized(
            call.reals(0), of: input.shape, from: axis, centring: true, scale: 1,
            bias: call.optionalInput(2) == nil ? nil : 2, call)
    }

    /// x / √(mean of squares + epsilon) · scale, over the axes from `axis` on. The optional output is
    /// 1 / √(mean of squares + epsilon), with those axes as size 1.
    private static func rootMeanSquareNormalization(_ call: Call) throws -> [InterpreterTensor] {
        let input = try call.input(0)
        let axis = try Shapes.resolve(axis: call.int("axis") ?? -1, rank: input.rank)
        try call.requireAttribute("stash_type", is: 1)
        let results = try normalized(
            call.reals(0), of: input.shape, from: axis, centring: false, scale: 1, bias: nil, call)
        return [results[0], results[2]]
    }

    /// Values minus their mean, where they are centred, divided by the root of their mean square plus `epsilon`, times
    /// `scale`, plus `bias`, over the axes from `axis` on. `scale` and `bias` are inputs.
    ///
    /// Returns the result, the means (0 without centring) and the inverse roots, these with the axes as size 1.
    static func normalized(
        _ values: [Double], of shape: [Int], from axis: Int, centring: Bool, scale: Int, bias: Int?,
        standardEpsilon: Float = 1e-5, _ call: Call
    ) throws -> [InterpreterTensor] {
        let epsilon = try call.float("epsilon") ?? Double(standardEpsilon)
        try call.checkedCount(of: shape)
        let groups = Groups(of: shape, along: Set(axis..<shape.count))
        let means = groups.reduce(values) { centring ? $0.reduce(0, +) / Double($0.count) : 0 }
        let groupShape = Array(shape[..<axis]) + Array(repeating: 1, count: shape.count - axis)
        let allMeans = try call.broadcast(means, of: groupShape, to: shape)
        let centred = zip(values, allMeans).map { $0 - $1 }
        let inverseDeviations = groups.reduce(centred) { group in
            1 / (group.reduce(0) { $0 + $1 * $1 } / Double(group.count) + epsilon).squareRoot()
        }

        let scales = try affineParameter(scale, of: call, normalizing: shape)
        let factors = try call.broadcast(inverseDeviations, of: groupShape, to: shape)
        var result = centred.indices.map { centred[$0] * factors[$0] * scales[$0] }
        if let bias {
            let biases = try affineParameter(bias, of: call, normalizing: shape)
            result = result.indices.map { result[$0] + biases[$0] }
        }
        return [
            try InterpreterTensor(shape: shape, real: result),
            try InterpreterTensor(shape: groupShape, real: means),
            try InterpreterTensor(shape: groupShape, real: inverseDeviations),
        ]
    }

    /// An input such as a scale or a bias, repeated to the shape of the values that it applies to.
    static func affineParameter(
        _ index: Int, of call: Call, normalizing shape: [Int]
    ) throws -> [Double] {
        let own = try call.input(index).shape
        guard try Shapes.broadcast(own, shape) == shape else {
            throw InterpreterError(.wrongShape(input: index, found: own, expected: "one that broadcasts to \(shape)"))
        }
        return try call.broadcast(call.reals(index), of: own, to: shape)
    }
}
