import Kernels

extension Workspace {
    /// What one thread needs for itself.
    struct Lane {
        let capacity: Capacity
        /// The outputs of a tile's even and odd feature extractor layers; one stays until the layer after the next.
        private let evenTile, oddTile: FloatBuffer
        /// One group's channels for the positional convolution, padded with zeros, `[frames + kernel - 1, channels]`.
        let positionalGroup: FloatBuffer
        /// In whole numbers: the input of a feature extractor layer or of a group of the positional convolution, a
        /// head's keys before they are in panels, or a block of its queries.
        let quantized: FloatBuffer
        /// The weights of a block of keys for a block of queries, in whole numbers, `[queries, keys]`.
        let weights: FloatBuffer
        /// A head's keys, `[headSize, frames]`, and values, `[frames, headSize]`, in panels.
        let keys, values: FloatBuffer
        /// The attention scores of a block of queries with a block of keys, `[queries, keys]`.
        let scores: FloatBuffer
        /// The state of their softmax.
        let softmax: FloatBuffer

        init(_ capacity: Capacity) {
            self.capacity = capacity
            evenTile = FloatBuffer(count: capacity.evenTile)
            oddTile = FloatBuffer(count: capacity.oddTile)
            positionalGroup = FloatBuffer(count: capacity.positionalGroup)
            quantized = FloatBuffer(count: capacity.quantized)
            weights = FloatBuffer(count: capacity.weights)
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
        let evenTile, oddTile, positionalGroup, quantized, weights, keys, values: Int
        static let scores = Attention.queryBlock * Attention.keyBlock
        static let softmax = RunningSoftmax.floatCount(rows: Attention.queryBlock)

        var byteCount: Int {
            ByteCount.sum(
                [evenTile, oddTile, positionalGroup, quantized, weights, keys, values, Self.scores, Self.softmax]
                    .map(FloatBuffer.byteCount))
        }

        init(
            frames: Int, tile: TileCapacity, _ architecture: Architecture, _ precision: Precision
        ) {
            let positional = architecture.positionalConvolution
            (evenTile, oddTile) = (tile.even, tile.odd)
            let padded = frames + positional.kernel - 1
            let channels = architecture.hiddenSize / positional.groups
            positionalGroup = padded * channels
            quantized =
                precision.isInteger
                ? max(
                    tile.quantized, QuantizedFrames.floatCount(.int16, frames: padded, columns: channels),
                    QuantizedFrames.floatCount(.int16, frames: frames, columns: architecture.headSize)) : 0
            weights =
                precision.isInteger
                ? QuantizedFrames.floatCount(.int16, frames: Attention.queryBlock, columns: Attention.keyBlock) : 0
            // Attention maps are made of float32.
            func panels(depth: Int, columns: Int) -> Int {
                max(
                    Panels.floatCount(depth: depth, columns: columns),
                    precision.isInteger ? QuantizedPanels.floatCount(depth: depth, columns: columns) : 0)
            }
            keys = panels(depth: architecture.headSize, columns: frames)
            values = panels(depth: frames, columns: architecture.headSize)
        }

        func covers(_ other: Capacity) -> Bool {
            evenTile >= other.evenTile && oddTile >= other.oddTile && positionalGroup >= other.positionalGroup
                && quantized >= other.quantized
                && weights >= other.weights && keys >= other.keys && values >= other.values
        }
    }
}
