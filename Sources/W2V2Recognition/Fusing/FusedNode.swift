import ONNXLoader

/// One operation of the architecture: one node of the graph, or several that compute it together.
struct FusedNode {
    enum Operation {
        /// (x − mean) / √(variance + ε) over the last axis, times weight plus bias.
        case layerNorm(LayerNorm)
        /// (x − mean) / √(variance + ε) over the last axis.
        case standardization(Epsilon)
        /// x · (1 + erf(x / √2)) / 2
        case gelu
        case linear(LinearParameters)
        case convolution(ConvolutionParameters, ConvolutionSettings)
        case softmax(axis: Int)
        case mean(axes: [Int], keepsAxes: Bool)
        case tanh
        /// The sum of two values that depend on the signal.
        case sum
        /// The matrix product of two values that depend on the signal.
        case product
        /// Multiplication by a number.
        case scale(Double)
        case transpose([Int])
        /// A change of shape that keeps the row-major order of the elements.
        case reshape([Extent])
        /// One axis without elements at its end.
        case slice(axis: Int)
        /// An operation that has no place in the architecture, or only as part of another.
        case other
    }

    struct LayerNorm {
        var parameters: NormParameters
        var epsilon: Epsilon
    }

    /// The number under the root, and the node that adds it.
    struct Epsilon {
        var value: Double
        var node: String
    }

    var operation: Operation
    /// The nodes of the graph that compute it, in their order.
    var nodes: [Int]
    /// The values it reads that depend on the signal.
    var inputs: [String]
    var output: String
    /// The first of `nodes`, as messages name it.
    var label: String

    /// What messages call the operation.
    var name: String {
        switch operation {
        case .layerNorm: "LayerNorm"
        case .standardization: "Normalization"
        case .gelu: "GELU"
        case .linear: "Linear"
        case .convolution: "Conv"
        case .softmax: "Softmax"
        case .mean: "Mean"
        case .tanh: "Tanh"
        case .sum: "Add"
        case .product: "MatMul"
        case .scale: "Scale"
        case .transpose: "Transpose"
        case .reshape: "Reshape"
        case .slice: "Slice"
        case .other: "Other"
        }
    }
}
