import Kernels

/// Self-attention over all frames, in several heads.
struct Attention: Sendable {
    let heads: Int
    let queryKeyValue: Linear  // [hidden, 3 · hidden]
    let output: Linear

    init(_ weights: Weights, _ architecture: Architecture) throws {
        let hidden = architecture.hiddenSize
        heads = architecture.attentionHeads
        queryKeyValue = try Linear(
            weights, sideBySide: ["q_proj", "k_proj", "v_proj"], input: hidden, output: hidden)
        output = try Linear(weights["out_proj"], input: hidden, output: hidden)
    }

    /// Queries and keys whose scores are held at once: few enough for the second cache. Memory grows with the number of
    /// frames, not with its square.
    static let queryBlock = 96
    static let keyBlock = 512

    /// residual += output(softmax(q · kᵀ / √headSize) · v) for each head; x and residual are `[frames, hidden]`.
    ///
    /// x is overwritten: once it is projected, what the heads gather takes its place.
    func callAsFunction(
        _ x: MutableMatrix, addingTo residual: MutableMatrix, workspace: Workspace, _ compute: Compute
    ) {
        let projected = workspace.queryKeyValue  // [frames, 3 · hidden]
        queryKeyValue(Matrix(x), into: projected, compute, as: .queryKeyValue)

        let context = x  // [frames, hidden]
        // A thread packs a head's keys and values for itself; the queries are divided only among many threads.
        let shares = min((2 * compute.team.count + heads - 1) / heads, (x.rows + Self.queryBlock - 1) / Self.queryBlock)
        compute.forEach(heads * shares, as: .attention) { task, compute in
            let (head, share) = task.quotientAndRemainder(dividingBy: shares)
            let queries = x.rows * share / shares..<x.rows * (share + 1) / shares
            let lane = workspace.lanes[compute.lane]
            if queryKeyValue.weight.format == .float32 {
                attend(Matrix(projected), head: head, queries: queries, into: context, lane, compute)
            } else {
                attendInWholeNumbers(Matrix(projected), head: head, queries: queries, into: context, lane, compute)
            }
        }
        output(Matrix(context), addingTo: residual, compute, as: .only(.attentionOutput))
    }

    /// Fills a head's columns of `context`, `[frames, hidden]`, for a range of queries.
    private func attend(
        _ projected: Matrix, head: Int, queries: Range<Int>, into context: MutableMatrix, _ lane: Workspace.Lane,
        _ compute: Compute
    ) {
        let (query, key, value) = split(projected, head: head)  // [frames, headSize]
        let (frames, headSize) = (query.rows, query.columns)
        let keys = MutablePanels(lane.keys, depth: headSize, columns: frames)
        let values = MutablePanels(lane.values, depth: frames, columns: headSize)
        compute.pack(key, scale: 1 / Float(headSize).squareRoot(), into: keys, value, into: values)

        for block in queries.blocks(of: Self.queryBlock) {
            let gathered = context[rows: block, columns: head * headSize..<(head + 1) * headSize]
            var softmax = RunningSoftmax(lane.softmax, rows: block.count)
            for seen in (0..<frames).blocks(of: Self.keyBlock) {
                let scores = MutableMatrix(lane.scores, rows: block.count, columns: seen.count)
                compute.multiply(query[rows: block], keys.panels[columns: seen], into: scores, as: .scores)
                compute.weigh(scores, softmax)
                compute.add(scores, values.panels[depth: seen], to: gathered, &softmax)
            }
            compute.finish(gathered, softmax)
        }
    }

    /// The same in whole numbers of 16 bits: queries and keys have a scale for each frame, values for each column, and
    /// weights one for all.
    private func attendInWholeNumbers(
        _ projected: Matrix, head: Int, queries: Range<Int>, into context: MutableMatrix, _ lane: Workspace.Lane,
        _ compute: Compute
    ) {
        let (query, key, value) = split(projected, head: head)  // [frames, headSize]
        let (frames, headSize) = (query.rows, query.columns)
        let keys = QuantizedPanels(lane.keys, depth: headSize, columns: frames)
        let values = QuantizedPanels(lane.values, depth: frames, columns: headSize)
        compute.pack(
            key, scale: 1 / Float(headSize).squareRoot(),
            by: QuantizedFrames(lane.quantized, .int16, frames: frames, columns: headSize), into: keys, value,
            into: values)

        for block in queries.blocks(of: Self.queryBlock) {
            let asked = compute.quantized(query[rows: block], .int16, in: lane.quantized, as: .scores)
            let gathered = context[rows: block, columns: head * headSize..<(head + 1) * headSize]
            var softmax = RunningSoftmax(lane.softmax, rows: block.count)
            for seen in (0..<frames).blocks(of: Self.keyBlock) {
                let scores = MutableMatrix(lane.scores, rows: block.count, columns: seen.count)
                compute.multiply(asked.rows, keys.panels[columns: seen], into: scores, as: .scores)
                let weights = QuantizedFrames(lane.weights, .int16, frames: block.count, columns: seen.count)
                compute.weigh(scores, into: weights, softmax)
                compute.add(weights, values.panels[depth: seen], to: gathered, &softmax)
            }
            compute.finish(gathered, softmax)
        }
    }

    /// A head's queries, keys and values, each `[frames, headSize]`, of the projections, `[frames, 3 · hidden]`.
    private func split(_ projected: Matrix, head: Int) -> (query: Matrix, key: Matrix, value: Matrix) {
        let hidden = projected.columns / 3
        let headSize = hidden / heads
        func columns(from first: Int) -> Matrix {
            projected[rows: 0..<projected.rows, columns: first..<first + headSize]
        }
        let first = head * headSize
        return (columns(from: first), columns(from: hidden + first), columns(from: 2 * hidden + first))
    }
}

extension Attention {
    /// Fills `map`, `[heads · frames, frames]`, with the weights of each head, one head after the other: row by row, how
    /// much a frame takes from each frame. A row is softmax(q · kᵀ / √headSize) as a whole, and sums to 1.
    ///
    /// The queries and keys are those that the layer's last call left in the workspace; nothing of it is changed.
    func fill(_ map: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let projected = Matrix(workspace.queryKeyValue)  // [frames, 3 · hidden]
        let frames = projected.rows
        // The same blocks whatever the threads: OpenBLAS's last bits depend on them.
        let blocks = (0..<frames).blocks(of: Self.queryBlock)
        compute.team.forEach(heads * blocks.count) { task, lane in
            let (head, block) = task.quotientAndRemainder(dividingBy: blocks.count)
            let queries = blocks[block]
            let (query, key, _) = split(projected, head: head)
            let keys = MutablePanels(workspace.lanes[lane].keys, depth: key.columns, columns: frames)
            keys.packTransposed(key, scale: 1 / Float(key.columns).squareRoot())
            let weights = map[rows: head * frames + queries.lowerBound..<head * frames + queries.upperBound]
            compute.kernels.multiply(query[rows: queries], keys.panels, into: weights)
            compute.kernels.softmax(weights, scratch: workspace.lanes[lane].softmax)
        }
    }
}
