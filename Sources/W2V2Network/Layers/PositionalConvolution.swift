import Kernels

/// The position embedding: a grouped convolution over time with a wide kernel, GELU, added to its input.
struct PositionalConvolution: Sendable {
    let sizes: Architecture.PositionalConvolution
    /// For each group, `[kernel · channels, channels]` with the channels of that group.
    let weights: [ConstantPanels]
    let bias: ConstantVector  // [hidden]

    init(_ weights: Weights, _ architecture: Architecture) throws {
        let sizes = architecture.positionalConvolution
        let channels = architecture.hiddenSize / sizes.groups
        self.sizes = sizes
        self.weights = try (0..<sizes.groups).map { group in
            try weights["conv"].panels(
                kernel: sizes.kernel, inputs: channels, outputs: channels, group: group, of: sizes.groups)
        }
        bias = try weights["conv"].bias(count: architecture.hiddenSize)
    }

    /// hidden += GELU(convolution(hidden)); hidden is `[frames, hidden]`.
    func callAsFunction(addingTo hidden: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let channels = hidden.columns / sizes.groups
        compute.forEach(sizes.groups, as: .only(.positionalConvolution)) { group, compute in
            let state = hidden[rows: 0..<hidden.rows, columns: group * channels..<(group + 1) * channels]
            add(group: group, to: state, workspace.lanes[compute.lane], compute)
        }
    }

    /// state += GELU(convolution(state)) for one group; state is `[frames, channels of the group]`.
    private func add(group: Int, to state: MutableMatrix, _ lane: Workspace.Lane, _ compute: Compute) {
        let (frames, channels) = (state.rows, state.columns)
        let padded = MutableMatrix(lane.positionalGroup, rows: frames + sizes.kernel - 1, columns: channels)
        compute.pad(Matrix(state), into: padded, before: sizes.padding, as: .positionalConvolution)
        let bias = bias[group * channels..<(group + 1) * channels]
        let epilogue = Epilogue(bias: bias, gelu: true, adding: Matrix(state))
        let panels = weights[group].panels
        if panels.format == .float32 {
            let windows = Matrix(padded).windows(first: 0, taps: sizes.kernel, stride: 1, count: frames)
            compute.multiply(windows, panels, into: state, epilogue, as: .positionalConvolution)
        } else {
            let windows = compute.quantized(
                Matrix(padded), panels.format, in: lane.quantized, as: .positionalConvolution
            )
            .windows(first: 0, taps: sizes.kernel, stride: 1, count: frames)
            compute.multiply(windows, panels, into: state, epilogue, as: .positionalConvolution)
        }
    }
}
