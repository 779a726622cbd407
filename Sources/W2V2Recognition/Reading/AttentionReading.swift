import ONNXLoader

/// Multi-head self-attention: softmax(q · kᵀ / √head size) · v for each head, heads side by side, and a Linear.
///
/// Which projection is which follows from its part in the products, not from names: the scores' rows are the queries,
/// their columns the keys, and the values are what the softmax weighs. The split into heads is proved from the shapes
/// and the order of axes, however the graph writes it.
extension ArchitectureReader {
    /// A projection on its way to the product that reads it.
    private struct Branch {
        var linear: FusedNode
        var parameters: LinearParameters
        /// The scalings and rearrangements between.
        var steps: [FusedNode] = []
        var scale = 1.0
        var view: AxisView
        var value: String
        var product: FusedNode
        /// The last scaling.
        var scaling: FusedNode? {
            steps.last { if case .scale = $0.operation { true } else { false } }
        }
    }

    /// Takes attention over `input`, the normalised state `[1, frames, hidden]`, with as many heads as the layers
    /// before have (nil in the first).
    mutating func attention(
        _ input: String, hiddenSize: Int, heads expectedHeads: Int?, in module: String
    ) throws -> (heads: Int, output: String) {
        let branches = try projections(input, hiddenSize: hiddenSize, in: module)
        let (query, key, value) = try roles(of: branches, in: module)
        let source = try shape(of: query.linear.output)
        let heads = try headCount(of: query, hiddenSize: hiddenSize, in: "\(module).q_proj")
        guard expectedHeads.map({ $0 == heads }) ?? true else {
            throw misfit(
                query.product, in: module, "\(heads) heads",
                expected: "\(expectedHeads ?? heads), as in the layers before")
        }
        let parts = HeadParts(frames: source[1], heads: heads, headSize: hiddenSize / heads)
        try check(query, is: [parts.frame, parts.channel], after: parts.head, in: "\(module).q_proj")
        try check(key, is: [parts.channel, parts.frame], after: parts.head, in: "\(module).k_proj")
        try check(value, is: [parts.frame, parts.channel], after: parts.head, in: "\(module).v_proj")
        for other in [key, value] where other.view.axes.dropLast(2) != query.view.axes.dropLast(2) {
            throw misfit(
                other.product, in: module, "heads on different axes", expected: "each head's queries meet its own keys")
        }
        try claim(query.product, as: "Scores", in: module)
        let weights = try attentionWeights(of: query, key, headSize: hiddenSize / heads, in: module)
        let context = try context(of: value, weights: weights, in: module)
        for (branch, name) in [(query, "q_proj"), (key, "k_proj"), (value, "v_proj")] {
            try claim(branch.linear, in: "\(module).\(name)")
            keep(branch.parameters, as: "\(module).\(name)")
            for step in branch.steps {
                try claim(step, as: step.isRearrangement ? "Rearrangement" : nil, in: "\(module).\(name)")
            }
        }
        let (_, output) = try linear(
            context, inputSize: hiddenSize, outputSize: hiddenSize, in: "\(module).out_proj")
        return (heads, output)
    }

    /// The factors of a view of `[1, frames, hidden]` that is split into heads.
    private struct HeadParts {
        var head: [AxisView.Factor]
        var frame: [AxisView.Factor]
        var channel: [AxisView.Factor]

        init(frames: Extent, heads: Int, headSize: Int) {
            head = heads == 1 ? [] : [.init(axis: 2, extent: .fixed(heads), stride: headSize)]
            frame = [.init(axis: 1, extent: frames, stride: 1)]
            channel = headSize == 1 ? [] : [.init(axis: 2, extent: .fixed(headSize), stride: 1)]
        }
    }

    /// The three Linear layers that read the normalised state, each followed to the product that reads it.
    private func projections(_ input: String, hiddenSize: Int, in module: String) throws -> [Branch] {
        let expected = "three Linear layers (query, key, value) of the normalised state"
        let readers = graph.readers(of: input)
        var branches: [Branch] = []
        for reader in readers {
            guard let parameters = reader.operation.asLinear else {
                throw misfit(reader, in: module, expected: expected)
            }
            try check(parameters, of: reader, inputSize: hiddenSize, outputSize: hiddenSize, in: module)
            branches.append(try follow(reader, parameters, in: module))
        }
        guard branches.count == 3, !graph.outputs.contains(input) else {
            throw RecognitionError(
                node: (readers.first ?? graph.producer(of: input))?.label, module: module,
                found: "\(readers.count) layers read the normalised state", expected: expected)
        }
        return branches
    }

    private func follow(_ linear: FusedNode, _ parameters: LinearParameters, in module: String) throws -> Branch {
        var branch = Branch(
            linear: linear, parameters: parameters, view: AxisView(of: try shape(of: linear.output)),
            value: linear.output, product: linear)
        while true {
            let readers = graph.readers(of: branch.value)
            guard readers.count == 1, let node = readers.first, !graph.outputs.contains(branch.value) else {
                throw misfit(
                    readers.last ?? branch.steps.last ?? linear, in: module, "\(readers.count) readers of a projection",
                    expected: "one")
            }
            switch node.operation {
            case .product:
                branch.product = node
                return branch
            case .scale(let factor):
                branch.scale *= factor
            case .transpose, .reshape:
                guard let view = try rearranged(branch.view, by: node) else {
                    throw misfit(
                        node, in: module, "elements that mix axes",
                        expected: "the channels split into heads, frames kept whole")
                }
                branch.view = view
            default:
                throw misfit(
                    node, in: module,
                    expected: "scaling, the split into heads, or attention's product after a projection")
            }
            branch.steps.append(node)
            branch.value = node.output
        }
    }

    /// Tells query, key and value apart by their part in the products.
    private func roles(of branches: [Branch], in module: String) throws -> (query: Branch, key: Branch, value: Branch) {
        for value in branches.indices {
            let others = branches.indices.filter { $0 != value }.map { branches[$0] }
            let scores = others[0].product
            guard others[1].product.nodes == scores.nodes, branches[value].product.nodes != scores.nodes else {
                continue
            }
            guard let query = others.first(where: { $0.value == scores.inputs.first }),
                let key = others.first(where: { $0.value == scores.inputs.last })
            else { break }
            return (query, key, branches[value])
        }
        throw misfit(
            branches[0].product, in: module, "projections that do not meet as query, key and value",
            expected: "a product of two of them, and one of its softmax with the third")
    }

    private func headCount(of query: Branch, hiddenSize: Int, in module: String) throws -> Int {
        let head = AxisView.joined(query.view.axes.dropLast(2))
        let node = query.steps.last ?? query.linear
        switch (head.count, head.first?.extent.constant) {
        case (0, _): return 1
        case (1, let heads?) where heads >= 1 && hiddenSize.isMultiple(of: heads): return heads
        default:
            throw misfit(node, in: module, "no split into heads", expected: "channels split into heads of equal size")
        }
    }

    private func check(
        _ branch: Branch, is last: [[AxisView.Factor]], after head: [AxisView.Factor], in module: String
    ) throws {
        let axes = branch.view.axes
        guard axes.count >= 2, AxisView.joined(axes.dropLast(2)) == head, Array(axes.suffix(2)) == last else {
            throw misfit(
                branch.steps.first { $0.isRearrangement } ?? branch.linear, in: module,
                "a split into heads with axes in another order or of another size",
                expected: "[heads, \(last[0].first?.axis == 1 ? "frames, head size" : "head size, frames")]")
        }
    }

    /// Takes the softmax over the keys, and checks how the scores are scaled.
    private mutating func attentionWeights(
        of query: Branch, _ key: Branch, headSize: Int, in module: String
    ) throws -> FusedNode {
        var scale = query.scale * key.scale
        var scaling = query.scaling ?? key.scaling
        var scores = query.product.output
        while let reader = graph.readers(of: scores).first, case .scale(let factor) = reader.operation {
            let (node, _) = try take(after: scores, in: module, expecting: "the scores' scale") { operation -> Void? in
                if case .scale = operation { () } else { nil }
            }
            scale *= factor
            scaling = node
            scores = node.output
        }
        let (node, axis) = try take(after: scores, in: module, expecting: "softmax over the scores") {
            operation -> Int? in
            if case .softmax(let axis) = operation { axis } else { nil }
        }
        let expected = 1 / Double(headSize).squareRoot()
        guard scale.isClose(to: expected) else {
            throw misfit(
                scaling ?? node, in: module, scaling == nil ? "scores without a scale" : "scores scaled by \(scale)",
                expected: "scores scaled by 1/√\(headSize) = \(expected)")
        }
        let rank = try shape(of: node.output).count
        guard axis == rank - 1 else {
            throw misfit(
                node, in: module, "softmax over axis \(axis) of \(rank)",
                expected: "softmax over the last axis (the keys)")
        }
        return node
    }

    /// Takes the product of the attention weights and the values, and what puts the heads side by side.
    private mutating func context(of value: Branch, weights: FusedNode, in module: String) throws -> String {
        guard value.scale == 1, value.scaling == nil else {
            throw misfit(value.scaling ?? value.linear, in: module, "scaled values", expected: "values as projected")
        }
        let (product, _) = try take(
            after: weights.output, in: module, expecting: "the product of weights and values", as: "Context"
        ) { operation -> Void? in if case .product = operation { () } else { nil } }
        guard product.nodes == value.product.nodes, product.inputs == [weights.output, value.value] else {
            throw misfit(product, in: module, "another product", expected: "attention weights · values")
        }
        let axes = AxisView(of: try shape(of: product.output)).axes
        guard axes.count >= 2 else { throw misfit(product, in: module, expected: "[heads, frames, head size]") }
        let merged = AxisView(axes: [
            [], axes[axes.count - 2], AxisView.joined(axes.dropLast(2) + [axes[axes.count - 1]]),
        ])
        return try rearrange(
            product.output, to: merged, in: module, expecting: "the heads side by side, [1, frames, hidden]")
    }
}
