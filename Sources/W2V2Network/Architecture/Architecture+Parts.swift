extension Architecture {
    /// What one part of the network holds and computes.
    public struct Part: Sendable, Hashable, Codable {
        /// The path of its module; `*` stands for the number of a layer. A norm before it is counted with it.
        public let name: String
        /// How many numbers of it were learnt.
        public let parameters: Int
        /// Multiplications and additions of its matrix products.
        public let floatingPointOperations: Int
    }

    /// The parts in forward order, those of the encoder's layers taken together, for a signal of `samples` samples.
    /// Their sums are ``parameterCount`` and ``floatingPointOperations(samples:)``.
    public func parts(samples: Int) -> [Part] {
        var names: [String] = []
        var operations: [String: [NetworkOperation]] = [:]
        for operation in self.operations(samples: samples) {
            guard let name = operation.part else { continue }
            if operations[name] == nil { names.append(name) }
            operations[name, default: []].append(operation)
        }
        return names.map { name in
            let operations = operations[name] ?? []
            return Part(
                name: name, parameters: operations.reduce(0) { $0 + $1.parameters },
                floatingPointOperations: operations.reduce(0) { $0 + $1.floatingPointOperations })
        }
    }

    /// The numbers that the network has learnt: weights and biases of every layer.
    public var parameterCount: Int { operations(samples: 0).reduce(0) { $0 + $1.parameters } }

    /// The multiplications and additions of the matrix products for a signal of `samples` samples: two for each weight
    /// that a frame meets, and for each pair of frames in attention. Norms and activations, under 1 %, are not counted.
    public func floatingPointOperations(samples: Int) -> Int {
        operations(samples: samples).reduce(0) { $0 + $1.floatingPointOperations }
    }
}

extension NetworkOperation {
    /// The part that it is counted with; nil if it has neither parameters nor products.
    var part: String? {
        switch kind {
        case .inputNormalization, .pooling: nil
        case .convolution, .convolutionNorm: "feature_extractor"
        case .projectionNorm, .projection: "feature_projection"
        case .positionalConvolution: "encoder.pos_conv_embed"
        case .attentionNorm, .query, .key, .value, .packing, .scores, .softmax, .context, .attentionOutput:
            "encoder.layers.*.attention"
        case .feedForwardNorm, .feedForwardIntermediate, .feedForwardOutput: "encoder.layers.*.feed_forward"
        case .finalNorm: "encoder.layer_norm"
        case .mixing: "layer_weights"
        case .head: layer.map { "heads.\($0)" }
        }
    }
}
