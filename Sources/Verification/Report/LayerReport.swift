import W2V2Engine

/// What computed a network's states.
package enum LayerSource: String, Sendable, Hashable, Codable {
    case engine
    /// The model's own graph, run literally in Double.
    case graph
    /// Arrays of a file, from another program.
    case reference
}

/// How far two runs of the network are apart at one stage.
package struct LayerDifference: Sendable, Hashable, Codable {
    package let stage: String
    /// Without axes of size 1.
    package let shape: [Int]
    package let difference: Difference
    /// The largest difference in units in the last place: in steps of float32 at the largest magnitude expected.
    package let ulp: Double
    /// The mean difference, relative to the mean magnitude expected; to 1 at least for heads.
    package let distance: Double
    /// The largest ``distance`` that rounding explains.
    package let allowed: Double

    /// Whether rounding doesn't explain the distance.
    package var diverges: Bool { !(distance <= allowed) }
}

/// Two runs side by side.
package struct LayerPair: Sendable, Hashable, Codable {
    package let found: LayerSource
    package let expected: LayerSource
    /// In forward order, as far as both states are known.
    package let stages: [LayerDifference]
    /// The first stage whose distance rounding doesn't explain.
    package let firstDivergence: String?

    init(
        _ found: LayerSource, _ foundRun: NetworkRun, from expected: LayerSource, _ expectedRun: NetworkRun,
        of architecture: Architecture, samples: Int, _ rule: RoundingRule
    ) {
        self.found = found
        self.expected = expected
        var rule = rule
        var stages: [LayerDifference] = []
        for stage in Stage.all(of: architecture) {
            guard let a = foundRun.state(at: stage, of: architecture, samples: samples),
                let b = expectedRun.state(at: stage, of: architecture, samples: samples)
            else {
                _ = rule.allowance(at: stage, distance: nil)
                continue
            }
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
        firstDivergence = stages.first(where: \.diverges)?.stage
    }
}

/// The layers of a network on one signal, as engine, graph and a reference compute them.
package struct LayerReport: Sendable, Hashable, Codable {
    package let signal: String
    package let samples: Int
    /// Engine and graph; with a reference, engine and reference, graph and reference as well.
    package let pairs: [LayerPair]
    /// Whether rounding explains all differences.
    package let passed: Bool

    init(
        of signal: TestSignal, in architecture: Architecture, _ precision: Precision, engine: NetworkRun,
        graph: NetworkRun, reference: NetworkRun?
    ) {
        self.signal = signal.name
        samples = signal.samples.count
        let runs: [(LayerSource, NetworkRun)] =
            [(.engine, engine), (.graph, graph)] + (reference.map { [(.reference, $0)] } ?? [])
        pairs = runs.indices.dropLast().flatMap { found in
            runs[(found + 1)...].map { expected in
                LayerPair(
                    runs[found].0, runs[found].1, from: expected.0, expected.1, of: architecture,
                    samples: signal.samples.count,
                    RoundingRule(runs[found].0 == .engine ? precision : .float32))
            }
        }
        passed = pairs.allSatisfy { $0.firstDivergence == nil }
    }

    /// The pair of two sources.
    package func pair(_ found: LayerSource, _ expected: LayerSource) -> LayerPair? {
        pairs.first { $0.found == found && $0.expected == expected }
    }
}

extension Stage {
    fileprivate var isHead: Bool { if case .head = self { true } else { false } }

    /// What its own rounding comes to. A head reads the pooled state and not the head before it, so what it may differ by
    /// without that is as much as in the stages before.
    fileprivate func rounding(_ precision: Precision) -> Double {
        switch (self, precision) {
        case (.inputNormalization, _): RoundingRule.normalizationRounding
        case (_, .float32), (.featureExtractor(layer: 0), _): RoundingRule.rounding
        case (.featureExtractor, _), (.extractedFeatures, _), (_, .int16): RoundingRule.int16Rounding
        case (_, .int8): RoundingRule.int8Rounding
        }
    }
}

extension NetworkRun {
    /// A stage's state; that of the last stages may be known as an output.
    fileprivate func state(at stage: Stage, of architecture: Architecture, samples: Int) -> Values? {
        let state =
            switch stage {
            case .pooled: outputs[architecture.pooledOutput] ?? states[stage]
            case .head(let index): outputs[architecture.heads[index].output] ?? states[stage]
            default: states[stage]
            }
        return state.map { architecture.used($0, at: stage, samples: samples) }
    }
}

/// Decides whether rounding explains how far two runs of the same network are apart at a stage.
///
/// The distance of two states is the mean difference of their numbers, relative to the mean magnitude of those expected
/// (of a head's scores, which may happen to be nearly 0: to 1 at least). A stage hands on the distance that it finds and
/// adds rounding of its own. So rounding explains a distance of up to ``growth`` times the distance at the stage before,
/// or ``growth`` times the rounding of the stages since: anything beyond that comes from this stage itself, such as from
/// another weight. Only the first such stage means anything: those after it compute with another state.
struct RoundingRule {
    /// By how much a stage may increase the distance that it finds. Sound models come to 5 at most, with attention so
    /// peaked that it is undecided between frames.
    static let growth = 10.0

    /// What a stage's own rounding comes to: two units in the last place of float32.
    static let rounding = 0x1p-22

    /// That of the input's normalisation, whose sums run over all samples: some programs add them up one by one.
    static let normalizationRounding = 0x1p-18

    /// What rounding frames and columns to whole numbers comes to: two to four times the most that was found to arise in a
    /// stage of the tests' exports, or a stage's part of it.
    static let int16Rounding = 0x1p-14
    static let int8Rounding = 0x1p-8

    private let precision: Precision
    private var last = 0.0
    private var rounding = 0.0

    /// - Parameter precision: in which one of the two runs computes its products; the other is more exact, or as exact.
    init(_ precision: Precision = .float32) { self.precision = precision }

    /// The largest distance that rounding explains at a stage. To be called for every stage in forward order; `distance`
    /// is nil if one of the two states isn't known.
    mutating func allowance(at stage: Stage, distance: Double?) -> Double {
        rounding += stage.rounding(precision)
        let allowance = Self.growth * max(last, rounding)
        if let distance {
            last = distance
            rounding = 0
        }
        return allowance
    }
}
