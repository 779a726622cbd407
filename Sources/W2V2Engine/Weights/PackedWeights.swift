import Kernels

/// The network's weights, in the layouts that the engine computes with.
struct PackedWeights: Sendable {
    private let floats: [String: ConstantFloats]

    init(_ floats: [String: ConstantFloats]) { self.floats = floats }

    /// The floats of one weight.
    func find(_ name: String, _ count: Int) throws -> ConstantFloats {
        guard let floats = floats[name], floats.count == count else {
            throw EngineError.missingWeight(name: name, count: count)
        }
        return floats
    }
}

extension RecognizedModel {
    /// Packs all weights, on the threads of `team`.
    func packedWeights(_ team: ThreadTeam) throws -> PackedWeights {
        let weights = packableWeights
        var results = [Result<ConstantFloats, any Error>?](repeating: nil, count: weights.count)
        results.withUnsafeMutableBufferPointer { slots in
            team.forEach(weights.count) { index, _ in slots[index] = Result { try weights[index].pack() } }
        }
        var floats: [String: ConstantFloats] = [:]
        for (weight, result) in zip(weights, results) { floats[weight.name] = try result?.get() }
        return PackedWeights(floats)
    }
}
