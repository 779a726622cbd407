import W2V2Engine

/// Who computed a network's states.
public enum LayerSource: String, Sendable, Hashable, Codable {
    case engine
    /// The model's own graph, run literally in Double.
    case graph
    /// Arrays of a file, from another program.
    case reference
}

/// How far two runs of the network are apart at one stage.
public struct LayerDifference: Sendable, Hashable, Codable {
    public let stage: String
    /// Without axes of size 1.
    public let shape: [Int]
    public let difference: Difference
    /// The largest difference in units in the last place: in steps of float32 at the largest magnitude expected.
    public let ulp: Double
    /// The mean difference, relative to the mean magnitude expected; to 1 at least for heads.
    public let distance: Double
    /// The largest ``distance`` that rounding explains.
    public let allowed: Double

    /// Whether rounding doesn't explain the distance.
    public var parts: Bool { !(distance <= allowed) }
}

/// Two runs side by side.
public struct LayerPair: Sendable, Hashable, Codable {
    public let found: LayerSource
    public let expected: LayerSource
    /// In forward order, as far as both states are known.
    public let stages: [LayerDifference]
    /// The first stage whose distance rounding doesn't explain.
    public let firstParting: String?

    init(
        _ found: LayerSource, _ foundRun: NetworkRun, from expected: LayerSource, _ expectedRun: NetworkRun,
        of architecture: Architecture, samples: Int
    ) {
        self.found = found
        self.expected = expected
        var rule = RoundingRule()
        var stages: [LayerDifference] = []
        for stage in Stage.all(of: architecture) {
            guard let state = foundRun.state(at: stage, of: architecture),
                let other = expectedRun.state(at: stage, of: architecture)
            else {
                _ = rule.allowance(at: stage, distance: nil)
                continue
            }
            let (a, b) = (
                architecture.used(state, at: stage, samples: samples),
                architecture.used(other, at: stage, samples: samples)
            )
            // As many numbers in another shape are other numbers.
            let difference =
                a.shape == b.shape ? Difference(of: a.elements, from: b.elements) : Difference(of: [], from: [1])
            let distance = difference.relativeMean(atLeast: stage.isHead ? 1 : 0)
            stages.append(
                LayerDifference(
                    stage: stage.label(in: architecture), shape: b.shape, difference: difference, ulp: difference.ulp,
                    distance: distance, allowed: rule.allowance(at: stage, distance: distance)))
        }
        self.stages = stages
        firstParting = stages.first(where: \.parts)?.stage
    }
}

/// The layers of a network on one signal, as engine, graph and a reference compute them.
public struct LayerReport: Sendable, Hashable, Codable {
    public let signal: String
    public let samples: Int
    /// Engine and graph; with a reference, engine and reference, graph and reference as well.
    public let pairs: [LayerPair]
    /// Whether rounding explains all differences.
    public let passed: Bool

    init(
        of signal: TestSignal, in architecture: Architecture, engine: NetworkRun, graph: NetworkRun,
        reference: NetworkRun?
    ) {
        self.signal = signal.name
        samples = signal.samples.count
        let runs: [(LayerSource, NetworkRun)] =
            [(.engine, engine), (.graph, graph)] + (reference.map { [(.reference, $0)] } ?? [])
        let pairs = runs.indices.dropLast().flatMap { found in
            runs[(found + 1)...].map { expected in
                LayerPair(
                    runs[found].0, runs[found].1, from: expected.0, expected.1, of: architecture,
                    samples: signal.samples.count)
            }
        }
        self.pairs = pairs
        passed = pairs.allSatisfy { $0.firstParting == nil }
    }

    /// The pair of two sources.
    public func pair(_ found: LayerSource, _ expected: LayerSource) -> LayerPair? {
        pairs.first { $0.found == found && $0.expected == expected }
    }
}

extension Stage {
    fileprivate var isHead: Bool { if case .head = self { true } else { false } }
}

extension NetworkRun {
    /// A stage's state; that of the last stages may be known as an output.
    fileprivate func state(at stage: Stage, of architecture: Architecture) -> Values? {
        switch stage {
        case .pooled: outputs[architecture.pooledOutput] ?? states[stage]
        case .head(let index): outputs[architecture.heads[index].output] ?? states[stage]
        default: states[stage]
        }
    }
}
