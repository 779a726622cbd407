import ONNXLoader
import W2V2Network

/// One of the network's parameters, a tensor of the file or what constant folding made of some.
package struct NamedParameter: Parameter {
    package let name: String
    package let shape: [Int]
    /// Where its elements are: in the file, or as constant folding left them.
    package let tensor: Tensor
    /// Whether `tensor` is `[input, output]`.
    package let isTransposed: Bool

    init(_ name: String, _ tensor: Tensor, isTransposed: Bool = false) {
        self.name = name
        self.tensor = tensor
        self.isTransposed = isTransposed
        shape = isTransposed ? tensor.shape.reversed() : tensor.shape
    }

    package func storedFloats(in range: Range<Int>) throws -> [Float] { try tensor.floats(in: range) }
    package func releasePages() { tensor.releasePages() }
}

/// The parameters of LayerNorm: both `[size]`.
struct NormParameters {
    let weight: Tensor
    let bias: Tensor
}

/// The parameters of a fully connected layer.
struct LinearParameters {
    /// The order of the weight's axes.
    enum Layout {
        /// `[input, output]`, as MatMul takes it.
        case inputMajor
        /// `[output, input]`, as torch keeps it and Gemm takes it with `transB`.
        case outputMajor
    }

    let weight: Tensor
    let layout: Layout
    /// `[output]`
    let bias: Tensor

    var inputSize: Int { layout == .inputMajor ? weight.shape[0] : weight.shape[1] }
    var outputSize: Int { layout == .inputMajor ? weight.shape[1] : weight.shape[0] }
}

/// The parameters of a convolution: weight `[output channels, input channels of a group, kernel]`, bias
/// `[output channels]`.
struct ConvolutionParameters {
    let weight: Tensor
    let bias: Tensor
}

extension ArchitectureReader {
    /// Keeps the parameters of the layer that `module` is.
    mutating func keep(_ norm: NormParameters, as module: String) {
        parameters += [NamedParameter("\(module).weight", norm.weight), NamedParameter("\(module).bias", norm.bias)]
    }

    /// Keeps the parameters of the layer that `module` is.
    mutating func keep(_ linear: LinearParameters, as module: String) {
        parameters += [
            NamedParameter("\(module).weight", linear.weight, isTransposed: linear.layout == .inputMajor),
            NamedParameter("\(module).bias", linear.bias),
        ]
    }

    /// Keeps the parameters of the layer that `module` is.
    mutating func keep(_ convolution: ConvolutionParameters, as module: String) {
        parameters += [
            NamedParameter("\(module).weight", convolution.weight), NamedParameter("\(module).bias", convolution.bias),
        ]
    }
}
