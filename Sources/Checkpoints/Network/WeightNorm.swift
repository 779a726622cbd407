/// A convolution's weight as torch's weight norm over its last axis keeps it: a direction and a magnitude for each tap.
///
/// weight[o, i, k] = magnitude[k] · direction[o, i, k] / √(Σ over o and i of direction[o, i, k]²), as in
/// `torch.nn.utils.weight_norm(conv, dim=2)` (Salimans and Kingma, "Weight Normalization", 2016).
struct WeightNorm {
    /// `[outputs, inputs of a group, kernel]`
    let direction: CheckpointTensor
    /// `[1, 1, kernel]`
    let magnitude: CheckpointTensor

    /// The weight, computed in Double and rounded once.
    func weight() throws(CheckpointError) -> [Float] {
        let kernel = direction.shape[2]
        let (directions, magnitudes) = (try direction.floats(), try magnitude.floats())
        var squares = [Double](repeating: 0, count: kernel)
        for start in stride(from: 0, to: directions.count, by: kernel) {
            for tap in 0..<kernel { squares[tap] += Double(directions[start + tap]) * Double(directions[start + tap]) }
        }
        let factors = zip(magnitudes, squares).map { Double($0) / $1.squareRoot() }
        guard factors.allSatisfy(\.isFinite) else {
            throw CheckpointError(.network(.numberNotFinite), part: magnitude.name, file: magnitude.path)
        }
        var weight = directions
        for start in stride(from: 0, to: weight.count, by: kernel) {
            for tap in 0..<kernel { weight[start + tap] = Float(Double(weight[start + tap]) * factors[tap]) }
        }
        return weight
    }
}
