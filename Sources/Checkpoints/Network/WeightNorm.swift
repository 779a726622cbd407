/// A convolution's weight as torch's weight norm over its last axis keeps it: a direction and a magnitude for each tap.
///
/// weight[o, i, k] = magnitude[k] · direction[o, i, k] / √(Σ over o and i of direction[o, i, k]²), as in
/// `torch.nn.utils.weight_norm(conv, dim=2)` (Salimans and Kingma, "Weight Normalization", 2016).
struct WeightNorm: Sendable {
    /// `[outputs, inputs of a group, kernel]`
    let direction: CheckpointTensor
    /// What each tap is multiplied by: its magnitude, by the length of its direction.
    private let factors: [Double]

    /// - Parameters:
    ///   - direction: `[outputs, inputs of a group, kernel]`
    ///   - magnitude: `[1, 1, kernel]`
    /// - Throws: ``CheckpointError`` if a tensor can't be read, or a tap has no length.
    init(direction: CheckpointTensor, magnitude: CheckpointTensor) throws(CheckpointError) {
        let kernel = direction.shape[2]
        let (directions, magnitudes) = (try direction.floats(), try magnitude.floats())
        var squares = [Double](repeating: 0, count: kernel)
        for start in stride(from: 0, to: directions.count, by: kernel) {
            for tap in 0..<kernel { squares[tap] += Double(directions[start + tap]) * Double(directions[start + tap]) }
        }
        factors = zip(magnitudes, squares).map { Double($0) / $1.squareRoot() }
        self.direction = direction
        guard factors.allSatisfy(\.isFinite) else {
            throw CheckpointError(.network(.numberNotFinite), part: magnitude.name, file: magnitude.path)
        }
    }

    /// Some of the weight's elements, computed in Double and rounded once.
    func floats(in range: Range<Int>) throws(CheckpointError) -> [Float] {
        var weight = try direction.floats(in: range)
        var tap = range.lowerBound % factors.count
        for index in weight.indices {
            weight[index] = Float(Double(weight[index]) * factors[tap])
            tap = tap + 1 == factors.count ? 0 : tap + 1
        }
        return weight
    }
}
