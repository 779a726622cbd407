import Kernels

/// The signal brought to zero mean and unit variance: (x − mean) / √(mean((x − mean)²) + epsilon).
struct InputNormalization: Sendable {
    let epsilon: Double

    /// `signal` and the result are `[samples]`.
    func callAsFunction(_ signal: [Float]) -> [Float] {
        let mean = signal.reduce(0) { $0 + Double($1) } / Double(signal.count)
        let variance = signal.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(signal.count)
        let scale = 1 / (variance + epsilon).squareRoot()
        return signal.map { Float((Double($0) - mean) * scale) }
    }
}

/// The stack of convolutions that turns samples into feature frames: each a convolution over time, a LayerNorm over
/// the channels of each frame, and GELU.
///
/// A frame depends on a few hundred samples only, so the stack runs in tiles of frames, each through all layers; the
/// memory it needs doesn't grow with the signal. A tile computes the few frames that it shares with its neighbours
/// itself, from the same samples, so that the result doesn't depend on where the tiles are.
struct FeatureExtractor: Sendable {
    struct Layer: Sendable {
        let sizes: Architecture.Convolution
        let weight: ConstantPanels  // [kernel · input channels, output channels]
        let bias: ConstantVector  // [output channels]
        let norm: LayerNorm

        init(_ weights: Weights, _ sizes: Architecture.Convolution, epsilon: Double) throws {
            self.sizes = sizes
            weight = try weights["conv"].panels(
                kernel: sizes.kernel, inputs: sizes.inputChannels, outputs: sizes.outputChannels)
            bias = try weights["conv"].bias(count: sizes.outputChannels)
            norm = try LayerNorm(weights["layer_norm"], count: sizes.outputChannels, epsilon: epsilon)
        }
    }

    let layers: [Layer]

    init(_ weights: Weights, _ architecture: Architecture) throws {
        layers = try architecture.featureExtractor.enumerated().map { index, sizes in
            try Layer(weights["conv_layers"][index], sizes, epsilon: architecture.layerNormEpsilon)
        }
    }

    /// Frames of a tile: many enough for what it computes twice to be little, few enough for the tile to stay in cache.
    static let tileFrames = 32

    /// Fills `features`, `[frames, channels]`, from `signal`, `[samples, 1]`.
    func callAsFunction(
        _ signal: Matrix, into features: MutableMatrix, workspace: Workspace, _ compute: Compute,
        observe: StageObserver?
    ) {
        let tiles =
            observe == nil ? self.tiles(frames: features.rows, threads: compute.team.count) : [0..<features.rows]
        compute.forEach(tiles.count, as: .featureExtractor) { tile, compute in
            let frames = tiles[tile]
            run(
                signal, frames: frames, into: features[rows: frames], workspace.lanes[compute.lane], compute, observe)
        }
    }

    /// As many tiles for each thread, of nearly the same size.
    private func tiles(frames: Int, threads: Int) -> [Range<Int>] {
        let count = Self.tileCount(frames: frames, threads: threads)
        return (0..<count).map { frames * $0 / count..<frames * ($0 + 1) / count }
    }

    /// Fills some frames of the features, `[frames, channels]`.
    private func run(
        _ signal: Matrix, frames: Range<Int>, into features: MutableMatrix, _ lane: Workspace.Lane,
        _ compute: Compute, _ observe: StageObserver?
    ) {
        let ranges = observe == nil ? inputRanges(for: frames) : wholeRanges(samples: signal.rows)
        var input = signal[rows: ranges[0]]
        for (index, layer) in layers.enumerated() {
            let output =
                index == layers.count - 1
                ? features
                : MutableMatrix(
                    lane.tile(layer: index), rows: ranges[index + 1].count, columns: layer.sizes.outputChannels)
            layer(input, into: output, lane, compute.in(layer: index))
            observe?(.featureExtractor(layer: index), Matrix(output))
            input = Matrix(output)
        }
    }

    /// The input frames that each layer needs for `frames` of the last layer's output; the first range is of samples.
    private func inputRanges(for frames: Range<Int>) -> [Range<Int>] {
        var range = frames
        return layers.reversed().map { layer in
            let (kernel, stride) = (layer.sizes.kernel, layer.sizes.stride)
            range = range.lowerBound * stride..<(range.upperBound - 1) * stride + kernel
            return range
        }
        .reversed()
    }

    /// All that each layer finds where the one before makes all the frames that it can: also those at the end that are
    /// too few for another frame of the last layer. The first range is of samples.
    private func wholeRanges(samples: Int) -> [Range<Int>] {
        var count = samples
        return layers.map { layer in
            defer { count = (count - layer.sizes.kernel) / layer.sizes.stride + 1 }
            return 0..<count
        }
    }

    /// The most floats that a tile of `frames` frames takes.
    func tileCapacity(frames: Int) -> TileCapacity { capacity(inputRanges(for: 0..<frames)) }

    /// The same where the whole signal goes through in one piece, as when the layers are observed.
    func wholeCapacity(samples: Int) -> TileCapacity { capacity(wholeRanges(samples: samples)) }

    private func capacity(_ ranges: [Range<Int>]) -> TileCapacity {
        var capacity = TileCapacity()
        for (index, range) in ranges.dropFirst().enumerated() {
            let channels = layers[index].sizes.outputChannels
            let output = index.isMultiple(of: 2) ? \TileCapacity.even : \.odd
            capacity[keyPath: output] = max(capacity[keyPath: output], range.count * channels)
            capacity.quantized = max(
                capacity.quantized, QuantizedFrames.floatCount(.int16, frames: range.count, columns: channels))
        }
        return capacity
    }

    private static func tileCount(frames: Int, threads: Int) -> Int {
        let rounds = (frames + tileFrames * threads - 1) / (tileFrames * threads)
        return min(frames, rounds * threads)
    }

    /// The most frames that one tile has, when `frames` are shared by as many threads.
    func largestTile(frames: Int, threads: Int) -> Int {
        let count = Self.tileCount(frames: frames, threads: threads)
        return count > 0 ? (frames + count - 1) / count : 0
    }
}

extension FeatureExtractor.Layer {
    /// Frames that go through convolution, norm and GELU at once: few enough to be still in cache.
    private static let frameBlock = 128

    /// GELU(LayerNorm(convolution(input))); input `[frames, input channels]`, output `[frames, output channels]`.
    ///
    /// In time-major order a frame's window is `kernel` input frames, which stand one after the other: the windows are a
    /// matrix whose rows overlap, and the convolution is its product with the weight.
    fileprivate func callAsFunction(
        _ input: Matrix, into output: MutableMatrix, _ lane: Workspace.Lane, _ compute: Compute
    ) {
        let quantized =
            weight.format == .float32
            ? nil : compute.quantized(input, weight.format, in: lane.quantized, as: .convolution)
        for frames in (0..<output.rows).blocks(of: Self.frameBlock) {
            let block = output[rows: frames]
            let first = frames.lowerBound * sizes.stride
            if let quantized {
                let windows = quantized.windows(
                    first: first, taps: sizes.kernel, stride: sizes.stride, count: frames.count)
                compute.multiply(windows, weight.panels, into: block, as: .convolution)
            } else {
                let windows = input.windows(  // [frames, kernel · input channels]
                    first: first, taps: sizes.kernel, stride: sizes.stride, count: frames.count)
                compute.multiply(windows, weight.panels, into: block, as: .convolution)
            }
            compute.normalize(block, adding: bias, norm, as: .convolutionNorm)
        }
    }
}
