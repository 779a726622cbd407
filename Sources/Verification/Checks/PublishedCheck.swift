import Foundation
import StandInModel
import W2V2Engine

/// Checks the engine against the outputs that its model's authors published, if its model has the structure of one of
/// theirs and does not say itself that its weights are random.
package struct PublishedCheck: Sendable {
    private let engine: EmotionModel
    private let model: PublishedModel?

    package init(of engine: EmotionModel) throws {
        try self.init(of: engine, as: .matching(engine.architecture, metadata: engine.metadata))
    }

    init(of engine: EmotionModel, as model: PublishedModel?) {
        self.engine = engine
        self.model = model
    }

    package func run() throws -> PublishedReport {
        PublishedReport(model: model?.name, cases: try (model?.cases ?? []).map(report))
    }

    private func report(_ published: PublishedCase) throws -> SignalReport {
        let signal = try TestSignal.published(published.signal)
        let prediction = try engine.predict(signal.samples)
        let outputs = published.outputs.map { output in
            let values = prediction[output.output] ?? []
            let count = output.values.count
            let found = output.part == .first ? values.prefix(count) : values.suffix(count)
            return Comparison(
                values.count > count ? "\(output.output), \(output.part.rawValue) \(count)" : output.output,
                found: Values(Array(found)), expected: Values(output.values),
                tolerance: .published(
                    engine.precision, isPooled: output.output == engine.architecture.pooledOutput,
                    isRecording: output.decimals != nil))
        }
        return SignalReport(signal: signal, source: published.source, outputs: outputs)
    }
}

/// A model whose authors published some of its outputs.
struct PublishedModel: Sendable, Decodable {
    /// The archive's name, with the model's identifier and version.
    let name: String
    let encoderLayers: Int
    /// How many numbers each head gives, by its output's name.
    let heads: [String: Int]
    let cases: [PublishedCase]
}

/// What a model gives for a signal.
struct PublishedCase: Sendable, Decodable {
    let signal: String
    let source: String
    let outputs: [PublishedOutput]
}

/// The numbers at one end of an output.
struct PublishedOutput: Sendable, Decodable {
    enum Part: String, Sendable, Decodable {
        case first, last
    }

    let output: String
    let part: Part
    let values: [Double]
    /// What the numbers were rounded to; nil if they have all digits of float32.
    let decimals: Int?
}

extension PublishedModel {
    /// Whether a model has this one's sizes, inputs and outputs. Its weights may still be others.
    func matches(_ architecture: Architecture) -> Bool {
        let kernels = [10, 3, 3, 3, 3, 2, 2]
        let strides = [5, 2, 2, 2, 2, 2, 2]
        return architecture.inputNormalizationEpsilon == nil && architecture.fixedSamples == nil
            && architecture.featureExtractor.map(\.kernel) == kernels
            && architecture.featureExtractor.map(\.stride) == strides
            && architecture.featureExtractor.allSatisfy { $0.outputChannels == 512 }
            && architecture.positionalConvolution.kernel == 128 && architecture.positionalConvolution.groups == 16
            && architecture.hiddenSize == 1024 && architecture.attentionHeads == 16
            && architecture.feedForwardSize == 4096 && architecture.encoderLayers == encoderLayers
            && architecture.pooledOutput == "hidden_states"
            && architecture.heads.map(\.output).sorted() == heads.keys.sorted()
            && architecture.heads.allSatisfy { heads[$0.output] == $0.size }
    }

    /// The published model that a model has the structure of, unless it says itself that its weights are random.
    static func matching(_ architecture: Architecture, metadata: [String: String]) throws -> PublishedModel? {
        if metadata[StandIn.metadataKey] != nil { return nil }
        return try PublishedData.models().first { $0.matches(architecture) }
    }
}

/// The files of this folder, which are part of the program.
enum PublishedData {
    static func models() throws -> [PublishedModel] {
        try JSONDecoder().decode([PublishedModel].self, from: Data(PackageResources.published_outputs_json))
    }

    /// An MP3 file's bytes.
    static func recording(_ name: String) -> [UInt8]? {
        switch name {
        case "this-is-a-notebook.mp3": PackageResources.this_is_a_notebook_mp3
        case "this-is-wonderful.mp3": PackageResources.this_is_wonderful_mp3
        case "this-is-stupid.mp3": PackageResources.this_is_stupid_mp3
        default: nil
        }
    }
}
