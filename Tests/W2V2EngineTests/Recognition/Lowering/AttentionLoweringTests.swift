import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

@Suite("Lowering of attention as one operator")
struct AttentionLoweringTests {
    /// 2 heads of 3: 1/√3 is 0.57735026.
    private static let plain = "(softmax(((x × y) · 0.57735026), 3) × x)"
    private static let heads: [String: Attribute] = ["q_num_heads": .int(2), "kv_num_heads": .int(2)]
    private static let twoHeads: [String: Attribute] = ["num_heads": .int(2)]

    /// Of a scale that the operator's definition has in Double and attributes in float32.
    private static let rounded = CanonicalCase.rounded

    static let followed: [CanonicalCase] = [
        CanonicalCase("Attention", plain, opset: 23, tolerance: rounded) {
            [$0.add("Attention", "x", "y", "x", more: heads)]
        },
        CanonicalCase("Attention of heads", plain, opset: 23, tolerance: rounded) {
            [try $0.add("Attention", $0.heads("x"), $0.heads("y"), $0.heads("x"))]
        },
        CanonicalCase("Attention with a scale", "(softmax(((x × y) · 0.25), 3) × y)", opset: 23) {
            [$0.add("Attention", "x", "y", "y", more: heads.merging(["scale": .float(0.25)]) { $1 })]
        },
        CanonicalCase("Attention with a mask of zeros", plain, opset: 23, tolerance: rounded) {
            let frames = $0.add("Shape", "x", more: ["start": .int(1), "end": .int(2)])
            let zeros = $0.add("ConstantOfShape", $0.add("Concat", frames, frames, more: ["axis": .int(0)]))
            return [$0.add("Attention", "x", "y", "x", zeros, more: heads)]
        },
        CanonicalCase("MultiHeadAttention", plain, tolerance: rounded) {
            [$0.add("ms.MultiHeadAttention", "x", "y", "x", more: twoHeads)]
        },
        CanonicalCase(
            "MultiHeadAttention with a bias", "(softmax((((x + b) × (y + b)) · 0.57735026), 3) × (y + b))",
            tolerance: rounded
        ) { [try $0.add("ms.MultiHeadAttention", "x", "y", "y", $0.tensor(18), more: twoHeads)] },
        CanonicalCase(
            "ONNX Runtime's Attention",
            "(softmax((((linear[6→6](x) + b) × (linear[6→6](x) + b)) · 0.57735026), 3) × (linear[6→6](x) + b))",
            tolerance: rounded
        ) { [try $0.add("ms.Attention", "x", $0.tensor(6, 18), $0.tensor(18), more: twoHeads)] },
        CanonicalCase(
            "the same with values of another size",
            "(softmax((((linear[6→4](x) + b) × (linear[6→4](x) + b)) · 0.5), 3) × (linear[6→6](x) + b))"
        ) {
            let more: [String: Attribute] = ["qkv_hidden_sizes": .ints([4, 4, 6]), "scale": .float(0.5)]
            return [
                try $0.add("ms.Attention", "x", $0.tensor(6, 14), $0.tensor(14), more: twoHeads.merging(more) { $1 })
            ]
        },
    ]

    @Test("computes the same", arguments: followed)
    func form(example: CanonicalCase) throws { try example.check() }

    static let refused: [LoweringRefusal] = [
        LoweringRefusal("a causal mask", "attention over all frames", opset: 23) {
            [$0.add("Attention", "x", "y", "x", more: heads.merging(["is_causal": .int(1)]) { $1 })]
        },
        LoweringRefusal("a cap", "attention over all frames", opset: 23) {
            [$0.add("Attention", "x", "y", "x", more: heads.merging(["softcap": .float(5)]) { $1 })]
        },
        LoweringRefusal("a mask of numbers", "attention over all frames", opset: 23) {
            [try $0.add("Attention", "x", "y", "x", $0.tensor(8, 8), more: heads)]
        },
        LoweringRefusal("no number of heads", "q_num_heads", opset: 23) { [$0.add("Attention", "x", "y", "x")] },
        LoweringRefusal("heads of unequal size", "heads of equal size") {
            [$0.add("ms.MultiHeadAttention", "x", "y", "x", more: ["num_heads": .int(4)])]
        },
        LoweringRefusal("one direction", "attention over all frames") {
            let more: [String: Attribute] = ["num_heads": .int(2), "unidirectional": .int(1)]
            return [$0.add("ms.MultiHeadAttention", "x", "y", "x", more: more)]
        },
        LoweringRefusal("rotations", "rotations") {
            let more: [String: Attribute] = ["num_heads": .int(2), "do_rotary": .int(1)]
            return [try $0.add("ms.Attention", "x", $0.tensor(6, 18), $0.tensor(18), more: more)]
        },
        LoweringRefusal("a weight for other sizes", "side by side") {
            [try $0.add("ms.Attention", "x", $0.tensor(6, 17), $0.tensor(17), more: twoHeads)]
        },
        LoweringRefusal("Attention before operator set 23", "operator Attention", opset: 22) {
            [$0.add("Attention", "x", "y", "x", more: heads)]
        },
    ]

    @Test("refuses others", arguments: refused)
    func refusal(example: LoweringRefusal) throws { try example.check() }
}
