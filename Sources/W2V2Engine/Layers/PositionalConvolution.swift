import Kernels

/// The position embedding: a grouped convolution over time with a wide kernel, GELU, added to its input.
struct PositionalConvolution: Sendable {
    let sizes: Architecture.PositionalConvolution
    /// For each group, `[kernel · channels, channels]` with the channels of that group.
    let weights: [ConstantMatrix]
    let bias: ConstantVector  // [hidden]

    /// Frames from one window to the next in one matrix product. BLAS takes no overlapping rows, so the frames are
    /// dealt out into this many interleaved sets, and each product takes this many taps.
    private static let frameStep = 4

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
            convolve(
                Matrix(padded), weights[group], into: embedding[rows: 0..<frames, columns: columns], compute.product)
        }
        compute.team.split(frames) { rows, _ in
            embedding[rows: rows].addBiasAndApplyGELU(bias)
            hidden[rows: rows].add(Matrix(embedding[rows: rows]))
        }
    }

    private func convolve(
        _ padded: Matrix, _ weight: ConstantMatrix, into output: MutableMatrix, _ product: MatrixProduct
    ) {
        let (step, channels) = (Self.frameStep, padded.columns)
        for phase in 0..<min(step, output.rows) {
            let frames = output.rows(from: phase, step: step)
            for tap in stride(from: 0, to: sizes.kernel, by: step) {
                let taps = min(step, sizes.kernel - tap)
                product.multiply(
                    padded.windows(first: phase + tap, taps: taps, stride: step, count: frames.rows),
                    weight.matrix[rows: tap * channels..<(tap + taps) * channels],
                    into: frames, accumulating: tap > 0)
            }
        }
    }
}
