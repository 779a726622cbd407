import ONNXLoader

/// Multi-head self-attention: softmax(q · kᵀ / √head size) · v for each head, heads side by side, and a Linear.
///
/// Which projection is which follows from its part in the products, not from names: the scores' rows are the queries,
/// their columns the keys, and the values are what the softmax weighs. The split into heads is proved from the views with
/// which the products read the projections, however the graph writes it.
extension ArchitectureReader {
    /// A projection on its way to the product that reads it.
    private struct Branch {
        let linear: Int
        let parameters: LinearParameters
        /// The scaling between, if there is one.
        var scaling: Int?
        var scale = Scalar.one
        /// What the product reads.
        var operand: Operand
        var product: Int
    }

    /// Takes attention over `input`, the normalised state `[1, frames, hidden]`, with as many heads as the layers
    /// before have (nil in the first).
    mutating func attention(
        _ input: Int, hiddenSize: Int, heads expectedHeads: Int?, in module: String
    ) throws -> (heads: Int, output: Int) {
        let branches = try projections(input, hiddenSize: hiddenSize, in: module)
        let (query, key, value) = try roles(of: branches, in: module)
        let heads = try headCount(of: query, hiddenSize: hiddenSize, in: "\(module).q_proj")
        guard expectedHeads.map({ $0 == heads }) ?? true else {
            throw misfit(
                query.product, in: module, "\(heads) heads",
                expected: "\(expectedHeads ?? heads), as in the layers before")
        }
        let parts = HeadParts(frames: shape(of: query.linear)[1], heads: heads, headSize: hiddenSize / heads)
        try check(query, is: [parts.frame, parts.channel], after: parts.head, in: "\(module).q_proj")
        try check(key, is: [parts.channel, parts.frame], after: parts.head, in: "\(module).k_proj")
        try check(value, is: [parts.frame, parts.channel], after: parts.head, in: "\(module).v_proj")
        for other in [key, value]
        where other.operand.view.axes.dropLast(2) != query.operand.view.axes.dropLast(2) {
            throw misfit(
                other.product, in: module, "heads on different axes", expected: "each head's queries meet its own keys")
        }
        for (branch, name) in [(query, "q_proj"), (key, "k_proj"), (value, "v_proj")] {
            try claim(branch.linear, in: "\(module).\(name)")
            try keep(branch.parameters, as: "\(module).\(name)")
            if let scaling = branch.scaling { try claim(scaling, in: "\(module).\(name)") }
            claimRearrangements(of: branch.operand, in: "\(module).\(name)")
        }
        try claim(query.product, as: "Scores", in: module)
        let weights = try attentionWeights(of: query, key, headSize: hiddenSize / heads, in: module)
        let context = try context(of: value, weights: weights, in: module)
        let (_, output) = try linear(context, inputSize: hiddenSize, outputSize: hiddenSize, in: "\(module).out_proj")
        return (heads, output)
    }

    /// The factors of a view of `[1, frames, hidden]` that is split into heads.
    private struct HeadParts {
        let head: [AxisView.Factor]
        let frame: [AxisView.Factor]
        let channel: [AxisView.Factor]

        init(frames: Extent, heads: Int, headSize: Int) {
            head = heads == 1 ? [] : [.init(axis: 2, extent: .fixed(heads), stride: headSize)]
            frame = frames == .one ? [] : [.init(axis: 1, extent: frames, stride: 1)]
            channel = headSize == 1 ? [] : [.init(axis: 2, extent: .fixed(headSize), stride: 1)]
        }
    }

    /// The three Linear layers that read the normalised state, each followed to the product that reads it.
    private func projections(_ input: Int, hiddenSize: Int, in module: String) throws -> [Branch] {
        let expected = "three Linear layers (query, key, value) of the normalised state"
        let readers = graph.readers(of: input)
        var branches: [Branch] = []
        for reader in readers {
            guard let parameters = graph[reader].kind.asLinear else {
                throw misfit(reader, in: module, expected: expected)
            }
            try check(parameters, at: reader, inputSize: hiddenSize, outputSize: hiddenSize, in: module)
            branches.append(try follow(reader, parameters, in: module))
        }
        guard branches.count == 3, !graph.isOutput(input) else {
            throw RecognitionError(
                node: graph.label(readers.first ?? input), module: module,
                found: "\(readers.count) layers read the normalised state", expected: expected)
        }
        return branches
    }

    private func follow(_ linear: Int, _ parameters: LinearParameters, in module: String) throws -> Branch {
        var current = linear
        var scaling: Int?
        var scale = Scalar.one
        while true {
            let readers = graph.readers(of: current)
            guard readers.count == 1, let reader = readers.first, !graph.isOutput(current) else {
                throw misfit(
                    readers.last ?? current, in: module, "\(readers.count) readers of a projection", expected: "one")
            }
            switch graph[reader].kind {
            case .product:
                guard let operand = graph[reader].inputs.first(where: { $0.source == current }) else {
                    throw misfit(reader, in: module, expected: "attention's product after a projection")
                }
                return Branch(
                    linear: linear, parameters: parameters, scaling: scaling, scale: scale, operand: operand,
                    product: reader)
            case .scale(let factor) where scaling == nil:
                (scaling, scale, current) = (reader, factor, reader)
            default:
                throw misfit(
                    reader, in: module,
                    expected: "scaling, the split into heads, or attention's product after a projection")
            }
        }
    }

    /// Tells query, key and value apart by their part in the products.
    private func roles(of branches: [Branch], in module: String) throws -> (query: Branch, key: Branch, value: Branch) {
        for value in branches.indices {
            let others = branches.indices.filter { $0 != value }.map { branches[$0] }
            let scores = others[0].product
            guard others[1].product == scores, branches[value].product != scores else { continue }
            guard let query = others.first(where: { $0.operand.source == graph[scores].inputs.first?.source }),
                let key = others.first(where: { $0.operand.source == graph[scores].inputs.last?.source })
            else { break }
            return (query, key, branches[value])
        }
        throw misfit(
            branches[0].product, in: module, "projections that do not meet as query, key and value",
            expected: "a product of two of them, and one of its softmax with the third")
    }

    private func headCount(of query: Branch, hiddenSize: Int, in module: String) throws -> Int {
        let head = AxisView.joined(query.operand.view.axes.dropLast(2))
        switch (head.count, head.first?.extent.constant) {
        case (0, _): return 1
        case (1, let heads?) where heads >= 1 && hiddenSize.isMultiple(of: heads): return heads
        default: throw splitMisfit(of: query, in: module, "no split into heads", expected: "heads of equal size")
        }
    }

    private func check(
        _ branch: Branch, is last: [[AxisView.Factor]], after head: [AxisView.Factor], in module: String
    ) throws {
        let axes = branch.operand.view.axes
        guard axes.count >= 2, AxisView.joined(axes.dropLast(2)) == head, Array(axes.suffix(2)) == last else {
            throw splitMisfit(
                of: branch, in: module, "a split into heads with axes in another order or of another size",
                expected: "[heads, \(last[0].first?.axis == 1 ? "frames, head size" : "head size, frames")]")
        }
    }

    private func splitMisfit(of branch: Branch, in module: String, _ found: String, expected: String)
        -> RecognitionError
    {
        let node =
            graph.rearrangements(of: branch.operand).first.map { graph.nodes[$0].label } ?? graph.label(branch.linear)
        return RecognitionError(node: node, module: module, found: found, expected: expected)
    }

    /// Takes the softmax over the keys, and checks how the scores are scaled.
    private mutating func attentionWeights(
        of query: Branch, _ key: Branch, headSize: Int, in module: String
    ) throws -> Int {
        var scale = query.scale * key.scale
        var scaling = query.scaling ?? key.scaling
        var scores = query.product
        if let reader = graph.readers(of: scores).first, graph[reader].kind.asScale != nil {
            let (index, factor) = try take(after: scores, in: module, expecting: "the scores' scale") { $0.asScale }
            (scale, scaling, scores) = (scale * factor, index, index)
        }
        let (index, axis) = try take(after: scores, in: module, expecting: "softmax over the scores") { kind -> Int? in
            if case .softmax(let axis) = kind { axis } else { nil }
        }
        let expected = 1 / Double(headSize).squareRoot()
        guard scale.isClose(to: expected) else {
            throw RecognitionError(
                node: graph.label(scaling ?? index), module: module,
                found: scaling == nil ? "scores without a scale" : "scores scaled by \(scale.value)",
                expected: "scores scaled by 1/√\(headSize) = \(expected)")
        }
        let rank = shape(of: index).count
        guard axis == rank - 1 else {
            throw misfit(
                index, in: module, "softmax over axis \(axis) of \(rank)",
                expected: "softmax over the last axis (the keys)")
        }
        return index
    }

    /// Takes the product of the attention weights and the values, and what puts the heads side by side.
    private mutating func context(of value: Branch, weights: Int, in module: String) throws -> Int {
        guard value.scaling == nil else {
            throw misfit(value.scaling ?? value.linear, in: module, "scaled values", expected: "values as projected")
        }
        let (product, _) = try take(
            after: weights, in: module, expecting: "the product of weights and values", as: "Context"
        ) { $0.asProduct }
        let rank = shape(of: weights).count
        let isWhole = graph[product].inputs.first?.view == AxisView(of: shape(of: weights))
        guard product == value.product, graph[product].inputs.first?.source == weights, isWhole,
            graph[product].inputs.last?.source == value.operand.source, rank >= 2
        else { throw misfit(product, in: module, "another product", expected: "attention weights · values") }
        let axes = AxisView(of: shape(of: product)).axes
        let merged = [[], axes[rank - 2], AxisView.joined(axes.dropLast(2) + [axes[rank - 1]])]
        guard let reader = graph.readers(of: product).first, case .rearrangement = graph[reader].kind else {
            // A single head is in its place already.
            guard axes.dropLast(2).allSatisfy(\.isEmpty) else {
                throw misfit(
                    graph.readers(of: product).first ?? product, in: module,
                    expected: "the heads side by side, [1, frames, hidden]")
            }
            return product
        }
        let (index, _) = try take(
            after: product, in: module, expecting: "the heads side by side, [1, frames, hidden]"
        ) { kind -> Void? in if case .rearrangement = kind { () } else { nil } }
        guard graph[index].inputs.first?.view.axes.filter({ !$0.isEmpty }) == merged.filter({ !$0.isEmpty }) else {
            let node = graph[index].inputs.first.flatMap { graph.rearrangements(of: $0).last }.map {
                graph.nodes[$0].label
            }
            throw RecognitionError(
                node: node ?? graph.label(product), module: module, found: "elements that mix axes",
                expected: "the heads side by side, [1, frames, hidden]")
        }
        return index
    }
}
