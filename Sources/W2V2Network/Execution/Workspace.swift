import Kernels

/// Floats for the outputs of the feature extractor's layers but the last, for a tile: those of even layers go to one
/// buffer, those of odd layers to another; and for a layer's input in whole numbers.
struct TileCapacity: Equatable {
    var even = 0
    var odd = 0
    var quantized = 0

    static let none = TileCapacity()
}

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
        states = States(frames: 0, architecture, .float32)
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
        states = States(frames: 0, architecture, .float32)
        lanes = []
    }

    /// What a workspace takes for a signal, in bytes; the largest integer stands for all that are larger.
    static func byteCount(
        samples: Int, frames: Int, tile: TileCapacity, threads: Int, _ architecture: Architecture,
        _ precision: Precision
    ) -> Int {
        let lane = Lane.Capacity(frames: frames, tile: tile, architecture, precision)
        return ByteCount.sum([
            FloatBuffer.byteCount(of: samples), States.Sizes(frames: frames, architecture, precision).byteCount,
            ByteCount.product([threads, lane.byteCount]),
        ])
    }

    /// Makes room for a signal of `frames` frames, in tiles of up to `tile` frames, on the threads of `team`.
    func prepare(frames: Int, tile: TileCapacity, _ team: ThreadTeam, _ precision: Precision) {
        self.frames = frames
        if states.capacity < frames || states.quantized.count == 0 && precision.isInteger {
            states = States(frames: frames, architecture, precision)
        }
        let needed = Lane.Capacity(frames: frames, tile: tile, architecture, precision)
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

    /// Room for the first factor of a product of whole numbers.
    var quantized: FloatBuffer { states.quantized }

    private func view(_ buffer: FloatBuffer, _ columns: Int) -> MutableMatrix {
        MutableMatrix(buffer, rows: frames, columns: columns)
    }
}

extension Workspace {
    /// The network's states for up to `capacity` frames.
    private struct States {
        let capacity: Int
        let sizes: Sizes
        let features, hidden, normed, queryKeyValue, feedForward, mixed, quantized: FloatBuffer

        init(frames: Int, _ architecture: Architecture, _ precision: Precision) {
            capacity = frames
            sizes = Sizes(frames: frames, architecture, precision)
            features = FloatBuffer(count: sizes.features)
            hidden = FloatBuffer(count: sizes.hidden)
            normed = FloatBuffer(count: sizes.hidden)
            queryKeyValue = FloatBuffer(count: sizes.queryKeyValue)
            feedForward = FloatBuffer(count: sizes.feedForward)
            mixed = FloatBuffer(count: sizes.mixed)
            quantized = FloatBuffer(count: sizes.quantized)
        }

        /// In floats.
        struct Sizes {
            let features, hidden, queryKeyValue, feedForward, mixed, quantized: Int

            init(frames: Int, _ architecture: Architecture, _ precision: Precision) {
                features = ByteCount.product([frames, architecture.featureChannels])
                hidden = ByteCount.product([frames, architecture.hiddenSize])
                queryKeyValue = ByteCount.product([frames, 3, architecture.hiddenSize])
                feedForward = ByteCount.product([min(frames, FeedForward.frameBlock), architecture.feedForwardSize])
                mixed = architecture.pooling.mixesLayers ? hidden : 0
                // In int16, whose cells take more room than those of int8.
                quantized =
                    precision.isInteger
                    ? [
                        (frames, architecture.featureChannels), (frames, architecture.hiddenSize),
                        (min(frames, FeedForward.frameBlock), architecture.feedForwardSize),
                    ]
                    .map { ByteCount.product([$0, QuantizedFrames.floatCount(.int16, frames: 1, columns: $1)]) }.max()
                        ?? 0
                    : 0
            }

            var byteCount: Int {
                ByteCount.sum(
                    [features, hidden, hidden, queryKeyValue, feedForward, mixed, quantized].map(FloatBuffer.byteCount))
            }
        }
    }
}
