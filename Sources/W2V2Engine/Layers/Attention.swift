import Kernels

/// Self-attention over all frames, in several heads.
struct Attention: Sendable {
    let heads: Int
    let query: Linear
    let key: Linear
    let value: Linear
    let output: Linear

    /// Queries whose scores are held at once. The scores of a block are whole rows, so the softmax is exact, and
    /// memory grows with the number of frames, not with its square.
    static let queryBlock = 256

    /// residual += output(softmax(q · kᵀ / √headSize) · v) for each head; x and residual are `[frames, hidden]`.
    func add(_ x: Matrix, to residual: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let frames = x.rows
        let (q, k, v) = (workspace.query, workspace.key, workspace.value)
        query(x, into: q, compute)
        key(x, into: k, compute)
        value(x, into: v, compute)

        let context = workspace.context
        let headSize = q.columns / heads
        let scale = 1 / Float(headSize).squareRoot()
        let blocks = (frames + Self.queryBlock - 1) / Self.queryBlock
        compute.team.forEach(heads * blocks) { task, worker in
            let columns = task / blocks * headSize..<(task / blocks + 1) * headSize
            let block = task % blocks * Self.queryBlock..<min(frames, (task % blocks + 1) * Self.queryBlock)
            let scores = MutableMatrix(workspace.workers[worker].scores, rows: block.count, columns: frames)
            compute.product.multiplyTransposed(
                Matrix(q[rows: block, columns: columns]), Matrix(k[rows: 0..<frames, columns: columns]),
                scale: scale, into: scores)
            scores.applySoftmax()
            compute.product.multiply(
                Matrix(scores), Matrix(v[rows: 0..<frames, columns: columns]),
                into: context[rows: block, columns: columns])
        }
        output.add(Matrix(context), to: residual, product: q, compute)
    }
}
