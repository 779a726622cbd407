import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

@Suite("Rules on layers")
struct LayerRuleTests {
    static let alone: [CanonicalCase] = [
        CanonicalCase("a matrix", "linear[6→4]+b(x)", by: [.bias]) {
            [try $0.add("Add", $0.add("MatMul", "x", $0.tensor(6, 4)), $0.tensor(4))]
        },
        CanonicalCase("a matrix with one output", "linear[6→1]+b(x)", by: [.bias]) {
            [try $0.add("Add", $0.add("MatMul", "x", $0.tensor(6, 1)), $0.tensor(1))]
        },
        CanonicalCase("a convolution", "conv[4]+b(x)", by: [.bias]) {
            [try $0.add("Add", $0.tensor(1, 4, 1), $0.add("Conv", "cx", $0.tensor(4, 6, 2)))]
        },
        CanonicalCase("the product second", "(x + linear[6→6]+b(y))", by: [.biasIntoSum]) {
            let sum = try $0.add("Add", "x", $0.add("MatMul", "y", $0.tensor(6, 6)))
            return [try $0.add("Add", sum, $0.tensor(6))]
        },
        CanonicalCase("the product first", "(linear[6→6]+b(y) + x)", by: [.biasIntoSum]) {
            let sum = try $0.add("Add", $0.add("MatMul", "y", $0.tensor(6, 6)), "x")
            return [try $0.add("Add", sum, $0.tensor(6))]
        },
        CanonicalCase("without a bias", "linear[6→3](x)", by: [.partOfLinear]) {
            let product = try $0.add("MatMul", "x", $0.tensor(6, 8))
            return [try $0.add("Slice", product, $0.integers(2), $0.integers(5), $0.integers(2))]
        },
        CanonicalCase(
            "three parts", "linear[6→2]+b(x)", "linear[6→2]+b(x)", "linear[6→4]+b(x)", by: [.bias, .partOfLinear]
        ) {
            let layer = try $0.add("Add", $0.add("MatMul", "x", $0.tensor(6, 8)), $0.tensor(8))
            let sizes = try $0.integers(2, 2, 4)
            return $0.add("Split", [layer, sizes], outputs: 3, more: ["axis": .int(-1)])
        },
        CanonicalCase("a part of a part", "linear[6→2]+b(x)", by: [.bias, .partOfLinear]) {
            let layer = try $0.add("Add", $0.add("MatMul", "x", $0.tensor(6, 8)), $0.tensor(8))
            let part = try $0.add("Slice", layer, $0.integers(1), $0.integers(7), $0.integers(2))
            return [try $0.add("Slice", part, $0.integers(-3), $0.integers(-1), $0.integers(-1))]
        },
        CanonicalCase("a projection before the mean", "linear[6→4]+b(mean(x, 1))", by: [.bias, .meanOfLinear]) {
            let layer = try $0.add("Add", $0.add("MatMul", "x", $0.tensor(6, 4)), $0.tensor(4))
            return [$0.add("ReduceMean", layer, more: ["axes": .ints([1])])]
        },
        CanonicalCase("a mean over channels stays after its layer", "mean(linear[6→4](x), 2)", by: [.meanOfLinear]) {
            let layer = try $0.add("MatMul", "x", $0.tensor(6, 4))
            return [$0.add("ReduceMean", layer, more: ["axes": .ints([2])])]
        },
        CanonicalCase("½ into a matrix", "linear[6→4](x)", by: [.scaleIntoWeight]) {
            [try $0.add("MatMul", $0.add("Mul", "x", $0.number(0.5)), $0.tensor(6, 4))]
        },
        CanonicalCase("−4 into a matrix", "linear[6→4](x)", by: [.scaleIntoWeight]) {
            [try $0.add("MatMul", $0.add("Mul", "x", $0.number(-4)), $0.tensor(6, 4))]
        },
        CanonicalCase("½ into a convolution, moved between", "conv[4](x)", by: [.scaleIntoWeight]) {
            let moved = $0.add(
                "Transpose", try $0.add("Mul", "x", $0.number(0.5)), more: ["perm": .ints([0, 2, 1])])
            return [try $0.add("Conv", moved, $0.tensor(4, 6, 2))]
        },
        CanonicalCase("the bias stays as it is", "linear[6→4]+b(x)", by: [.bias, .scaleIntoWeight]) {
            let product = try $0.add("MatMul", $0.add("Mul", "x", $0.number(0.5)), $0.tensor(6, 4))
            return [try $0.add("Add", product, $0.tensor(4))]
        },
    ]

    @Test("by themselves", arguments: alone)
    func rule(example: CanonicalCase) throws { try example.check() }

    static let kept: [CanonicalCase] = [
        CanonicalCase("a second bias", "(linear[6→4]+b(x) + b)") {
            let layer = try $0.add("Add", $0.add("MatMul", "x", $0.tensor(6, 4)), $0.tensor(4))
            return [try $0.add("Add", layer, $0.tensor(4))]
        },
        CanonicalCase("one number for all outputs", "(linear[6→4](x) + 3.0)") {
            [try $0.add("Add", $0.add("MatMul", "x", $0.tensor(6, 4)), $0.number(3))]
        },
        CanonicalCase("a vector times a product", "(linear[6→4](x) · w)") {
            [try $0.add("Mul", $0.add("MatMul", "x", $0.tensor(6, 4)), $0.tensor(4))]
        },
        CanonicalCase("an activation before the bias", "(tanh(linear[6→4](x)) + b)") {
            [try $0.add("Add", $0.add("Tanh", $0.add("MatMul", "x", $0.tensor(6, 4))), $0.tensor(4))]
        },
        CanonicalCase("a sum of two products", "((linear[6→6](x) + linear[6→6](y)) + b)") {
            let sum = try $0.add(
                "Add", $0.add("MatMul", "x", $0.tensor(6, 6)), $0.add("MatMul", "y", $0.tensor(6, 6)))
            return [try $0.add("Add", sum, $0.tensor(6))]
        },
        CanonicalCase("a sum with a layer that has its bias", "((x + linear[6→6]+b(y)) + b)") {
            let layer = try $0.add("Add", $0.add("MatMul", "y", $0.tensor(6, 6)), $0.tensor(6))
            return [try $0.add("Add", $0.add("Add", "x", layer), $0.tensor(6))]
        },
        CanonicalCase("a part of the frames", "slice(linear[6→4](x), 1, 0)") {
            let product = try $0.add("MatMul", "x", $0.tensor(6, 4))
            return [try $0.add("Slice", product, $0.integers(0), $0.integers(-1), $0.integers(1))]
        },
        CanonicalCase("a part of what no layer made", "slice(x, 2, 1)") {
            [try $0.add("Slice", "x", $0.integers(1), $0.integers(3), $0.integers(2))]
        },
        CanonicalCase("no power of two", "linear[6→4]((x · 0.6))") {
            [try $0.add("MatMul", $0.add("Mul", "x", $0.number(0.6)), $0.tensor(6, 4))]
        },
        CanonicalCase("a power that could underflow", "linear[6→4]((x · 1.5258789e-05))") {
            [try $0.add("MatMul", $0.add("Mul", "x", $0.number(0x1p-16)), $0.tensor(6, 4))]
        },
        CanonicalCase("a factor after the product", "(linear[6→4](x) · 0.5)") {
            [try $0.add("Mul", $0.add("MatMul", "x", $0.tensor(6, 4)), $0.number(0.5))]
        },
    ]

    @Test("don't apply to others", arguments: kept)
    func others(example: CanonicalCase) throws { try example.checkAllRules() }

    static let shared: [CanonicalCase] = [
        CanonicalCase("a product", "linear[6→4]+b(x)", "linear[6→4](x)") {
            let product = try $0.add("MatMul", "x", $0.tensor(6, 4))
            return [try $0.add("Add", product, $0.tensor(4)), product]
        },
        CanonicalCase("a sum and its product", "(x + linear[6→6]+b(y))", "(x + linear[6→6](y))", "linear[6→6](y)") {
            let product = try $0.add("MatMul", "y", $0.tensor(6, 6))
            let sum = $0.add("Add", "x", product)
            return [try $0.add("Add", sum, $0.tensor(6)), sum, product]
        },
        CanonicalCase("the whole of a part", "linear[6→3](x)", "linear[6→8](x)") {
            let product = try $0.add("MatMul", "x", $0.tensor(6, 8))
            return [try $0.add("Slice", product, $0.integers(2), $0.integers(5), $0.integers(2)), product]
        },
        CanonicalCase("a scaled value", "linear[6→4](x)", "(x · 0.5)", "linear[6→2](x)") {
            let scaled = try $0.add("Mul", "x", $0.number(0.5))
            let first = try $0.add("MatMul", scaled, $0.tensor(6, 4))
            return [first, scaled, try $0.add("MatMul", scaled, $0.tensor(6, 2))]
        },
    ]

    @Test("leave what others read", arguments: shared)
    func second(example: CanonicalCase) throws { try example.checkAllRules() }
}
