/// The tensors of a checkpoint, each to be taken once.
struct TensorAccount {
    private let weights: CheckpointWeights
    /// What names begin with: `wav2vec2.`, `hubert.`, or nothing in a bare encoder.
    private let prefix: String
    private var taken: Set<String> = []
    private(set) var parameters: [CheckpointParameter] = []

    init(_ weights: CheckpointWeights, prefix: String) {
        self.weights = weights
        self.prefix = prefix
    }

    /// Whether there is a tensor of this name, as the file has it.
    func has(_ name: String) -> Bool { weights[name] != nil }

    /// Takes a tensor of the encoder as the parameter of its name.
    mutating func take(_ name: String, shape: [Int]) throws(CheckpointError) {
        parameters.append(CheckpointParameter(name, try tensor(prefix + name, shape: shape)))
    }

    /// Takes the weight and bias of a layer of the encoder.
    mutating func take(layer: String, weight: [Int], bias: Int) throws(CheckpointError) {
        try take("\(layer).weight", shape: weight)
        try take("\(layer).bias", shape: [bias])
    }

    /// Takes the weight and bias of a fully connected layer outside of the encoder as those of `parameter`.
    mutating func take(head layer: String, as parameter: String, input: Int, output: Int) throws(CheckpointError) {
        parameters.append(
            CheckpointParameter("\(parameter).weight", try tensor("\(layer).weight", shape: [output, input])))
        parameters.append(CheckpointParameter("\(parameter).bias", try tensor("\(layer).bias", shape: [output])))
    }

    /// Takes a tensor outside of the encoder as the parameter of the same name.
    mutating func take(outside name: String, shape: [Int]) throws(CheckpointError) {
        parameters.append(CheckpointParameter(name, try tensor(name, shape: shape)))
    }

    /// Takes a convolution's weight, whose norm is a parameter of its own in one of torch's two ways, or which is whole.
    mutating func takeNormed(_ name: String, shape: [Int]) throws(CheckpointError) {
        let forms = [
            ("weight_g", "weight_v"), ("parametrizations.weight.original0", "parametrizations.weight.original1"),
        ]
        guard let (magnitude, direction) = forms.first(where: { has("\(prefix)\(name).\($0.1)") }) else {
            return try take("\(name).weight", shape: shape)
        }
        let norm = try WeightNorm(
            direction: try tensor("\(prefix)\(name).\(direction)", shape: shape),
            magnitude: try tensor("\(prefix)\(name).\(magnitude)", shape: [1, 1, shape[2]]))
        parameters.append(CheckpointParameter("\(name).weight", norm))
    }

    /// Leaves out a tensor that only training uses, if it is there.
    mutating func leaveOut(_ name: String) {
        if has(prefix + name) { taken.insert(prefix + name) }
    }

    /// The shape of a tensor outside of the encoder, with `count` axes, which tells the size of a head.
    func shape(of name: String, count: Int) throws(CheckpointError) -> [Int] {
        guard let tensor = weights[name] else { throw error(.missing, name) }
        guard tensor.shape.count == count, tensor.shape.allSatisfy({ $0 >= 1 }) else {
            throw error(.otherShape(found: tensor.shape, expected: Array(repeating: 1, count: count)), name)
        }
        return tensor.shape
    }

    /// Throws if a tensor was not taken.
    func checkThatAllAreTaken() throws(CheckpointError) {
        let others = weights.tensors.map(\.name).filter { !taken.contains($0) }.sorted()
        guard others.isEmpty else {
            throw CheckpointError(.network(.leftOver(names: others)), file: weights.files.first ?? "")
        }
    }

    private mutating func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> CheckpointTensor {
        guard let tensor = weights[name] else { throw error(.missing, name) }
        guard tensor.shape == shape else { throw error(.otherShape(found: tensor.shape, expected: shape), name) }
        guard tensor.elementType.isFloatingPoint else {
            throw CheckpointError(.noNumbers(type: tensor.elementType.name), part: name, file: tensor.path)
        }
        taken.insert(name)
        return tensor
    }

    private func error(_ problem: CheckpointNetworkProblem, _ name: String) -> CheckpointError {
        CheckpointError(.network(problem), part: name, file: weights[name]?.path ?? weights.files.first ?? "")
    }
}

extension CheckpointElementType {
    /// Whether elements can be read as numbers.
    fileprivate var isFloatingPoint: Bool { if case .other = self { false } else { true } }
}
