import Kernels

extension Attention {
    /// Fills `map`, `[heads · frames, frames]`, with the weights of each head, one head after the other: row by row, how
    /// much a frame takes from each frame. A row is softmax(q · kᵀ / √headSize) as a whole, and sums to 1.
    ///
    /// The queries and keys are those that the layer's last call left in the workspace; nothing of it is changed.
    func fill(_ map: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let projected = Matrix(workspace.queryKeyValue)  // [frames, 3 · hidden]
        let (frames, hidden) = (projected.rows, projected.columns / 3)
        let headSize = hidden / heads
        // The same blocks whatever the threads: OpenBLAS's last bits depend on them.
        let blocks = (frames + Self.queryBlock - 1) / Self.queryBlock
        compute.team.forEach(heads * blocks) { task, worker in
            let (head, block) = task.quotientAndRemainder(dividingBy: blocks)
            let queries = block * Self.queryBlock..<min(frames, (block + 1) * Self.queryBlock)
            let columns = head * headSize..<(head + 1) * headSize
            let keys = MutablePanels(workspace.workers[worker].keys, depth: headSize, columns: frames)
            keys.packTransposed(
                projected[rows: 0..<frames, columns: hidden + columns.lowerBound..<hidden + columns.upperBound],
                scale: 1 / Float(headSize).squareRoot())
            let weights = map[rows: head * frames + queries.lowerBound..<head * frames + queries.upperBound]
            compute.kernels.multiply(projected[rows: queries, columns: columns], keys.panels, into: weights)
            compute.kernels.softmax(weights, scratch: workspace.workers[worker].softmax)
        }
    }
}
