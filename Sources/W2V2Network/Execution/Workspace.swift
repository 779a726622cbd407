import Kernels

/// The memory that a call computes in. It grows with the longest signal it was used for and can be used again; calls
/// that run at once need one each.
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
        let features, hidden, normed, queryKeyValue, feedForward: FloatBuffer

        init(frames: Int, _ architecture: Architecture) {
            capacity = frames
            features = FloatBuffer(count: frames * architecture.featureChannels)
            hidden = FloatBuffer(count: frames * architecture.hiddenSize)
            normed = FloatBuffer(count: frames * architecture.hiddenSize)
            queryKeyValue = FloatBuffer(count: frames * 3 * architecture.hiddenSize)
            feedForward = FloatBuffer(
                count: min(frames, FeedForward.frameBlock) * architecture.feedForwardSize)
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
            scores = FloatBuffer(count: Attention.queryBlock * Attention.keyBlock)
            softmax = FloatBuffer(count: RunningSoftmax.floatCount(rows: Attention.queryBlock))
        }

        /// Where the output of a feature extractor layer goes.
        func tile(layer: Int) -> FloatBuffer { layer.isMultiple(of: 2) ? evenTile : oddTile }
    }
}

extension Workspace.Lane {
    /// Sizes of a lane's buffers, in floats.
    struct Capacity {
        let evenTile, oddTile, positionalGroup, keys, values: Int

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
