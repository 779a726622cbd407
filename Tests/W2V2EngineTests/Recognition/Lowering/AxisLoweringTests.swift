import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

extension TinyGraph {
    /// How many places an axis of a value has, as a number with a fraction.
    fileprivate mutating func length(_ value: String, _ axis: Int) throws -> String {
        let size = try add("Gather", add("Shape", value), integer(axis))
        return add("Cast", size, more: ["to": .int(1)])
    }
}

@Suite("Lowering of operators that compute along an axis")
struct AxisLoweringTests {
    private static let normalised = "((standardised(x, 2, 1e-05) · w) + b)"

    static let followed: [CanonicalCase] = [
        CanonicalCase("Softmax", "softmax(x, 2)") { [$0.add("Softmax", "x")] },
        CanonicalCase("Softmax over frames", "softmax(x, 1)") { [$0.add("Softmax", "x", more: ["axis": .int(1)])] },
        CanonicalCase("Softmax of channels that come first", "softmax(x, 2)") {
            [$0.add("Softmax", "cx", more: ["axis": .int(1)])]
        },
        CanonicalCase("Softmax before operator set 13", "softmax(x, 2)", opset: 11) {
            [$0.add("Softmax", "x", more: ["axis": .int(-1)])]
        },
        CanonicalCase("the same without an axis, of a matrix", "softmax(mean(x, 1), 2)", opset: 11) {
            [$0.add("Softmax", "px")]
        },
        CanonicalCase("ReduceMean", "mean(x, 2)") {
            [$0.add("ReduceMean", "x", more: ["axes": .ints([-1]), "keepdims": .int(0)])]
        },
        CanonicalCase("ReduceMean with its axis as an input", "mean(x, 1)", opset: 18) {
            [try $0.add("ReduceMean", "x", $0.integers(1))]
        },
        CanonicalCase("ReduceMean with the batch", "mean(x, 1)") {
            [$0.add("ReduceMean", "x", more: ["axes": .ints([0, 1])])]
        },
        CanonicalCase("ReduceSum", "total(x, 2)") { [try $0.add("ReduceSum", "x", $0.integers(2))] },
        CanonicalCase("ReduceSum before operator set 13", "total(x, 1)", opset: 11) {
            [$0.add("ReduceSum", "x", more: ["axes": .ints([1]), "keepdims": .int(0)])]
        },
        CanonicalCase("a sum divided by the frames", "mean(x, 1)") {
            [try $0.add("Div", $0.add("ReduceSum", "x", $0.integers(1)), $0.length("x", 1))]
        },
        CanonicalCase("a sum divided by a number", "(total(x, 2) · 0.25)") {
            [try $0.add("Div", $0.add("ReduceSum", "x", $0.integers(2)), $0.number(4))]
        },
        CanonicalCase("LayerNormalization", normalised) {
            [try $0.add("LayerNormalization", "x", $0.tensor(6), $0.tensor(6))]
        },
        CanonicalCase("LayerNormalization without a bias", "(standardised(x, 2, 0.001) · w)") {
            [try $0.add("LayerNormalization", "x", $0.tensor(6), more: ["epsilon": .float(1e-3)])]
        },
        CanonicalCase("RMSNormalization", "(rms(x, 2, 1e-05) · w)", opset: 23) {
            [try $0.add("RMSNormalization", "x", $0.tensor(6))]
        },
        CanonicalCase("SimplifiedLayerNormalization", "(rms(x, 2, 1e-05) · w)") {
            [try $0.add("SimplifiedLayerNormalization", "x", $0.tensor(6))]
        },
        CanonicalCase(
            "SkipLayerNormalization", "((standardised(((x + y) + b), 2, 0.001) · w) + b)", "((x + y) + b)"
        ) {
            let inputs = ["x", "y", try $0.tensor(6), try $0.tensor(6), try $0.tensor(6)]
            let outputs = $0.add("ms.SkipLayerNormalization", inputs, outputs: 4, more: ["epsilon": .float(1e-3)])
            $0.omit(outputs[1])
            $0.omit(outputs[2])
            return [outputs[0], outputs[3]]
        },
    ]

    @Test("computes the same", arguments: followed)
    func form(example: CanonicalCase) throws { try example.check() }

    static let refused: [LoweringRefusal] = [
        LoweringRefusal("Softmax of several axes at once", "softmax over axes 1 to 2", opset: 11) {
            [$0.add("Softmax", "x")]
        },
        LoweringRefusal("Softmax over one element", "which is one element") {
            [$0.add("Softmax", "x", more: ["axis": .int(0)])]
        },
        LoweringRefusal("a mean over all", "one axis, of frames or channels") {
            [$0.add("ReduceMean", "x", more: ["axes": .ints([1, 2])])]
        },
        LoweringRefusal("a mean over no axis", "no axes") { [$0.add("ReduceMean", "x")] },
        LoweringRefusal("an axis twice", "each axis once") {
            [$0.add("ReduceMean", "x", more: ["axes": .ints([1, -2])])]
        },
        LoweringRefusal("a sum divided by the channels' number", "one number", opset: 13) {
            [try $0.add("Div", $0.add("ReduceSum", "x", $0.integers(2)), $0.length("x", 1))]
        },
        LoweringRefusal("LayerNorm over two axes", "over the last axis") {
            [try $0.add("LayerNormalization", "x", $0.tensor(6), $0.tensor(6), more: ["axis": .int(1)])]
        },
        LoweringRefusal("LayerNorm over frames", "one number per channel") {
            [try $0.add("LayerNormalization", "cx", $0.tensor(8), $0.tensor(8))]
        },
        LoweringRefusal("a weight of another size", "one number per channel") {
            [try $0.add("LayerNormalization", "x", $0.tensor(4))]
        },
        LoweringRefusal("reduced precision", "float32 inside") {
            [try $0.add("LayerNormalization", "x", $0.tensor(6), more: ["stash_type": .int(16)])]
        },
        LoweringRefusal("the deviation as an output", "the normalised features") {
            try $0.add("LayerNormalization", ["x", $0.tensor(6)], outputs: 3)
        },
    ]

    @Test("refuses others", arguments: refused)
    func refusal(example: LoweringRefusal) throws { try example.check() }
}
