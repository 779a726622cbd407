import Foundation

/// Attention of the standard, without caches.
extension Operators {
    static let attention = [
        Operator("Attention", since: 23, inputs: 3...6, attributes: attentionAttributes, evaluate: attend),
        Operator("Attention", since: 24, inputs: 3...7, attributes: attentionAttributes, evaluate: attend),
        Operator(
            "Attention", since: 25, inputs: 3...7,
            attributes: attentionAttributes.union(["left_window_size", "right_window_size"]), evaluate: attend),
    ]

    private static let attentionAttributes: Set = [
        "is_causal", "kv_num_heads", "q_num_heads", "qk_matmul_output_mode", "scale", "softcap", "softmax_precision",
    ]

    /// Attention: softmax(scale · Q · Kᵀ + mask) · V for each head. Q, K and V are [batch, heads, length, size], or
    /// [batch, length, heads · size] with the numbers of heads as attributes, and so is the result. Where K and V have
    /// fewer heads, each serves as many heads of Q in turn. A mask is real or says which keys take part.
    private static func attend(_ call: Call) throws -> InterpreterTensor {
        for (index, name) in [(4, "past_key"), (5, "past_value"), (6, "nonpad_kv_seqlen")]
        where call.optionalInput(index) != nil {
            throw InterpreterError(.unsupportedInput(index, what: name))
        }
        for name in ["is_causal", "qk_matmul_output_mode"] { try call.requireAttribute(name, is: 0) }
        for name in ["left_window_size", "right_window_size"] { try call.requireAttribute(name, is: -1) }
        let cap = try call.float("softcap") ?? 0
        try require(cap == 0, .unsupportedAttributeValue("softcap", value: "\(cap)", expected: "0"))

        let queryHeads = try call.int("q_num_heads")
        let keyHeads = try call.int("kv_num_heads")
        let query = try HeadTensor(0, heads: queryHeads, attribute: "q_num_heads", call)
        let key = try HeadTensor(1, heads: keyHeads, attribute: "kv_num_heads", call)
        let value = try HeadTensor(2, heads: keyHeads, attribute: "kv_num_heads", call)
        let result = try HeadTensor.attention(
            query, key, value, scale: call.float("scale"), mask: mask(3, call), call)
        return try call.input(0).rank == 4 ? result.tensor() : result.packed()
    }

    /// What an input adds to the scores: a mask of booleans takes out the keys where it is false.
    private static func mask(_ index: Int, _ call: Call) throws -> InterpreterTensor? {
        guard let input = call.optionalInput(index), case .boolean(let values) = input.elements else {
            return call.optionalInput(index)
        }
        return try InterpreterTensor(shape: input.shape, real: values.map { $0 ? 0 : -.infinity })
    }
}

/// Queries, keys or values: [batch, heads, length, size].
struct HeadTensor {
    let values: [Double]
    let batch: Int
    let heads: Int
    let length: Int
    let size: Int
    /// The input that they are from, for messages.
    let input: Int

    private var shape: [Int] { [batch, heads, length, size] }

    /// The values of an input of four axes, or of three where `heads` says how many the last one has.
    init(_ index: Int, heads: Int?, attribute: String, _ call: Call) throws {
        let shape = try call.input(index).shape
        let values = try call.reals(index)
        if shape.count == 4 {
            self.init(values, batch: shape[0], heads: shape[1], length: shape[2], size: shape[3], input: index)
            return
        }
        try require(
            shape.count == 3, .wrongShape(input: index, found: shape, expected: "[batch, length, heads · size]"))
        guard let heads else { throw InterpreterError(.missingAttribute(attribute)) }
        try self.init(
            values, of: shape, columns: 0..<shape[2], heads: heads, attribute: attribute, input: index)
    }

    /// Some columns of [batch, length, columns], which are the heads side by side.
    init(
        _ values: [Double], of shape: [Int], columns: Range<Int>, heads: Int, attribute: String, input: Int
    ) throws {
        guard heads > 0, columns.count % heads == 0 else {
            throw InterpreterError(
                .unsupportedAttributeValue(
                    attribute, value: "\(heads)", expected: "a divisor of \(columns.count) columns"))
        }
        let size = columns.count / heads
        let strides = Shapes.strides(of: shape)
        var selection = Selection(
            shape: [shape[0], heads, shape[1], size], strides: [strides[0], size, strides[1], 1])
        selection.axes[3] = .regular(first: columns.lowerBound, step: 1, count: size)
        self.init(
            selection.pick(from: values), batch: shape[0], heads: heads, length: shape[1], size: size, input: input)
    }

    private init(_ values: [Double], batch: Int, heads: Int, length: Int, size: Int, input: Int) {
        self.values = values
        self.batch = batch
        self.heads = heads
        self.length = length
        self.size = size
        self.input = input
    }

    func tensor() throws -> InterpreterTensor { try InterpreterTensor(shape: shape, real: values) }

    /// [batch, length, heads · size]
    func packed() throws -> InterpreterTensor {
        let strides = Shapes.strides(of: shape)
        let selection = Selection(
            shape: [batch, length, heads, size], strides: [strides[0], strides[2], strides[1], strides[3]])
        return try InterpreterTensor(shape: [batch, length, heads * size], real: selection.pick(from: values))
    }

    /// softmax(scale · query · keyᵀ + mask) · value for each head. The scale is 1 / √size where it is not given; the mask
    /// broadcasts to [batch, heads, queries, keys].
    static func attention(
        _ query: Self, _ key: Self, _ value: Self, scale: Double?, mask: InterpreterTensor?, _ call: Call
    ) throws -> Self {
        let expectedKey = [query.batch, key.heads, key.length, query.size]
        guard key.shape == expectedKey, key.heads > 0, query.heads % key.heads == 0 else {
            throw InterpreterError(
                .wrongShape(
                    input: key.input, found: key.shape,
                    expected: "\(expectedKey), with a number of heads that divides \(query.heads)"))
        }
        let expectedValue = [key.batch, key.heads, key.length, value.size]
        try require(
            value.shape == expectedValue,
            .wrongShape(input: value.input, found: value.shape, expected: "\(expectedValue)"))
        let scoresShape = [query.batch, query.heads, query.length, key.length]
        let addends = try mask.map { mask in
            guard try Shapes.broadcast(mask.shape, scoresShape) == scoresShape, let values = mask.reals else {
                throw InterpreterError(
                    .invalidValue("the mask's shape", value: "\(mask.shape)", expected: "one for \(scoresShape)"))
            }
            return try call.broadcast(values, of: mask.shape, to: scoresShape)
        }

        let scale = scale ?? 1 / Double(query.size).squareRoot()
        let (rows, columns) = (query.length, key.length)
        var result = [Double](
            repeating: 0, count: try call.checkedCount(of: [query.batch, query.heads, rows, value.size]))
        let scoreCount = try call.checkedCount(of: [rows, columns])
        for head in 0..<(result.isEmpty ? 0 : query.batch * query.heads) {
            let keyHead = head / query.heads * key.heads + head % query.heads / (query.heads / key.heads)
            var scores =
                addends.map { Array($0[head * scoreCount..<(head + 1) * scoreCount]) }
                ?? [Double](repeating: 0, count: scoreCount)
            addProduct(
                Matrix(query.values, from: head * rows * query.size, rows: rows, columns: query.size),
                Matrix(
                    key.values, from: keyHead * columns * key.size, rows: columns, columns: key.size, transposed: true),
                scaledBy: scale, to: &scores)
            let weights = Groups(of: [rows, columns], along: [1]).map(scores, Operators.softmax)
            addProduct(
                Matrix(weights, rows: rows, columns: columns),
                Matrix(value.values, from: keyHead * columns * value.size, rows: columns, columns: value.size),
                to: &result, at: head * rows * value.size)
        }
        return Self(
            result, batch: query.batch, heads: query.heads, length: rows, size: value.size, input: query.input)
    }
}
