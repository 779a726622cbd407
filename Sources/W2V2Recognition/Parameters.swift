import ONNXLoader
import W2V2Network

/// One of the network's parameters: constants of the graph, and how the network's numbers come from them.
package struct NamedParameter: Parameter {
    package let name: String
    package let shape: [Int]
    private let constant: Constant
    /// Whether the elements are stored as `[input, output]`.
    package let isTransposed: Bool

    /// A norm's parameter, a bias, or a convolution's weight.
    init(_ name: String, _ constant: Constant) {
        self.name = name
        self.constant = constant
        isTransposed = false
        shape = constant.shape
    }

    /// A fully connected layer's weight, `[input, output]`.
    init(_ name: String, linear constant: Constant) {
        self.name = name
        self.constant = constant
        isTransposed = !constant.isTransposed
        shape = constant.shape.reversed()
    }

    /// The tensor that holds its elements, of the file or as constant folding left it.
    package var tensor: Tensor { constant.stored }
    /// Whether the elements are those of ``tensor`` as they are, all of them.
    package var isStored: Bool { constant.isStored }

    /// How the elements are stored, such as `int8, one scale`.
    var storedForm: String {
        guard let scales = constant.scales else { return "\(constant.stored.elementType)" }
        return "\(constant.stored.elementType), \(scales.count == 1 ? "one scale" : "a scale for each output")"
    }

    package func storedFloats(in range: Range<Int>) throws -> [Float] { try constant.floats(in: range) }
    package func releasePages() { constant.stored.releasePages() }
}

extension ArchitectureReader {
    /// Keeps the parameters of the layer that `module` is.
    mutating func keep(_ norm: LayerNorm, as module: String) throws {
        try keep(norm.weight, as: "\(module).weight")
        try keep(norm.bias, as: "\(module).bias")
    }

    /// Keeps the parameters of the layer that `module` is.
    mutating func keep(_ linear: LinearParameters, as module: String) throws {
        parameters.append(NamedParameter("\(module).weight", linear: linear.weight))
        if let bias = linear.bias { try keep(bias, as: "\(module).bias") }
    }

    /// Keeps the parameters of the layer that `module` is.
    mutating func keep(_ convolution: ConvolutionParameters, as module: String) throws {
        try keep(convolution.weight, as: "\(module).weight")
        if let bias = convolution.bias { try keep(bias, as: "\(module).bias") }
    }

    private mutating func keep(_ constant: Constant, as name: String) throws {
        // A matrix that is stored with its axes exchanged has no such order for others to read.
        guard !constant.isTransposed else {
            parameters.append(NamedParameter(name, Constant(stored: try constant.tensor())))
            return
        }
        parameters.append(NamedParameter(name, constant))
    }
}
