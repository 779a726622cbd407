import Foundation

/// What the checks of a model found. As JSON, numbers that are not finite are strings.
public struct VerificationReport: Sendable, Hashable, Codable {
    /// Whether nothing failed.
    public let passed: Bool
    /// The engine against a literal run of the model's own graph.
    public let oracle: [SignalReport]
    /// The engine against what the model's authors published; nil where that was not asked for.
    public let published: PublishedReport?
    /// The engine against given arrays.
    public let reference: [SignalReport]
    /// Engine, graph and given arrays layer by layer; empty where that was not asked for.
    public let layers: [LayerReport]

    public init(
        oracle: [SignalReport] = [], published: PublishedReport? = nil, reference: [SignalReport] = [],
        layers: [LayerReport] = []
    ) {
        self.oracle = oracle
        self.published = published
        self.reference = reference
        self.layers = layers
        passed =
            (oracle + (published?.cases ?? []) + reference).allSatisfy(\.passed) && layers.allSatisfy(\.passed)
    }

    /// The report as JSON, with sorted keys and a line break at the end.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

/// How the engine did on one signal.
public struct SignalReport: Sendable, Hashable, Codable {
    public let signal: String
    public let samples: Int
    /// Where the expected numbers come from.
    public let source: String
    /// The network's states, in forward order.
    public let stages: [Comparison]
    public let outputs: [Comparison]
    public let passed: Bool
    /// The first stage whose state is not as expected.
    public let firstParting: String?

    init(signal: TestSignal, source: String, stages: [Comparison] = [], outputs: [Comparison]) {
        self.signal = signal.name
        samples = signal.samples.count
        self.source = source
        self.stages = stages
        self.outputs = outputs
        passed = (stages + outputs).allSatisfy(\.passed)
        firstParting = stages.first { !$0.passed }?.name
    }
}

/// How the engine did on the outputs that its model's authors published.
public struct PublishedReport: Sendable, Hashable, Codable {
    /// The published model that this one has the structure of; nil if there is none.
    public let model: String?
    /// Empty without such a model.
    public let cases: [SignalReport]
}
