extension Operators {
    static let linearAlgebra = [
        Operator("MatMul", since: 9, inputs: 2...2, evaluate: matrixProduct),
        Operator(
            "Gemm", since: 11, inputs: 2...3, attributes: ["alpha", "beta", "transA", "transB"],
            evaluate: generalMatrixProduct),
    ]

    private static func matrixProduct(_ call: Call) throws -> InterpreterTensor {
        try matrixProduct(
            call.reals(0), of: call.input(0).shape, call.reals(1), of: call.input(1).shape, call)
    }

    /// MatMul, as numpy's matmul: the last two axes are matrices, the others broadcast. A one-dimensional input is a
    /// row on the left and a column on the right, and that axis is dropped from the result.
    static func matrixProduct(
        _ leftValues: [Double], of left: [Int], _ rightValues: [Double], of right: [Int], scaledBy factor: Double = 1,
        _ call: Call
    ) throws -> InterpreterTensor {
        try require(!left.isEmpty, .wrongShape(input: 0, found: left, expected: "a matrix"))
        try require(!right.isEmpty, .wrongShape(input: 1, found: right, expected: "a matrix"))
        let leftMatrix = left.count == 1 ? [1] + left : left  // [..., rows, inner]
        let rightMatrix = right.count == 1 ? right + [1] : right  // [..., inner, columns]
        let (rows, inner) = (leftMatrix[leftMatrix.count - 2], leftMatrix[leftMatrix.count - 1])
        let columns = rightMatrix[rightMatrix.count - 1]
        try require(
            rightMatrix[rightMatrix.count - 2] == inner,
            .wrongShape(input: 1, found: right, expected: "\(inner) rows, as input 0 of shape \(left) has columns"))

        let (leftBatch, rightBatch) = (Array(leftMatrix.dropLast(2)), Array(rightMatrix.dropLast(2)))
        let batch = try Shapes.broadcast(leftBatch, rightBatch)
        var shape = batch
        if left.count > 1 { shape.append(rows) }
        if right.count > 1 { shape.append(columns) }
        var result = [Double](repeating: 0, count: try call.checkedCount(of: shape))
        guard !result.isEmpty else { return try InterpreterTensor(shape: shape, real: result) }

        let lefts = Selection(broadcasting: leftBatch, to: batch, unit: rows * inner).places()
        let rights = Selection(broadcasting: rightBatch, to: batch, unit: inner * columns).places()
        for (index, (leftStart, rightStart)) in zip(lefts, rights).enumerated() {
            addProduct(
                Matrix(leftValues, from: leftStart, rows: rows, columns: inner),
                Matrix(rightValues, from: rightStart, rows: inner, columns: columns),
                scaledBy: factor, to: &result, at: index * rows * columns)
        }
        return try InterpreterTensor(shape: shape, real: result)
    }

    /// Gemm: alpha · A · B + beta · C, with A and B transposed first where `transA` and `transB` say so. C broadcasts
    /// to the product's shape and may be left out.
    static func generalMatrixProduct(_ call: Call) throws -> InterpreterTensor {
        func matrix(_ index: Int, transposed flag: String) throws -> Matrix {
            let shape = try call.input(index).shape
            try require(shape.count == 2, .wrongShape(input: index, found: shape, expected: "a matrix"))
            return Matrix(
                try call.reals(index), rows: shape[0], columns: shape[1],
                transposed: try call.flag(flag, default: false))
        }
        let left = try matrix(0, transposed: "transA")
        let right = try matrix(1, transposed: "transB")
        let alpha = try call.float("alpha") ?? 1
        let beta = try call.float("beta") ?? 1
        guard left.columns == right.rows else {
            throw InterpreterError(
                .wrongShape(
                    input: 1, found: try call.input(1).shape, expected: "\(left.columns) rows after transposing"))
        }

        let shape = [left.rows, right.columns]
        var result = [Double](repeating: 0, count: try call.checkedCount(of: shape))
        if let bias = call.optionalInput(2) {
            guard try Shapes.broadcast(bias.shape, shape) == shape else {
                throw InterpreterError(
                    .wrongShape(
                        input: 2, found: bias.shape, expected: "one that broadcasts to \(shape)"))
            }
            result = try call.broadcast(call.reals(2).map { beta * $0 }, of: bias.shape, to: shape)
        }
        addProduct(left, right, scaledBy: alpha, to: &result, at: 0)
        return try InterpreterTensor(shape: shape, real: result)
    }
}
