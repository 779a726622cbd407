import Kernels

/// The memory that a call computes in. It grows with the longest signal it was used for and can be used again; calls
/// that run at once need one each.
public final class Workspace {
    let architecture: Architecture
    private var frames = 0
    private var states: States
    private(set) var workers: [Worker] = []

    /// An empty workspace for models of `architecture`.
    public init(for architecture: Architecture) {
        self.architecture = architecture
        states = States(frames: 0, architecture)
    }

    /// Makes room for a signal of `frames` frames, in tiles of up to `tile` frames, on the threads of `team`.
    func prepare(frames: Int, tile: (even: Int, odd: Int), _ team: ThreadTeam) {
        self.frames = frames
        if states.capacity < frames { states = States(frames: frames, architecture) }
        let needed = Worker.Capacity(frames: frames, tile: tile, architecture)
        workers.removeAll { !$0.capacity.covers(needed) }
        while workers.count < team.count { workers.append(Worker(needed)) }
    }

    /// The feature extractor's output, `[frames, channels]`.
    var features: MutableMatrix { view(states.features, architecture.featureChannels) }
    /// The state that the encoder's layers update, `[frames, hidden]`.
    var hidden: MutableMatrix { view(states.hidden, architecture.hiddenSize) }
    /// The input of a layer's part after its norm, `[frames, hidden]`.
    var normed: MutableMatrix { view(states.normed, architecture.hiddenSize) }
    /// Queries, keys and values of all heads, side by side, `[frames, hidden]` each.
    var query: MutableMatrix { view(states.query, architecture.hiddenSize) }
    var key: MutableMatrix { view(states.key, architecture.hiddenSize) }
    var value: MutableMatrix { view(states.value, architecture.hiddenSize) }
    /// What attention gathered, `[frames, hidden]`.
    var context: MutableMatrix { view(states.context, architecture.hiddenSize) }
    /// The feed-forward part's inner layer, `[frames, feedForwardSize]`.
    var feedForward: MutableMatrix { view(states.feedForward, architecture.feedForwardSize) }

    private func view(_ buffer: FloatBuffer, _ columns: Int) -> MutableMatrix {
        MutableMatrix(buffer, rows: frames, columns: columns)
    }
}

extension Workspace {
    /// The network's states for up to `capacity` frames.
    private struct States {
        let capacity: Int
        let features, hidden, normed, query, key, value, context, feedForward: FloatBuffer

        init(frames: Int, _ architecture: Architecture) {
            capacity = frames
            features = FloatBuffer(count: frames * architecture.featureChannels)
            hidden = FloatBuffer(count: frames * architecture.hiddenSize)
            normed = FloatBuffer(count: frames * architecture.hiddenSize)
            query = FloatBuffer(count: frames * architecture.hiddenSize)
            key = FloatBuffer(count: frames * architecture.hiddenSize)
            value = FloatBuffer(count: frames * architecture.hiddenSize)
            context = FloatBuffer(count: frames * architecture.hiddenSize)
            feedForward = FloatBuffer(count: frames * architecture.feedForwardSize)
        }
    }

    /// What one thread needs for itself.
    struct Worker {
        let capacity: Capacity
        /// The outputs of a tile's even and odd feature extractor layers; one stays until the layer after the next.
        private let evenTile, oddTile: FloatBuffer
        /// One group's channels for the positional convolution, padded with zeros, `[frames + kernel - 1, channels]`.
        let positionalGroup: FloatBuffer
        /// The attention scores of a block of queries, `[queries, frames]`.
        let scores: FloatBuffer

        fileprivate init(_ capacity: Capacity) {
            self.capacity = capacity
            evenTile = FloatBuffer(count: capacity.evenTile)
            oddTile = FloatBuffer(count: capacity.oddTile)
            positionalGroup = FloatBuffer(count: capacity.positionalGroup)
            scores = FloatBuffer(count: capacity.scores)
        }

        /// Where the output of a feature extractor layer goes.
        func tile(layer: Int) -> FloatBuffer { layer.isMultiple(of: 2) ? evenTile : oddTile }
    }
}

extension Workspace.Worker {
    /// Sizes of a worker's buffers, in floats.
    struct Capacity {
        let evenTile, oddTile, positionalGroup, scores: Int

        fileprivate init(frames: Int, tile: (even: Int, odd: Int), _ architecture: Architecture) {
            let positional = architecture.positionalConvolution
            (evenTile, oddTile) = tile
            positionalGroup = (frames + positional.kernel - 1) * (architecture.hiddenSize / positional.groups)
            scores = min(frames, Attention.queryBlock) * frames
        }

        fileprivate func covers(_ other: Capacity) -> Bool {
            evenTile >= other.evenTile && oddTile >= other.oddTile && positionalGroup >= other.positionalGroup
                && scores >= other.scores
        }
    }
}
