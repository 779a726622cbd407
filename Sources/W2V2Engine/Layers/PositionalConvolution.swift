import Kernels

/// The position embedding: a grouped convolution over time with a wide kernel, GELU, added to its input.
struct PositionalConvolution: Sendable {
    let sizes: Architecture.PositionalConvolution
    /// For each group, `[kernel · channels, channels]` with the channels of that group.
    let weights: [ConstantMatrix]
    let bias: ConstantVector  // [hidden]

    /// The sets that the frames are dealt out into: with a stride of 1, one set would take one tap at a time.
    private static let interleaving = 4

    /// hidden += GELU(convolution(hidden)); hidden is `[frames, hidden]`.
    func callAsFunction(_ hidden: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let frames = hidden.rows
        let channels = hidden.columns / sizes.groups
        let embedding = workspace.normed
        compute.team.forEach(sizes.groups) { group, worker in
            let columns = group * channels..<(group + 1) * channels
            // The group's channels, with zeros before and after.
            let padded = MutableMatrix(
                workspace.workers[worker].positionalGroup, rows: frames + sizes.kernel - 1, columns: channels)
            padded.fill(0)
            padded[rows: sizes.padding..<sizes.padding + frames]
                .copy(Matrix(hidden[rows: 0..<frames, columns: columns]))
            compute.product.convolve(
                Matrix(padded), weights[group], kernel: sizes.kernel, stride: 1, interleaving: Self.interleaving,
                into: embedding[rows: 0..<frames, columns: columns])
        }
        compute.team.split(frames) { rows, _ in
            embedding[rows: rows].addBiasAndApplyGELU(bias)
            hidden[rows: rows].add(Matrix(embedding[rows: rows]))
        }
    }
}
