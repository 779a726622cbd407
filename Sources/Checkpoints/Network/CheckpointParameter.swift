import W2V2Network

/// One of the network's parameters, as a checkpoint has it or as its weight norm makes it.
package struct CheckpointParameter: Parameter {
    package let name: String
    private let source: Source

    private enum Source: Sendable {
        case stored(CheckpointTensor)
        case normed(WeightNorm)
    }

    init(_ name: String, _ tensor: CheckpointTensor) {
        self.name = name
        source = .stored(tensor)
    }

    init(_ name: String, _ norm: WeightNorm) {
        self.name = name
        source = .normed(norm)
    }

    /// The tensor that holds it; nil if it is computed from others.
    package var tensor: CheckpointTensor? { if case .stored(let tensor) = source { tensor } else { nil } }

    package var shape: [Int] {
        switch source {
        case .stored(let tensor): tensor.shape
        case .normed(let norm): norm.direction.shape
        }
    }

    package var isTransposed: Bool { false }

    package func storedFloats(in range: Range<Int>) throws -> [Float] {
        switch source {
        case .stored(let tensor): try tensor.floats(in: range)
        case .normed(let norm): try norm.floats(in: range)
        }
    }

    package func releasePages() {
        switch source {
        case .stored(let tensor): tensor.releasePages()
        case .normed(let norm): norm.direction.releasePages()
        }
    }
}
