import Kernels

/// Self-attention over all frames, in several heads.
struct Attention: Sendable {
    let heads: Int
    let queryKeyValue: Linear  // [hidden, 3 · hidden]
    let output: Linear

    /// Queries and keys whose scores are held at once: few enough for the second cache. Memory grows with the number of
    /// frames, not with its square.
    static let queryBlock = 96
    static let keyBlock = 512

    /// residual += output(softmax(q · kᵀ / √headSize) · v) for each head; x and residual are `[frames, hidden]`.
    func add(_ x: Matrix, to residual: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let projected = workspace.queryKeyValue  // [frames, 3 · hidden]
        queryKeyValue(x, into: projected, compute, as: .queryKeyValue)

        let context = workspace.context  // [frames, hidden]
        // A thread packs a head's keys and values for itself; parts of the queries only where there are many threads.
        let parts = min((2 * compute.team.count + heads - 1) / heads, (x.rows + Self.queryBlock - 1) / Self.queryBlock)
        compute.region(.attention) {
            compute.team.forEach(heads * parts) { task, worker in
                let (head, part) = (task / parts, task % parts)
                let queries = x.rows * part / parts..<x.rows * (part + 1) / parts
                attend(
                    Matrix(projected), head: head, queries: queries, into: context, workspace.workers[worker],
                    compute.on(worker))
            }
        }
        output.add(Matrix(context), to: residual, compute, as: .only(.attentionOutput))
    }

    /// Fills a head's columns of `context` for a range of queries.
    private func attend(
        _ projected: Matrix, head: Int, queries: Range<Int>, into context: MutableMatrix, _ worker: Workspace.Worker,
        _ compute: Compute
    ) {
        let (frames, hidden) = (context.rows, context.columns)
        let headSize = hidden / heads
        let columns = head * headSize..<(head + 1) * headSize
        func part(_ index: Int) -> Matrix {
            projected[
                rows: 0..<frames, columns: index * hidden + columns.lowerBound..<index * hidden + columns.upperBound]
        }
        let query = part(0)  // [frames, headSize]
        let keys = MutablePanels(worker.keys, depth: headSize, columns: frames)
        let values = MutablePanels(worker.values, depth: frames, columns: headSize)
        compute.time(.packing) {
            keys.packTransposed(part(1), scale: 1 / Float(headSize).squareRoot())
            values.pack(part(2))
        }

        for first in stride(from: queries.lowerBound, to: queries.upperBound, by: Self.queryBlock) {
            let block = first..<min(queries.upperBound, first + Self.queryBlock)
            let gathered = context[rows: block, columns: columns]
            var softmax = RunningSoftmax(worker.softmax, rows: block.count)
            for first in stride(from: 0, to: frames, by: Self.keyBlock) {
                let seen = first..<min(frames, first + Self.keyBlock)
                let scores = MutableMatrix(worker.scores, rows: block.count, columns: seen.count)
                compute.time(.scores) {
                    compute.kernels.multiply(query[rows: block], keys.panels[columns: seen], into: scores)
                }
                compute.time(.softmax) { softmax.weigh(scores, compute.kernels) }
                compute.time(.context) {
                    softmax.add(Matrix(scores), values.panels[depth: seen], to: gathered, compute.kernels)
                }
            }
            compute.time(.context) { softmax.finish(gathered) }
        }
    }
}
