extension StandIn {
    /// The sizes of the network. Those left out are the published model's.
    public struct Sizes: Sendable, Hashable {
        /// The width of the transformer and of the embedding.
        package var hidden: Int
        /// The number of encoder layers.
        package var layers: Int
        /// The number of attention heads; divides `hidden`.
        package var heads: Int
        /// The width inside each feed-forward block.
        package var feedForward: Int
        /// The channels of every convolution of the feature extractor.
        package var channels: Int
        /// The kernel width of each convolution of the feature extractor, in order.
        package var kernels: [Int]
        /// The stride of each convolution of the feature extractor; as many as `kernels`.
        package var strides: [Int]
        /// The kernel width of the positional convolution; even, because the published form drops the last frame.
        package var positionalKernel: Int
        /// The groups of the positional convolution; divides `hidden`.
        package var positionalGroups: Int
        /// The number of logits.
        package var outputs: Int

        package init(
            hidden: Int = 1024, layers: Int = 12, heads: Int = 16, feedForward: Int = 4096, channels: Int = 512,
            kernels: [Int] = [10, 3, 3, 3, 3, 2, 2], strides: [Int] = [5, 2, 2, 2, 2, 2, 2],
            positionalKernel: Int = 128, positionalGroups: Int = 16, outputs: Int = 3
        ) {
            self.hidden = hidden
            self.layers = layers
            self.heads = heads
            self.feedForward = feedForward
            self.channels = channels
            self.kernels = kernels
            self.strides = strides
            self.positionalKernel = positionalKernel
            self.positionalGroups = positionalGroups
            self.outputs = outputs
        }

        /// The sizes of the published model.
        public static let published = Sizes()

        /// The largest size. It keeps the product of any three sizes, times the number of tensors, within an `Int`.
        static let largestSize = 65_536
        /// The most layers, and the most convolutions.
        static let largestDepth = 1_024

        /// Refuses sizes that no network of this architecture has.
        func validate() throws(StandInError) {
            guard kernels.count == strides.count else {
                throw StandInError(.unequalCounts(kernels: kernels.count, strides: strides.count))
            }
            let depths = [("layers", layers), ("the number of convolutions", kernels.count)]
            for (name, value) in depths where !(1...Self.largestDepth).contains(value) {
                throw StandInError(.outOfRange(name: name, value: value, range: 1...Self.largestDepth))
            }
            let widths =
                [
                    ("hidden", hidden), ("heads", heads), ("feedForward", feedForward), ("channels", channels),
                    ("positionalKernel", positionalKernel), ("positionalGroups", positionalGroups),
                    ("outputs", outputs),
                ] + kernels.map { ("a kernel", $0) } + strides.map { ("a stride", $0) }
            for (name, value) in widths where !(1...Self.largestSize).contains(value) {
                throw StandInError(.outOfRange(name: name, value: value, range: 1...Self.largestSize))
            }
            for (name, value) in [("heads", heads), ("positionalGroups", positionalGroups)]
            where !hidden.isMultiple(of: value) {
                throw StandInError(.notADivisor(name: name, value: value, of: hidden))
            }
            guard positionalKernel.isMultiple(of: 2) else { throw StandInError(.oddPositionalKernel(positionalKernel)) }
        }
    }
}
