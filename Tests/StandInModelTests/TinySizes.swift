import StandInModel

extension StandIn.Sizes {
    /// The sizes of the tiny exports among the fixtures.
    static let fixture = StandIn.Sizes(
        hidden: 64, layers: 2, heads: 4, feedForward: 128, channels: 32, positionalKernel: 16, positionalGroups: 4)

    /// Sizes that nothing divides evenly but what must.
    static let awkward = StandIn.Sizes(
        hidden: 45, layers: 3, heads: 5, feedForward: 77, channels: 19, kernels: [9, 4, 1], strides: [4, 3, 1],
        positionalKernel: 6, positionalGroups: 9, outputs: 7)
}
