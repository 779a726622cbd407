import Kernels

/// The memory that a call computes in. It grows with the longest signal it was used for and can be used again; calls
/// that run at once need one each.
///
/// Its sizes are those of `States.Sizes` and `Lane.Capacity`: whatever asks how much memory a call takes adds up the
/// same.
public final class Workspace {
    let architecture: Architecture
    private var frames = 0
    private var signal = FloatBuffer(count: 0)
    private var states: States
    private(set) var lanes: [Lane] = []

    /// An empty workspace for models of `architecture`.
    public init(for architecture: Architecture) {
        self.architecture = architecture
        states = States(frames: 0, architecture)
    }

    /// What it takes now, in bytes.
    package var byteCount: Int {
        FloatBuffer.byteCount(of: signal.count) + states.sizes.byteCount
            + lanes.reduce(0) { $0 + $1.capacity.byteCount }
    }

    /// Gives the memory back if it takes more than `limit` bytes.
    package func release(above limit: Int) {
        guard byteCount > limit else { return }
        signal = FloatBuffer(count: 0)
        states = States(frames: 0, architecture)
        lanes = []
    }

    /// What a workspace takes for a signal, in bytes; the largest integer stands for all that are larger.
    static func byteCount(
        samples: Int, frames: Int, tile: (even: Int, odd: Int), threads: Int, _ architecture: Architecture
    ) -> Int {
        let lane = Lane.Capacity(frames: frames, tile: tile, architecture)
        return ByteCount.sum([
            FloatBuffer.byteCount(of: samples), States.Sizes(frames: frames, architecture).byteCount,
            ByteCount.product([threads, lane.byteCount]),
        ])
    }

    /// Makes room for a signal of `frames` frames, in tiles of up to `tile` frames, on the threads of `team`.
    func prepare(frames: Int, tile: (even: Int, odd: Int), _ team: ThreadTeam) {
        self.frames = frames
        if states.capacity < frames { states = States(frames: frames, architecture) }
        let needed = Lane.Capacity(frames: frames, tile: tile, architecture)
        lanes.removeAll { !$0.capacity.covers(needed) }
        while lanes.count < team.count { lanes.append(Lane(needed)) }
    }

    /// The signal, `[samples, 1]`.
    func samples(_ count: Int) -> MutableMatrix {
        if signal.count < count { signal = FloatBuffer(count: count) }
        return MutableMatrix(signal, rows: count, columns: 1)
    }

    /// The feature extractor's output, `[frames, channels]`.
    var features: MutableMatrix { view(states.features, architecture.featureChannels) }
    /// The state that the encoder's layers update, `[frames, hidden]`.
    var hidden: MutableMatrix { view(states.hidden, architecture.hiddenSize) }
    /// The input of a layer's part after its norm, `[frames, hidden]`.
    var normed: MutableMatrix { view(states.normed, architecture.hiddenSize) }
    /// Queries, keys and values of all heads, side by side, `[frames, 3 · hidden]`.
    var queryKeyValue: MutableMatrix { view(states.queryKeyValue, 3 * architecture.hiddenSize) }

    /// The weighted sum of the states between the layers, `[frames, hidden]`; only for networks that mix their layers.
    var mixed: MutableMatrix { view(states.mixed, architecture.hiddenSize) }

    /// The feed-forward part's inner layer for some of the frames, `[frames, feedForwardSize]`.
    func feedForward(frames: Int) -> MutableMatrix {
        MutableMatrix(states.feedForward, rows: frames, columns: architecture.feedForwardSize)
    }

    private func view(_ buffer: FloatBuffer, _ columns: Int) -> MutableMatrix {
        MutableMatrix(buffer, rows: frames, columns: columns)
    }
}

extension Workspace {
    /// The network's states for up to `capacity` frames.
    private struct States {
        let capacity: Int
        let sizes: Sizes
        let features, hidden, normed, queryKeyValue, feedForward, mixed: FloatBuffer

        init(frames: Int, _ architecture: Architecture) {
            capacity = frames
            sizes = Sizes(frames: frames, architecture)
            features = FloatBuffer(count: sizes.features)
            hidden = FloatBuffer(count: sizes.hidden)
            normed = FloatBuffer(count: sizes.hidden)
            queryKeyValue = FloatBuffer(count: sizes.queryKeyValue)
            feedForward = FloatBuffer(count: sizes.feedForward)
            mixed = FloatBuffer(count: sizes.mixed)
        }

        /// In floats.
        struct Sizes {
            let features, hidden, queryKeyValue, feedForward, mixed: Int

            init(frames: Int, _ architecture: Architecture) {
                features = ByteCount.product([frames, architecture.featureChannels])
                hidden = ByteCount.product([frames, architecture.hiddenSize])
                queryKeyValue = ByteCount.product([frames, 3, architecture.hiddenSize])
                feedForward = ByteCount.product([min(frames, FeedForward.frameBlock), architecture.feedForwardSize])
                mixed = architecture.pooling.mixesLayers ? hidden : 0
            }

            var byteCount: Int {
                ByteCount.sum([features, hidden, hidden, queryKeyValue, feedForward, mixed].map(FloatBuffer.byteCount))
            }
        }
    }

    /// What one thread needs for itself.
    struct Lane {
        let capacity: Capacity
        /// The outputs of a tile's even and odd feature extractor layers; one stays until the layer after the next.
        private let evenTile, oddTile: FloatBuffer
        /// One group's channels for the positional convolution, padded with zeros, `[frames + kernel - 1, channels]`.
        let positionalGroup: FloatBuffer
        /// A head's keys, `[headSize, frames]`, and values, `[frames, headSize]`, in panels.
        let keys, values: FloatBuffer
        /// The attention scores of a block of queries with a block of keys, `[queries, keys]`.
        let scores: FloatBuffer
        /// The state of their softmax.
        let softmax: FloatBuffer

        fileprivate init(_ capacity: Capacity) {
            self.capacity = capacity
            evenTile = FloatBuffer(count: capacity.evenTile)
            oddTile = FloatBuffer(count: capacity.oddTile)
            positionalGroup = FloatBuffer(count: capacity.positionalGroup)
            keys = FloatBuffer(count: capacity.keys)
            values = FloatBuffer(count: capacity.values)
            scores = FloatBuffer(count: Capacity.scores)
            softmax = FloatBuffer(count: Capacity.softmax)
        }

        /// Where the output of a feature extractor layer goes.
        func tile(layer: Int) -> FloatBuffer { layer.isMultiple(of: 2) ? evenTile : oddTile }
    }
}

extension Workspace.Lane {
    /// Sizes of a lane's buffers, in floats.
    struct Capacity {
        let evenTile, oddTile, positionalGroup, keys, values: Int
        static let scores = Attention.queryBlock * Attention.keyBlock
        static let softmax = RunningSoftmax.floatCount(rows: Attention.queryBlock)

        var byteCount: Int {
            ByteCount.sum(
                [evenTile, oddTile, positionalGroup, keys, values, Self.scores, Self.softmax]
                    .map(FloatBuffer.byteCount))
        }

        fileprivate init(frames: Int, tile: (even: Int, odd: Int), _ architecture: Architecture) {
            let positional = architecture.positionalConvolution
            (evenTile, oddTile) = tile
            positionalGroup = (frames + positional.kernel - 1) * (architecture.hiddenSize / positional.groups)
            keys = Panels.floatCount(depth: architecture.headSize, columns: frames)
            values = Panels.floatCount(depth: frames, columns: architecture.headSize)
        }

        fileprivate func covers(_ other: Capacity) -> Bool {
            evenTile >= other.evenTile && oddTile >= other.oddTile && positionalGroup >= other.positionalGroup
                && keys >= other.keys && values >= other.values
        }
    }
}
