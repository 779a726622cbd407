import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

extension TinyGraph {
    /// `[1, frames, 6]` as 2 heads, `[1, 2, frames, 3]`.
    mutating func heads(_ value: String) throws -> String {
        add("Transpose", try add("Reshape", value, integers(1, -1, 2, 3)), more: ["perm": .ints([0, 2, 1, 3])])
    }

    fileprivate mutating func turned(_ value: String) -> String {
        add("Transpose", value, more: ["perm": .ints([0, 2, 1])])
    }
}

@Suite("Lowering of products and convolutions")
struct ProductLoweringTests {
    static let followed: [CanonicalCase] = [
        CanonicalCase("MatMul by a matrix", "linear[6→4](x)") { [try $0.add("MatMul", "x", $0.tensor(6, 4))] },
        CanonicalCase("MatMul by a turned matrix", "linear[6→4](x)") {
            [try $0.add("MatMul", "x", $0.add("Transpose", $0.tensor(4, 6)))]
        },
        CanonicalCase("MatMul of a matrix by a matrix", "linear[6→1](mean(x, 1))") {
            [try $0.add("MatMul", "px", $0.tensor(6, 1))]
        },
        CanonicalCase("MatMul of heads by a matrix", "linear[3→5](rearranged(x))") {
            [try $0.add("MatMul", $0.heads("x"), $0.tensor(3, 5))]
        },
        CanonicalCase("MatMul of two values", "(x × y)") { [$0.add("MatMul", "x", "cy")] },
        CanonicalCase("MatMul of heads", "(x × y)") {
            let keys = $0.add("Transpose", try $0.heads("y"), more: ["perm": .ints([0, 1, 3, 2])])
            return [try $0.add("MatMul", $0.heads("x"), keys)]
        },
        CanonicalCase("FusedMatMul", "((x × y) · 0.5)") {
            [$0.add("ms.FusedMatMul", "x", "y", more: ["alpha": .float(0.5), "transB": .int(1)])]
        },
        CanonicalCase("FusedMatMul of a turned value", "(x × y)") {
            [$0.add("ms.FusedMatMul", "cx", "cy", more: ["transA": .int(1)])]
        },
        CanonicalCase("FusedMatMul by a matrix", "(linear[6→4](x) · 3.0)") {
            let more: [String: Attribute] = ["alpha": .float(3), "transB": .int(1)]
            return [try $0.add("ms.FusedMatMul", "x", $0.tensor(4, 6), more: more)]
        },
        CanonicalCase("TransposeMatMul", "linear[6→4](x)") {
            [try $0.add("ms.TransposeMatMul", "cx", $0.tensor(6, 4), more: ["transA": .int(1)])]
        },
        CanonicalCase("Gemm", "(linear[6→4](mean(x, 1)) + b)") {
            [try $0.add("Gemm", "px", $0.tensor(6, 4), $0.tensor(4))]
        },
        CanonicalCase("Gemm with a turned weight and a factor", "((linear[6→4](mean(x, 1)) · 2.0) + b)") {
            let more: [String: Attribute] = ["alpha": .float(2), "transB": .int(1)]
            return [try $0.add("Gemm", "px", $0.tensor(4, 6), $0.tensor(1, 4), more: more)]
        },
        CanonicalCase("Gemm without a bias", "linear[6→4](mean(x, 1))") { [try $0.add("Gemm", "px", $0.tensor(6, 4))] },
        CanonicalCase("FusedGemm", "tanh((linear[6→4](mean(x, 1)) + b))") {
            let more: [String: Attribute] = ["activation": .string("Tanh")]
            return [try $0.add("ms.FusedGemm", "px", $0.tensor(6, 4), $0.tensor(4), more: more)]
        },
        CanonicalCase("Conv", "conv[4](x)") { [try $0.add("Conv", "cx", $0.tensor(4, 6, 3))] },
        CanonicalCase("Conv with all settings", "conv[4]+b(x)") {
            let more: [String: Attribute] = [
                "group": .int(2), "strides": .ints([2]), "dilations": .ints([2]), "pads": .ints([3, 1]),
                "kernel_shape": .ints([3]),
            ]
            return [try $0.add("Conv", "cx", $0.tensor(4, 3, 3), $0.tensor(4), more: more)]
        },
        CanonicalCase("Conv of values in another order", "conv[4](gelu(x))") {
            [try $0.add("Conv", $0.turned($0.add("ms.Gelu", "x")), $0.tensor(4, 6, 2))]
        },
        CanonicalCase("FusedConv", "tanh(conv[4](x))") {
            [try $0.add("ms.FusedConv", "cx", $0.tensor(4, 6, 3), more: ["activation": .string("Tanh")])]
        },
    ]

    @Test("computes the same", arguments: followed)
    func form(example: CanonicalCase) throws { try example.check() }

    static let refused: [LoweringRefusal] = [
        LoweringRefusal("a matrix of another size", "inner sizes that agree") {
            [try $0.add("MatMul", "x", $0.tensor(4, 6))]
        },
        LoweringRefusal("a matrix from the left", "without samples") { [try $0.add("MatMul", $0.tensor(4, 6), "cx")] },
        LoweringRefusal("a matrix over frames", "inner sizes that agree") {
            [try $0.add("MatMul", "cx", $0.tensor(8, 4))]
        },
        LoweringRefusal("a stack of matrices", "a matrix") { [try $0.add("MatMul", "x", $0.tensor(1, 6, 4))] },
        LoweringRefusal("a matrix of whole numbers", "of type int64") {
            [try $0.add("MatMul", "x", $0.integers(1, 2))]
        },
        LoweringRefusal("values whose sizes differ", "inner sizes that agree") { [$0.add("MatMul", "x", "y")] },
        LoweringRefusal("batches exchanged", "over the last two axes") {
            [$0.add("ms.FusedMatMul", "x", "y", more: ["transBatchA": .int(1)])]
        },
        LoweringRefusal("Gemm of more than a matrix", "a matrix") { [try $0.add("Gemm", "x", $0.tensor(6, 4))] },
        LoweringRefusal("Gemm turned", "x · weight + bias") {
            [try $0.add("Gemm", "px", $0.tensor(6, 4), more: ["transA": .int(1)])]
        },
        LoweringRefusal("Gemm with a factor for the bias", "beta is not 1") {
            [try $0.add("Gemm", "px", $0.tensor(6, 4), $0.tensor(4), more: ["beta": .float(0.5)])]
        },
        LoweringRefusal("another activation", "the activation Relu") {
            [try $0.add("ms.FusedConv", "cx", $0.tensor(4, 6, 3), more: ["activation": .string("Relu")])]
        },
        LoweringRefusal("padding by name", "explicit padding") {
            [try $0.add("Conv", "cx", $0.tensor(4, 6, 3), more: ["auto_pad": .string("SAME_UPPER")])]
        },
        LoweringRefusal("channels that come last", "features [1, channels, frames]") {
            [try $0.add("Conv", "x", $0.tensor(4, 6, 3))]
        },
        LoweringRefusal("groups that don't share the channels", "groups that share") {
            [try $0.add("Conv", "cx", $0.tensor(4, 2, 3), more: ["group": .int(2)])]
        },
        LoweringRefusal("a convolution over two axes", "a weight of shape [4, 6, 3, 1]") {
            [try $0.add("Conv", "cx", $0.tensor(4, 6, 3, 1))]
        },
    ]

    @Test("refuses others", arguments: refused)
    func refusal(example: LoweringRefusal) throws { try example.check() }
}
