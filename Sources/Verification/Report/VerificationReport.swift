import Foundation

/// What the checks of a model found. As JSON, numbers that are not finite are strings.
package struct VerificationReport: Sendable, Hashable, Codable {
    /// Whether nothing failed.
    package let passed: Bool
    /// The engine against a literal run of the model's own graph.
    package let oracle: [SignalReport]
    /// The engine against what the model's authors published; nil if that was not asked for.
    package let published: PublishedReport?
    /// The engine against given arrays.
    package let reference: [SignalReport]
    /// Engine, graph and given arrays layer by layer; empty if that was not asked for.
    package let layers: [LayerReport]
    /// What the engine's precision costs; nil if that is float32.
    package let againstFloat32: PrecisionReport?

    package init(
        oracle: [SignalReport] = [], published: PublishedReport? = nil, reference: [SignalReport] = [],
        layers: [LayerReport] = [], againstFloat32: PrecisionReport? = nil
    ) {
        self.oracle = oracle
        self.published = published
        self.reference = reference
        self.layers = layers
        self.againstFloat32 = againstFloat32
        passed =
            (oracle + (published?.cases ?? []) + reference).allSatisfy(\.passed) && layers.allSatisfy(\.passed)
    }

    /// The same with what the engine's precision costs.
    package init(_ report: VerificationReport, againstFloat32: PrecisionReport?) {
        self.init(
            oracle: report.oracle, published: report.published, reference: report.reference, layers: report.layers,
            againstFloat32: againstFloat32)
    }

    /// The report as JSON, with sorted keys and a line break at the end.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

/// How the engine did on one signal.
package struct SignalReport: Sendable, Hashable, Codable {
    package let signal: String
    package let samples: Int
    /// Where the expected numbers come from.
    package let source: String
    /// The network's states, in forward order.
    package let stages: [Comparison]
    package let outputs: [Comparison]
    package let passed: Bool
    /// The first stage whose state is not as expected.
    package let firstDivergence: String?

    init(signal: TestSignal, source: String, stages: [Comparison] = [], outputs: [Comparison]) {
        self.signal = signal.name
        samples = signal.samples.count
        self.source = source
        self.stages = stages
        self.outputs = outputs
        passed = (stages + outputs).allSatisfy(\.passed)
        firstDivergence = stages.first { !$0.passed }?.name
    }
}

/// How the engine did on the outputs that its model's authors published.
package struct PublishedReport: Sendable, Hashable, Codable {
    /// The published model that this one has the structure of; nil if there is none.
    package let model: String?
    /// Empty without such a model.
    package let cases: [SignalReport]
}
