import Kernels

/// Who looks at a call: at the state after each stage, and at attention maps where they are asked for.
struct StageObserver {
    /// Whether the feature extractor's layers are looked at. It then runs in one piece; elsewhere it runs in tiles, none
    /// of which has a whole layer's output.
    let seesFeatureExtractor: Bool
    /// The encoder layers, from 0, whose attention maps are looked at.
    let attentionLayers: Set<Int>
    /// Takes a state, whose rows are frames, or which has one row if there is no time axis.
    let show: (Stage, Matrix) -> Void
    /// Takes a layer's map, `[heads · frames, frames]`.
    let showAttention: (_ layer: Int, _ map: Matrix) -> Void

    func callAsFunction(_ stage: Stage, _ state: Matrix) { show(stage, state) }

    /// The observer as the feature extractor sees it.
    var ofFeatureExtractor: StageObserver? { seesFeatureExtractor ? self : nil }

    /// Shows the attention map of encoder layer `index`, if it is asked for, right after the layer's call.
    func lookAtAttention(_ attention: Attention, layer index: Int, workspace: Workspace, _ compute: Compute) {
        guard attentionLayers.contains(index) else { return }
        let frames = workspace.hidden.rows
        let map = MutableMatrix(
            FloatBuffer(count: attention.heads * frames * frames), rows: attention.heads * frames, columns: frames)
        attention.fill(map, workspace: workspace, compute)
        showAttention(index, Matrix(map))
    }
}
