import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

@Suite("Lowering of operators that move, select or mask")
struct RearrangementLoweringTests {
    static let moved: [CanonicalCase] = [
        CanonicalCase("Identity", "x") { [$0.add("Identity", "x")] },
        CanonicalCase("Dropout", "x") { [$0.add("Dropout", "x")] },
        CanonicalCase("Cast", "x") { [$0.add("Cast", "x", more: ["to": .int(11)])] },
        CanonicalCase("Transpose", "x") { [$0.add("Transpose", "x", more: ["perm": .ints([1, 2, 0])])] },
        CanonicalCase("Transpose without an order", "x") { [$0.add("Transpose", "x")] },
        CanonicalCase("Reshape into heads", "x") { [try $0.heads("x")] },
        CanonicalCase("Reshape into heads and back", "x") {
            let back = $0.add("Transpose", try $0.heads("x"), more: ["perm": .ints([0, 2, 1, 3])])
            return [try $0.add("Reshape", back, $0.integers(0, 0, -1))]
        },
        CanonicalCase("Reshape that joins heads and frames", "x") {
            [try $0.add("Reshape", $0.heads("x"), $0.integers(-1, 3))]
        },
        CanonicalCase("Unsqueeze", "x") { [try $0.add("Unsqueeze", "x", $0.integers(0, -1))] },
        CanonicalCase("Unsqueeze before operator set 13", "x", opset: 12) {
            [$0.add("Unsqueeze", "x", more: ["axes": .ints([1])])]
        },
        CanonicalCase("Squeeze", "x") { [try $0.add("Squeeze", "x", $0.integers(0))] },
        CanonicalCase("Squeeze of all that can be", "x") { [$0.add("Squeeze", "x")] },
        CanonicalCase("Flatten", "x") { [$0.add("Flatten", "x", more: ["axis": .int(2)])] },
        CanonicalCase("Flatten of all axes", "x") { [$0.add("Flatten", "cx", more: ["axis": .int(3)])] },
        CanonicalCase("Slice of channels", "slice(x, 2, 1)") {
            [try $0.add("Slice", "cx", $0.integers(1), $0.integers(-1), $0.integers(1))]
        },
        CanonicalCase("Slice of the first frames", "slice(x, 1, 0)") {
            [try $0.add("Slice", "x", $0.integers(0), $0.integers(-2), $0.integers(1), $0.integers(1))]
        },
        CanonicalCase("Slice of all", "x") {
            [try $0.add("Slice", "x", $0.integers(0), $0.integers(.max), $0.integers(1))]
        },
        CanonicalCase("Slice of one channel", "slice(x, 2, 5)") {
            [try $0.add("Slice", "x", $0.integers(5), $0.integers(6), $0.integers(2))]
        },
        CanonicalCase("Split", "slice(x, 2, 0)", "slice(x, 2, 2)", "slice(x, 2, 4)") {
            $0.add("Split", ["x"], outputs: 3, more: ["axis": .int(2)])
        },
        CanonicalCase("Split before operator set 13", "slice(x, 2, 0)", "slice(x, 2, 1)", opset: 11) {
            $0.add("Split", ["cx"], outputs: 2, more: ["axis": .int(1), "split": .ints([1, 5])])
        },
        CanonicalCase("Split into a number of parts", "slice(x, 2, 0)", "slice(x, 2, 3)", opset: 18) {
            $0.add("Split", ["x"], outputs: 2, more: ["axis": .int(-1), "num_outputs": .int(2)])
        },
    ]

    static let sizes: [CanonicalCase] = [
        CanonicalCase("Shape, Gather and Concat", "x") {
            let frames = try $0.add("Gather", $0.add("Shape", "x"), $0.integers(1))
            let shape = $0.add(
                "Concat", try $0.integers(1), frames, try $0.integers(2, 3), more: ["axis": .int(0)])
            return [$0.add("Reshape", "x", shape)]
        },
        CanonicalCase("Shape of one axis", "x") {
            let frames = $0.add("Shape", "x", more: ["start": .int(1), "end": .int(2)])
            return [$0.add("Reshape", "x", $0.add("Concat", frames, try $0.integers(-1), more: ["axis": .int(0)]))]
        },
        CanonicalCase("arithmetic of sizes", "x") {
            let frames = try $0.add("Gather", $0.add("Shape", "x"), $0.integers(1))
            let halves = try $0.add(
                "Div", $0.add("Mul", $0.add("Sub", frames, $0.integers(0)), $0.integers(1)), $0.integers(1))
            let shape = try $0.add("Concat", $0.integers(1), halves, $0.integers(6), more: ["axis": .int(-1)])
            return [$0.add("Reshape", "x", shape)]
        },
        CanonicalCase("a mask of zeros", "x") {
            let zeros = $0.add("ConstantOfShape", $0.add("Shape", "x"))
            return [$0.add("Add", "x", zeros)]
        },
        CanonicalCase("a mask that masks nothing", "x") { [try $0.add("Add", "x", $0.mask(from: 0, to: .zero))] },
        CanonicalCase("a choice that masks nothing", "x") {
            [try $0.add("Where", $0.positions(from: 0), "x", $0.number(0))]
        },
        CanonicalCase("a mask that is repeated", "x") {
            let mask = try $0.mask(from: 0, to: .zero)
            return [$0.add("Add", "x", $0.add("Expand", mask, $0.add("Shape", "x")))]
        },
    ]

    @Test("computes the same", arguments: moved + sizes)
    func form(example: CanonicalCase) throws { try example.check() }

    static let refused: [LoweringRefusal] = [
        LoweringRefusal("frames mixed with channels", "elements that mix axes") {
            [try $0.add("Reshape", "cx", $0.integers(1, -1, 6))]
        },
        LoweringRefusal("heads that don't divide", "as many elements") {
            [try $0.add("Reshape", "x", $0.integers(1, -1, 4))]
        },
        LoweringRefusal("an axis that is not 1", "an axis of length 1") {
            [try $0.add("Squeeze", "x", $0.integers(2))]
        },
        LoweringRefusal("an order of other axes", "axes once") {
            [$0.add("Transpose", "x", more: ["perm": .ints([0, 1, 1])])]
        },
        LoweringRefusal("whole numbers", "numbers with a fraction") { [$0.add("Cast", "x", more: ["to": .int(7)])] },
        LoweringRefusal("steps", "step 1") {
            [try $0.add("Slice", "x", $0.integers(0), $0.integers(6), $0.integers(2), $0.integers(2))]
        },
        LoweringRefusal("the last frames", "a length that can be determined") {
            [try $0.add("Slice", "x", $0.integers(1), $0.integers(.max), $0.integers(1))]
        },
        LoweringRefusal("a split of frames", "a split of channels") {
            $0.add("Split", ["x"], outputs: 2, more: ["axis": .int(1)])
        },
        LoweringRefusal("parts that are not the whole", "make up the whole") {
            $0.add("Split", ["x", try $0.integers(2, 2)], outputs: 2, more: ["axis": .int(2)])
        },
        LoweringRefusal("selected frames", "a size, by a constant index") {
            [try $0.add("Gather", "x", $0.integers(0), more: ["axis": .int(1)])]
        },
        LoweringRefusal("joined features", "lists of sizes") { [$0.add("Concat", "x", "y", more: ["axis": .int(1)])] },
        LoweringRefusal("repeated features", "a mask that is repeated") {
            [try $0.add("Expand", "x", $0.integers(1, 8, 6))]
        },
        LoweringRefusal("a mask that masks the first frame", "every position passes") { [try $0.positions(from: 1)] },
        LoweringRefusal("a choice by features", "single outcome") {
            [try $0.add("Where", "x", "y", $0.number(0))]
        },
    ]

    @Test("refuses others", arguments: refused)
    func refusal(example: LoweringRefusal) throws { try example.check() }
}

extension TinyGraph {
    /// Whether each frame's position is at least `start`, `[frames, 1]`.
    fileprivate mutating func positions(from start: Int) throws -> String {
        let frames = try add("Gather", add("Shape", "x"), integer(1))
        let range = try add("Range", integer(0), frames, integer(1))
        return try add("Unsqueeze", add("GreaterOrEqual", range, integer(start)), integers(1))
    }

    /// What is added to each frame: `number` where it counts.
    fileprivate mutating func mask(from start: Int, to number: Float) throws -> String {
        try add("Where", positions(from: start), self.number(number), self.number(-1e9))
    }
}
