/// ONNX Runtime's matrix products and convolutions together with what stood before or after them.
extension Operators {
    static let fusedProducts = [
        Operator(
            runtime: "FusedMatMul", inputs: 2...2,
            attributes: ["alpha", "transA", "transB", "transBatchA", "transBatchB"], evaluate: fusedMatrixProduct),
        Operator(
            runtime: "TransposeMatMul", inputs: 2...2, attributes: ["alpha", "transA", "transB"],
            evaluate: fusedMatrixProduct),
        Operator(
            runtime: "FusedGemm", inputs: 2...3,
            attributes: [
                "activation", "activation_alpha", "activation_beta", "activation_gamma", "alpha", "beta", "transA",
                "transB",
            ]
        ) { call in
            let parameters = try ["activation_alpha", "activation_beta", "activation_gamma"].map { try call.float($0) }
            return try activated(generalMatrixProduct(call), call, parameters: parameters)
        },
        Operator(
            runtime: "FusedConv", inputs: 2...4,
            attributes: convolutionAttributes.union(["activation", "activation_params"]), evaluate: fusedConvolution),
    ]

    /// FusedMatMul: alpha · MatMul of both inputs, each transposed first as its attributes say.
    private static func fusedMatrixProduct(_ call: Call) throws -> InterpreterTensor {
        let left = try transposed(0, batch: "transBatchA", matrix: "transA", call)
        let right = try transposed(1, batch: "transBatchB", matrix: "transB", call)
        return try matrixProduct(
            left.reals ?? [], of: left.shape, right.reals ?? [], of: right.shape,
            scaledBy: call.float("alpha") ?? 1, call)
    }

    /// An input with the first axis moved to be the last but one, where the attribute `batch` says so, and then with the
    /// last two axes exchanged, where `matrix` does. A one-dimensional input stays as it is.
    private static func transposed(
        _ index: Int, batch: String, matrix: String, _ call: Call
    ) throws -> InterpreterTensor {
        let input = try call.input(index)
        _ = try call.reals(index)
        var order = Array(input.shape.indices)
        let (movesFirst, exchanges) = (
            try call.flag(batch, default: false), try call.flag(matrix, default: false)
        )
        guard input.rank > 1, movesFirst || exchanges else { return input }
        if movesFirst { order.insert(order.removeFirst(), at: order.count - 1) }
        if exchanges { order.swapAt(order.count - 1, order.count - 2) }
        let strides = Shapes.strides(of: input.shape)
        return try input.picked(
            by: Selection(shape: order.map { input.shape[$0] }, strides: order.map { strides[$0] }))
    }

    /// FusedConv: an activation of Conv plus the fourth input, where it is given, which has the result's shape.
    private static func fusedConvolution(_ call: Call) throws -> InterpreterTensor {
        var result = try convolution(call)
        if let addend = call.optionalInput(3), let values = result.reals {
            try require(
                addend.shape == result.shape, .wrongShape(input: 3, found: addend.shape, expected: "\(result.shape)"))
            result = try InterpreterTensor(shape: result.shape, real: zip(values, call.reals(3)).map { $0 + $1 })
        }
        return try activated(result, call, parameters: call.floats("activation_params") ?? [])
    }
}
