import Foundation
import TestSupport

@testable import W2V2Network

/// A parameter whose numbers are made here.
struct SeededParameter: Parameter {
    let name: String
    let shape: [Int]
    let isTransposed = false
    let elements: [Float]

    init(name: String, shape: [Int], elements: [Float]) {
        self.name = name
        self.shape = shape
        self.elements = elements
    }

    /// Numbers that depend on the name and the seed alone, of the size that keeps a network's states near 1.
    init(name: String, shape: [Int], seed: UInt64) {
        self.name = name
        self.shape = shape
        let nameSeed = name.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) }
        let uniform = noise(shape.reduce(1, *), seed: nameSeed)
        let inputs = Float(shape.dropFirst().reduce(1, *))
        elements =
            switch (shape.count, name.split(separator: ".").last) {
            case (1, "weight"): uniform.map { 1 + 0.2 * $0 }
            case (1, "layer_weights"): uniform.map { 2 * $0 }
            case (1, _): uniform.map { 0.1 * $0 }
            default: uniform.map { $0 * (3 / inputs).squareRoot() }
            }
    }

    func storedFloats(in range: Range<Int>) -> [Float] { Array(elements[range]) }
    func releasePages() {}
}

/// A small network with numbers of its own.
struct SeededNetwork {
    let architecture: Architecture
    let parameters: [SeededParameter]

    init(architecture: Architecture, parameters: [SeededParameter]) {
        self.architecture = architecture
        self.parameters = parameters
    }

    init(_ architecture: Architecture, seed: UInt64 = 1) throws {
        self.architecture = architecture
        var seen: Set<String> = []
        parameters = try RecordedWeights.weights(of: architecture).flatMap { weight in
            // A grouped convolution's parameter is asked for by each group.
            weight.parameters.filter { seen.insert($0).inserted }
                .map { SeededParameter(name: $0, shape: weight.parameterShape, seed: seed) }
        }
    }

    func model(_ options: EngineOptions = EngineOptions(threads: 1)) throws -> EmotionModel {
        try EmotionModel(architecture, parameters: parameters, labels: [:], metadata: [:], options: options)
    }
}

extension SeededNetwork {
    /// The same network with one parameter's numbers changed.
    func changing(_ name: String, _ change: (inout [Float]) -> Void) throws -> SeededNetwork {
        SeededNetwork(
            architecture: architecture,
            parameters: parameters.map { parameter in
                guard parameter.name == name else { return parameter }
                var elements = parameter.elements
                change(&elements)
                return SeededParameter(name: name, shape: parameter.shape, elements: elements)
            })
    }
}

/// The forms in which transformers' models for sequence classification come, each in small.
enum NetworkVariant: String, Sendable, CaseIterable {
    /// The published form: the final norm's output is pooled, and heads have a tanh.
    case published
    /// The final norm's output is pooled, and heads are linear.
    case linear
    /// The pooled state is that before the final norm, and heads are linear.
    case linearAfterLastLayer
    /// All layers are mixed, the last as it is, and heads are linear.
    case mixed
    /// All layers are mixed, the last after the final norm; one head of each kind.
    case mixedWithFinalNorm

    var pooling: Architecture.Pooling {
        switch self {
        case .published, .linear: .finalNorm
        case .linearAfterLastLayer: .lastLayer
        case .mixed: .layerMix
        case .mixedWithFinalNorm: .layerMixWithFinalNorm
        }
    }

    /// A frame for 50 samples, another for each 20 more; nothing divides evenly but what must.
    var architecture: Architecture {
        get throws {
            let kernels = [(10, 5), (3, 2), (4, 2)]
            let linear = Architecture.Head(output: "logits", denseSize: 7, size: 4, kind: .linear)
            let tanh = Architecture.Head(output: "logits_other", denseSize: 9, size: 2)
            let heads =
                switch self {
                case .published: [tanh]
                case .linear, .linearAfterLastLayer, .mixed: [linear]
                case .mixedWithFinalNorm: [tanh, linear]
                }
            return try Architecture(
                input: "signal", inputNormalizationEpsilon: self == .mixed ? 1e-7 : nil,
                featureExtractor: kernels.enumerated().map { index, layer in
                    .init(inputChannels: index == 0 ? 1 : 19, outputChannels: 19, kernel: layer.0, stride: layer.1)
                },
                hiddenSize: 45, positionalConvolution: .init(kernel: 6, groups: 9, padding: 3), encoderLayers: 3,
                attentionHeads: 5, feedForwardSize: 77, layerNormEpsilon: 1e-5, pooledOutput: "hidden_states",
                heads: heads, pooling: pooling)
        }
    }
}
