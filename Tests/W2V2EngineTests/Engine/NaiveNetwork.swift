import Foundation

@testable import W2V2Network

/// The network as written down in transformers' Wav2Vec2ForSequenceClassification, in Double, one number at a time.
struct NaiveNetwork {
    /// One row a frame.
    typealias State = [[Double]]

    let architecture: Architecture
    private let parameters: [String: [Double]]

    init(_ network: SeededNetwork) {
        architecture = network.architecture
        parameters = Dictionary(
            uniqueKeysWithValues: network.parameters.map { ($0.name, $0.elements.map(Double.init)) })
    }

    /// The state at every stage.
    func states(_ signal: [Float]) -> [Stage: State] {
        var states: [Stage: State] = [:]
        var x: State = signal.map { [Double($0)] }
        if let epsilon = architecture.inputNormalizationEpsilon {
            let mean = x.reduce(0) { $0 + $1[0] } / Double(x.count)
            let variance = x.reduce(0) { $0 + ($1[0] - mean) * ($1[0] - mean) } / Double(x.count)
            x = x.map { [($0[0] - mean) / (variance + epsilon).squareRoot()] }
            states[.inputNormalization] = x
        }
        for (index, layer) in architecture.featureExtractor.enumerated() {
            let module = "feature_extractor.conv_layers.\(index)"
            x = convolution(x, "\(module).conv", kernel: layer.kernel, stride: layer.stride)
            x = norm(x, "\(module).layer_norm").map { $0.map(gelu) }
            states[.featureExtractor(layer: index)] = x
        }
        x = norm(x, "feature_projection.layer_norm")
        states[.extractedFeatures] = x
        x = linear(x, "feature_projection.projection")
        states[.featureProjection] = x
        x = add(x, positionEmbedding(x))
        states[.positionalEmbedding] = x
        for layer in 0..<architecture.encoderLayers {
            let module = "encoder.layers.\(layer)"
            x = add(x, attention(norm(x, "\(module).layer_norm"), "\(module).attention"))
            let inner = linear(norm(x, "\(module).final_layer_norm"), "\(module).feed_forward.intermediate_dense")
            x = add(x, linear(inner.map { $0.map(gelu) }, "\(module).feed_forward.output_dense"))
            states[.encoderLayer(layer)] = x
        }
        let lastLayer = x
        x = norm(x, "encoder.layer_norm")
        states[.finalNorm] = x
        if architecture.pooling.mixesLayers {
            x = mix(states)
            states[.mixed] = x
        }
        states[.pooled] = [mean(architecture.pooling == .lastLayer ? lastLayer : x)]
        for (index, head) in architecture.heads.enumerated() {
            let module = "heads.\(index)"
            states[.head(index)] =
                switch head.kind {
                case .tanh: linear(linear([mean(x)], "\(module).dense").map { $0.map(tanh) }, "\(module).out_proj")
                // As in transformers: every frame is projected, and then comes the mean.
                case .linear: linear([mean(linear(x, "\(module).dense"))], "\(module).out_proj")
                }
        }
        return states
    }

    /// Σ softmax(w)ᵢ · stateᵢ.
    private func mix(_ states: [Stage: State]) -> State {
        let layers = architecture.encoderLayers
        var mixed = [states[.positionalEmbedding] ?? []]
        for layer in 0..<layers - 1 { mixed.append(states[.encoderLayer(layer)] ?? []) }
        mixed.append(
            states[architecture.pooling == .layerMixWithFinalNorm ? .finalNorm : .encoderLayer(layers - 1)] ?? [])
        let powers = parameter("layer_weights").map { exp($0) }
        let sum = powers.reduce(0, +)
        return mixed[0].indices.map { frame in
            mixed[0][frame].indices.map { channel in
                zip(powers, mixed).reduce(0) { $0 + $1.0 / sum * $1.1[frame][channel] }
            }
        }
    }

    private func parameter(_ name: String) -> [Double] { parameters[name] ?? [] }
}

// MARK: Layers

extension NaiveNetwork {
    private func linear(_ x: State, _ module: String) -> State {
        let (weight, bias) = (parameter("\(module).weight"), parameter("\(module).bias"))
        return x.map { row in
            bias.indices.map { output in
                row.indices.reduce(bias[output]) { $0 + weight[output * row.count + $1] * row[$1] }
            }
        }
    }

    private func norm(_ x: State, _ module: String) -> State {
        let (weight, bias) = (parameter("\(module).weight"), parameter("\(module).bias"))
        return x.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            let scale = (variance + architecture.layerNormEpsilon).squareRoot()
            return row.indices.map { (row[$0] - mean) / scale * weight[$0] + bias[$0] }
        }
    }

    /// Of `groups` groups of channels, each convolved by itself; weight `[outputs, inputs of a group, kernel]`.
    private func convolution(_ x: State, _ module: String, kernel: Int, stride: Int, groups: Int = 1) -> State {
        let (weight, bias) = (parameter("\(module).weight"), parameter("\(module).bias"))
        let (inputs, outputs) = (x[0].count / groups, bias.count / groups)
        return (0..<(x.count - kernel) / stride + 1).map { frame in
            bias.indices.map { output in
                var sum = bias[output]
                for input in 0..<inputs {
                    for tap in 0..<kernel {
                        let value = x[frame * stride + tap][output / outputs * inputs + input]
                        sum += weight[(output * inputs + input) * kernel + tap] * value
                    }
                }
                return sum
            }
        }
    }

    private func positionEmbedding(_ x: State) -> State {
        let sizes = architecture.positionalConvolution
        let zeros = State(repeating: [Double](repeating: 0, count: architecture.hiddenSize), count: sizes.padding)
        let embedding = convolution(
            zeros + x + zeros, "encoder.pos_conv_embed.conv", kernel: sizes.kernel, stride: 1, groups: sizes.groups)
        return embedding.prefix(x.count).map { $0.map(gelu) }
    }

    private func attention(_ x: State, _ module: String) -> State {
        let (queries, keys, values) = (
            linear(x, "\(module).q_proj"), linear(x, "\(module).k_proj"), linear(x, "\(module).v_proj")
        )
        let size = architecture.headSize
        let context = x.indices.map { frame in
            (0..<architecture.attentionHeads).flatMap { head -> [Double] in
                let columns = head * size..<(head + 1) * size
                let powers = x.indices.map { other in
                    exp(columns.reduce(0) { $0 + queries[frame][$1] * keys[other][$1] } / Double(size).squareRoot())
                }
                let sum = powers.reduce(0, +)
                return columns.map { column in
                    x.indices.reduce(0) { $0 + powers[$1] / sum * values[$1][column] }
                }
            }
        }
        return linear(context, "\(module).out_proj")
    }

    private func add(_ x: State, _ y: State) -> State { zip(x, y).map { zip($0, $1).map { $0 + $1 } } }

    private func mean(_ x: State) -> [Double] {
        x[0].indices.map { channel in x.reduce(0) { $0 + $1[channel] } / Double(x.count) }
    }

    private func gelu(_ x: Double) -> Double { 0.5 * x * erfc(-x / 2.0.squareRoot()) }
}
