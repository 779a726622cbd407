import ONNXLoader
import W2V2Network

/// One of the few operations that every graph is made of in the end.
///
/// An operation knows no layout. What it computes is its base: for layers over time `[1, frames, channels]`, whatever the
/// order of axes in the graph. Each ``Operand`` says how the axes that the graph sees are made of the base's.
struct Operation: Sendable {
    enum Kind: Sendable {
        /// The graph's input, `[1, samples]`.
        case signal

        // The network's own.
        case convolution(ConvolutionParameters, ConvolutionSettings)
        /// x · weight + bias, over the base's last axis.
        case linear(LinearParameters)
        /// (x − mean) / √(variance + ε) over the base's last axis, times weight plus bias.
        case layerNorm(LayerNorm)
        /// (x − mean) / √(variance + ε) over an axis.
        case standardization(axis: Int, Epsilon)
        /// x · (1 + erf(x / √2)) / 2
        case gelu
        case tanh
        case softmax(axis: Int)
        case mean(axis: Int)
        /// The matrix product of two values' last two axes.
        case product
        /// Some of an axis.
        case slice(axis: Int, start: Int)
        /// The elements of a view in the order of its axes.
        case rearrangement

        // Arithmetic, element by element.
        case sum
        case difference
        case elementwiseProduct
        case quotient
        /// x · number
        case scale(Scalar)
        /// x + number
        case shift(Scalar)
        /// x · vector, one number for each place along the base's last axis.
        case channelScale(Constant)
        /// x + vector.
        case channelShift(Constant)
        case square
        case power(Scalar)
        case squareRoot
        case reciprocal
        case errorFunction
        /// The sum over an axis, which stays with length 1.
        case total(axis: Int)

        // Parts of norms.
        /// x − its mean over an axis.
        case centering(axis: Int)
        /// x / √(mean of x² + ε) over an axis.
        case rootMeanSquareNorm(axis: Int, Epsilon)

        /// What has no place in the architecture, and why if its node could not be understood.
        case other(RecognitionError?)
    }

    var kind: Kind
    /// What it reads that depends on samples.
    var inputs: [Operand]
    /// Of the base.
    var shape: [Extent]
    /// The nodes of the graph that it was made of, without those of its ``parts`` and the rearrangements of its operands.
    var nodes: [Int]
    /// The graph's value that is the result, if there is one.
    var value: GraphValue?
    /// The operations that it computes itself, and how their results were read.
    var parts: [Operand] = []
    /// The first and the last of the nodes, with those of its parts; nil if there are none.
    var span: ClosedRange<Int>?

    init(kind: Kind, inputs: [Operand], shape: [Extent], nodes: [Int], value: GraphValue? = nil) {
        self.kind = kind
        self.inputs = inputs
        self.shape = shape
        self.nodes = nodes
        self.value = value
        if let first = nodes.min(), let last = nodes.max() { span = first...last }
    }

    /// What messages and accounts call it.
    var name: String {
        switch kind {
        case .signal: "Signal"
        case .convolution: "Conv"
        case .linear: "Linear"
        case .layerNorm: "LayerNorm"
        case .standardization: "Normalization"
        case .gelu: "GELU"
        case .tanh: "Tanh"
        case .softmax: "Softmax"
        case .mean: "Mean"
        case .product: "MatMul"
        case .slice: "Slice"
        case .rearrangement: "Rearrangement"
        case .sum: "Add"
        case .scale: "Scale"
        default: "Other"
        }
    }
}

/// A value of the graph, and how its axes are made of an operation's base.
struct GraphValue: Sendable {
    let name: String
    let view: AxisView
}

/// The result of an operation as another one reads it.
struct Operand: Sendable {
    /// Which operation computes it.
    var source: Int
    var view: AxisView
    /// The last of the nodes between, which only rearrange it (``CanonicalGraph/rearrangements(of:)``).
    var rearrangements: [Int] = []

    /// The number of elements along each axis.
    var shape: [ExtentProduct] { view.shape }
}

/// The parameters of LayerNorm, both `[size]`, and its ε.
struct LayerNorm: Sendable {
    let weight: Constant
    let bias: Constant
    let epsilon: Epsilon
}

/// The number under the root, and the node that adds it.
struct Epsilon: Sendable {
    let value: Scalar
    let node: String
}

/// The parameters of a fully connected layer.
struct LinearParameters: Sendable {
    /// `[input, output]`
    var weight: Constant
    /// `[output]`; nil if none is added.
    var bias: Constant?

    var inputSize: Int { weight.shape[0] }
    var outputSize: Int { weight.shape[1] }
}

/// The parameters of a convolution: weight `[output channels, input channels of a group, kernel]`, bias
/// `[output channels]`, or nil if none is added.
struct ConvolutionParameters: Sendable {
    var weight: Constant
    var bias: Constant?
}
