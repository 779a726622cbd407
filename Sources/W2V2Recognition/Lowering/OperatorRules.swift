import ONNXLoader

/// Which rule each operator is followed by.
extension Lowering {
    /// What a node's outputs are, in order.
    typealias Rule = @Sendable (inout Lowering, NodeCall) throws -> [Value]

    static func rule(for node: Node, opset: Int) throws -> Rule {
        if let rule = rules[node.qualifiedOperation], opset >= firstOpsets[node.qualifiedOperation] ?? 0 { return rule }
        throw node.misfit(
            "operator \(node.qualifiedOperation) of operator set \(opset)",
            expected: "one that has a place in this architecture")
    }

    /// Operators that came with a later set, as far as it matters: an older graph's node of the name is not the same.
    private static let firstOpsets = ["Gelu": 20, "RMSNormalization": 23, "Attention": 23]

    private static let rules: [String: Rule] = [
        // Rearrangement.
        "Identity": identity, "Dropout": dropout, "Cast": cast, "Transpose": transpose, "Reshape": reshape,
        "Unsqueeze": unsqueeze, "Squeeze": squeeze, "Flatten": flatten, "Slice": slice, "Split": split,

        // Sizes and masks.
        "Shape": shapeOf, "Gather": gather, "Concat": concat, "Expand": expand, "Range": range,
        "ConstantOfShape": constantOfShape, "GreaterOrEqual": greaterOrEqual, "Where": selection,

        // Element by element.
        "Add": sum, "Sub": difference, "Mul": product, "Div": quotient, "Pow": power, "Sqrt": unary(.squareRoot),
        "Erf": unary(.errorFunction), "Tanh": unary(.tanh), "Reciprocal": unary(.reciprocal), "Neg": negation,
        "Gelu": gelu, "com.microsoft.Gelu": gelu, "com.microsoft.BiasGelu": biasGELU,
        "Relu": unary(.other(nil)), "Sigmoid": unary(.other(nil)), "Exp": unary(.other(nil)),
        "Log": unary(.other(nil)), "Abs": unary(.other(nil)), "Softplus": unary(.other(nil)),
        "LeakyRelu": unary(.other(nil), attributes: ["alpha"]), "Elu": unary(.other(nil), attributes: ["alpha"]),

        // Along axes.
        "Softmax": softmax, "ReduceMean": mean, "ReduceSum": total,
        "LayerNormalization": layerNormalization, "com.microsoft.LayerNormalization": layerNormalization,
        "SimplifiedLayerNormalization": rootMeanSquareNormalization,
        "RMSNormalization": rootMeanSquareNormalization,
        "com.microsoft.SkipLayerNormalization": skipLayerNormalization,

        // Layers.
        "MatMul": matrixProduct, "com.microsoft.FusedMatMul": fusedMatrixProduct,
        "com.microsoft.TransposeMatMul": fusedMatrixProduct, "Gemm": gemm, "com.microsoft.FusedGemm": gemm,
        "Conv": convolution, "com.microsoft.FusedConv": convolution, "Attention": attention,
        "com.microsoft.Attention": packedAttention, "com.microsoft.MultiHeadAttention": multiHeadAttention,

        // Quantised numbers.
        "DynamicQuantizeLinear": dynamicQuantization, "QuantizeLinear": quantization,
        "com.microsoft.QuantizeLinear": quantization, "DequantizeLinear": dequantization,
        "com.microsoft.DequantizeLinear": dequantization, "MatMulInteger": integerProduct,
        "ConvInteger": integerConvolution, "com.microsoft.MatMulIntegerToFloat": scaledIntegerProduct,
        "com.microsoft.DynamicQuantizeMatMul": dynamicQuantizedProduct,
    ]
}
