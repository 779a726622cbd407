import W2V2Engine

/// Compares a model with the same one in float32: what its precision costs.
package struct PrecisionCheck: Sendable {
    private let engine: EmotionModel
    private let float32: EmotionModel

    /// - Parameters:
    ///   - engine: the model
    ///   - float32: made of the same parameters
    /// - Throws: ``VerificationError`` if one has other sizes than the other.
    package init(of engine: EmotionModel, against float32: EmotionModel) throws {
        guard engine.architecture == float32.architecture else { throw VerificationError(.architecturesDiffer) }
        precondition(float32.precision == .float32, "a model is compared with float32")
        self.engine = engine
        self.float32 = float32
    }

    /// Compares what both make of signals.
    package func run(_ signals: [TestSignal]) throws -> PrecisionReport {
        let found = try signals.map { try engine.run($0, hasStates: false).outputs }
        let expected = try signals.map { try float32.run($0, hasStates: false).outputs }
        let architecture = engine.architecture
        return PrecisionReport(
            precision: engine.precision, signals: signals.count,
            outputs: architecture.outputs.map { output in
                .init(
                    output, found: found.map { $0[output]?.elements ?? [] },
                    expected: expected.map { $0[output]?.elements ?? [] },
                    isScores: output != architecture.pooledOutput)
            })
    }
}
