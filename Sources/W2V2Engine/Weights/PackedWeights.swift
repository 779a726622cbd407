import Kernels

extension RecognizedModel {
    /// Packs all weights, on the threads of `team`; by name.
    func packedWeights(_ team: ThreadTeam) throws -> [String: ConstantFloats] {
        let weights = packableWeights
        var results = [Result<ConstantFloats, any Error>?](repeating: nil, count: weights.count)
        results.withUnsafeMutableBufferPointer { slots in
            team.forEach(weights.count) { index, _ in slots[index] = Result { try weights[index].pack() } }
        }
        var floats: [String: ConstantFloats] = [:]
        for (weight, result) in zip(weights, results) { floats[weight.name] = try result?.get() }
        return floats
    }
}
