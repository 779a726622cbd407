import Foundation
import ONNXLoader

/// Operators that are a whole attention, opened into what they are defined by: products, a scale and a softmax.
extension Lowering {
    /// Attention of operator set 23: softmax(Q · Kᵀ · scale) · V, on `[1, heads, frames, head size]`, or on `[1, frames,
    /// heads · head size]` with the numbers of heads as attributes.
    static func attention(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(3...6)
        try call.node.requireAttributes(
            among: [
                "is_causal", "kv_num_heads", "q_num_heads", "qk_matmul_output_mode", "scale", "softcap",
                "softmax_precision",
            ])
        guard try !call.node.flagAttribute("is_causal", default: false),
            try call.node.floatAttribute("softcap") ?? 0 == 0,
            call.inputs.dropFirst(4).allSatisfy({ $0 == nil }), try lowering.masksNothing(call, 3),
            call.node.outputs.dropFirst().allSatisfy(\.isEmpty)
        else { throw call.node.misfit("a mask, a cap or a cache", expected: "attention over all frames") }
        let parts = try (0..<3).map { index in
            let operand = try call.operand(index)
            guard operand.view.axes.count == 3 else { return operand }
            guard let heads = try call.node.integerAttribute(index == 0 ? "q_num_heads" : "kv_num_heads") else {
                throw call.node.misfit("no number of heads", expected: "q_num_heads and kv_num_heads")
            }
            return try operand.split(intoHeads: heads, of: call)
        }
        let context = try lowering.attention(
            parts[0], parts[1], parts[2], scale: try call.node.floatAttribute("scale"), of: call)
        let isSplit = try call.operand(0).view.axes.count == 4
        return [.signal(isSplit ? context : try context.joinedHeads(of: call))]
    }

    /// com.microsoft.MultiHeadAttention: query, key and value `[1, frames, hidden]`, with a bias for the three side by side.
    static func multiHeadAttention(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(3...8)
        try call.node.requireAttributes(among: ["num_heads", "scale", "mask_filter_value", "unidirectional"])
        guard try !call.node.flagAttribute("unidirectional", default: false),
            call.inputs.indices.allSatisfy({ $0 < 4 || call.inputs[$0] == nil }),
            call.node.outputs.dropFirst().allSatisfy(\.isEmpty)
        else { throw call.node.misfit("a mask or a cache", expected: "attention over all frames") }
        guard let heads = try call.node.integerAttribute("num_heads") else {
            throw call.node.misfit("no number of heads", expected: "num_heads")
        }
        let parts = try (0..<3).map { index in
            var operand = try call.operand(index)
            if call.hasInput(3) {
                let bias = try call.parameter(3)
                guard bias.shape.count == 1, bias.elementCount.isMultiple(of: 3) else {
                    throw call.node.misfit("a bias of shape \(bias.shape)", expected: "one for query, key and value")
                }
                let size = bias.elementCount / 3
                operand = try lowering.shifted(
                    operand, by: bias.selecting(index * size..<(index + 1) * size), of: call)
            }
            return try operand.split(intoHeads: heads, of: call)
        }
        let context = try lowering.attention(
            parts[0], parts[1], parts[2], scale: try call.node.floatAttribute("scale"), of: call)
        return [.signal(try context.joinedHeads(of: call))]
    }

    /// com.microsoft.Attention: the projections too, their weights side by side.
    static func packedAttention(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...7)
        try call.node.requireAttributes(
            among: [
                "num_heads", "scale", "mask_filter_value", "unidirectional", "do_rotary", "qkv_hidden_sizes",
                "past_present_share_buffer", "rotary_embedding_dim",
            ])
        guard try !call.node.flagAttribute("unidirectional", default: false),
            try !call.node.flagAttribute("do_rotary", default: false),
            call.inputs.indices.allSatisfy({ $0 < 3 || call.inputs[$0] == nil }),
            call.node.outputs.dropFirst().allSatisfy(\.isEmpty)
        else { throw call.node.misfit("a mask, a cache or rotations", expected: "attention over all frames") }
        guard let heads = try call.node.integerAttribute("num_heads") else {
            throw call.node.misfit("no number of heads", expected: "num_heads")
        }
        let (features, weight) = (try call.operand(0), try call.parameter(1))
        let bias = call.hasInput(2) ? try call.parameter(2) : nil
        let third = (weight.shape.last ?? 0) / 3
        let sizes = try call.node.integersAttribute("qkv_hidden_sizes") ?? [third, third, third]
        guard weight.shape.count == 2, sizes.count == 3, sizes.allSatisfy({ $0 >= 1 && $0 <= weight.shape[1] }),
            sizes.reduce(0, +) == weight.shape[1], bias.map({ $0.shape == [weight.shape[1]] }) ?? true
        else {
            throw call.node.misfit(
                "a weight of shape \(weight.shape) for \(sizes)", expected: "query, key and value side by side")
        }
        var start = 0
        let parts = try sizes.map { size in
            let range = start..<start + size
            start += size
            var part = try lowering.linear(features, by: weight.selecting(range), of: call)
            if let bias { part = try lowering.shifted(part, by: bias.selecting(range), of: call) }
            return try part.split(intoHeads: heads, of: call)
        }
        let context = try lowering.attention(
            parts[0], parts[1], parts[2], scale: try call.node.floatAttribute("scale"), of: call)
        return [.signal(try context.joinedHeads(of: call))]
    }

    /// softmax(q · kᵀ · scale) · v; without a scale, 1/√(head size).
    private mutating func attention(
        _ query: Operand, _ key: Operand, _ value: Operand, scale: Float?, of call: NodeCall
    ) throws -> Operand {
        guard query.view.axes.count == 4, key.view.axes.count == 4, value.view.axes.count == 4,
            let headSize = query.shape[3].constant, let transposed = key.view.transposed([0, 1, 3, 2])
        else {
            throw call.node.misfit(
                "query, key and value of shapes \(query.shape), \(key.shape) and \(value.shape)",
                expected: "[1, heads, frames, head size]")
        }
        var keys = key
        keys.view = transposed
        let given = scale.map { Double($0) } ?? 0
        let number = given == 0 ? 1 / Double(headSize).squareRoot() : given
        let scores = emit(
            elementwise: .scale(Scalar(number)), [try product(query, keys, of: call)], of: call)
        let weights = emit(elementwise: .softmax(axis: source(scores).shape.count - 1), [scores], of: call)
        return try product(weights, value, of: call)
    }

    /// Whether an attention mask, where there is one, adds nothing to any score.
    private func masksNothing(_ call: NodeCall, _ index: Int) throws -> Bool {
        guard call.hasInput(index) else { return true }
        switch try call.known(index).content {
        case .truth(let truth): return truth
        case .uniform(let number): return number == 0
        default: return false
        }
    }
}

extension Operand {
    /// `[1, frames, hidden]` as `[1, heads, frames, head size]`.
    fileprivate func split(intoHeads heads: Int, of call: NodeCall) throws -> Operand {
        guard view.axes.count == 3, let hidden = shape[2].constant, heads >= 1, hidden.isMultiple(of: heads),
            let count = ExtentProduct([.fixed(heads)]), let size = ExtentProduct([.fixed(hidden / heads)]),
            let view = view.reshaped(to: [shape[0], shape[1], count, size])?.transposed([0, 2, 1, 3])
        else {
            throw call.node.misfit("\(shape) in \(heads) heads", expected: "[1, frames, hidden] in heads of equal size")
        }
        var result = self
        result.view = view
        return result
    }

    /// `[1, heads, frames, head size]` as `[1, frames, hidden]`.
    fileprivate func joinedHeads(of call: NodeCall) throws -> Operand {
        guard view.axes.count == 4, let hidden = shape[1].multiplied(by: shape[3]),
            let view = view.transposed([0, 2, 1, 3])?.reshaped(to: [shape[0], shape[2], hidden])
        else { throw call.node.misfit("a context of shape \(shape)", expected: "[1, heads, frames, head size]") }
        var result = self
        result.view = view
        return result
    }
}
