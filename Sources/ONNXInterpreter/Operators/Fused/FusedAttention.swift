/// ONNX Runtime's attention, without caches and without masks other than an addend for the scores.
extension Operators {
    static let fusedAttention = [
        Operator(
            runtime: "Attention", inputs: 2...7,
            attributes: [
                "do_rotary", "mask_filter_value", "num_heads", "past_present_share_buffer", "qkv_hidden_sizes",
                "rotary_embedding_dim", "scale", "unidirectional",
            ], evaluate: attentionOfProjections),
        Operator(
            runtime: "MultiHeadAttention", inputs: 3...10,
            attributes: ["mask_filter_value", "num_heads", "scale", "unidirectional"], evaluate: multiHeadAttention),
    ]

    /// Attention: the first input, [batch, length, size], times the weight plus the bias is queries, keys and values side
    /// by side, of one size or of those in `qkv_hidden_sizes`; then as MultiHeadAttention.
    private static func attentionOfProjections(_ call: Call) throws -> InterpreterTensor {
        try refuse([(3, "mask_index"), (4, "past"), (6, "past_sequence_length")], call)
        for name in ["do_rotary", "past_present_share_buffer", "rotary_embedding_dim"] {
            try call.requireAttribute(name, is: 0)
        }
        let (input, weight) = (try call.input(0).shape, try call.input(1).shape)
        try require(input.count == 3, .wrongShape(input: 0, found: input, expected: "[batch, length, size]"))
        try require(weight.count == 2, .wrongShape(input: 1, found: weight, expected: "a matrix"))
        let total = weight[1]
        let sizes = try call.ints("qkv_hidden_sizes") ?? Array(repeating: total / 3, count: 3)
        guard sizes.count == 3, sizes.allSatisfy({ $0 > 0 }), sizes[0] < total, sizes[1] < total - sizes[0],
            sizes[2] == total - sizes[0] - sizes[1]
        else {
            throw InterpreterError(
                .wrongShape(input: 1, found: weight, expected: "columns of queries, keys and values: \(sizes)"))
        }
        let product = try matrixProduct(call.reals(0), of: input, call.reals(1), of: weight, call)
        var values = product.reals ?? []
        if call.optionalInput(2) != nil {
            values = zip(values, try affineParameter(2, of: call, normalizing: product.shape)).map { $0 + $1 }
        }

        let heads = try headCount(call)
        func part(_ columns: Range<Int>) throws -> HeadTensor {
            try HeadTensor(
                values, of: product.shape, columns: columns, heads: heads, attribute: "num_heads", input: 0)
        }
        let (keysEnd, queriesEnd) = (sizes[0] + sizes[1], sizes[0])
        return try HeadTensor.attention(
            part(0..<queriesEnd), part(queriesEnd..<keysEnd), part(keysEnd..<total), scale: scale(call),
            mask: call.optionalInput(5), call
        ).packed()
    }

    /// MultiHeadAttention: softmax(scale · Q · Kᵀ + addend) · V for each of `num_heads` heads side by side in the last
    /// axis, after the bias, if it is given, has been added to Q, K and V in turn. Keys and values may have four axes,
    /// [batch, heads, length, size], and no bias then.
    private static func multiHeadAttention(_ call: Call) throws -> InterpreterTensor {
        try refuse(
            [
                (4, "key_padding_mask"), (6, "past_key"), (7, "past_value"), (8, "past_sequence_length"),
                (9, "cache_indirection"),
            ], call)
        let heads = try headCount(call)
        let widths = try (0..<3).map { index in
            let shape = try call.input(index).shape
            try require(
                shape.count == 3 || (index > 0 && shape.count == 4 && call.optionalInput(3) == nil),
                .wrongShape(input: index, found: shape, expected: "[batch, length, heads · size]"))
            return shape.count == 3 ? shape[2] : 0
        }
        var start = 0
        let parts = try widths.enumerated().map { index, width in
            guard let bias = call.optionalInput(3) else {
                return try HeadTensor(index, heads: heads, attribute: "num_heads", call)
            }
            let end = try whole(start.addingReportingOverflow(width))
            let values = try call.reals(3)
            try require(
                bias.rank == 1 && end <= values.count,
                .wrongShape(input: 3, found: bias.shape, expected: "one for each column of inputs 0 to 2: \(widths)"))
            defer { start = end }
            let shape = try call.input(index).shape
            let biases = try call.broadcast(Array(values[start..<end]), of: [width], to: shape)
            let sums = zip(try call.reals(index), biases).map { $0 + $1 }
            return try HeadTensor(
                sums, of: shape, columns: 0..<width, heads: heads, attribute: "num_heads", input: index)
        }
        return try HeadTensor.attention(
            parts[0], parts[1], parts[2], scale: scale(call), mask: call.optionalInput(5), call
        ).packed()
    }

    private static func refuse(_ inputs: [(Int, String)], _ call: Call) throws {
        for (index, name) in inputs where call.optionalInput(index) != nil {
            throw InterpreterError(.unsupportedInput(index, what: name))
        }
        try call.requireAttribute("unidirectional", is: 0)
    }

    private static func headCount(_ call: Call) throws -> Int {
        guard let count = try call.int("num_heads") else { throw InterpreterError(.missingAttribute("num_heads")) }
        return count
    }

    /// Nil, as a scale of 0, stands for the usual one.
    private static func scale(_ call: Call) throws -> Double? {
        try call.float("scale").flatMap { $0 == 0 ? nil : $0 }
    }
}
