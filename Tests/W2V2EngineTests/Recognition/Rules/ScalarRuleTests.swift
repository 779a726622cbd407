import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

@Suite("Rules on numbers")
struct ScalarRuleTests {
    /// A rule by itself, and what it makes of a graph.
    static let alone: [CanonicalCase] = [
        CanonicalCase("two factors", "(x · 6.0)", by: [.joinedScales]) {
            [try $0.add("Mul", $0.add("Mul", "x", $0.number(2)), $0.number(3))]
        },
        CanonicalCase("a factor and a divisor, channels first", "(x · 0.5)", by: [.joinedScales]) {
            [try $0.add("Div", $0.add("Mul", "cx", $0.number(2)), $0.number(4))]
        },
        CanonicalCase("times 1", "x", by: [.neutralScale]) { [try $0.add("Mul", "x", $0.number(1))] },
        CanonicalCase("times 1 between others", "(x² + y)", by: [.neutralScale]) {
            [try $0.add("Add", $0.add("Mul", $0.add("Pow", "x", $0.number(2)), $0.number(1)), "y")]
        },
        CanonicalCase("plus 0", "x", by: [.neutralShift]) { [try $0.add("Add", "x", $0.number(0))] },
        CanonicalCase("less 0", "x", by: [.neutralShift]) { [try $0.add("Sub", "x", $0.number(0))] },
        CanonicalCase("a value times itself", "x²", by: [.square]) { [$0.add("Mul", "x", "x")] },
        CanonicalCase("the same moved twice", "x²", by: [.square]) {
            let more: [String: Attribute] = ["perm": .ints([0, 2, 1])]
            return [$0.add("Mul", $0.add("Transpose", "cx", more: more), "x")]
        },
        CanonicalCase("a factor 1 / y", "(x / y)", by: [.reciprocalFactor]) {
            [try $0.add("Mul", "x", $0.add("Div", $0.number(1), "y"))]
        },
        CanonicalCase("a factor Reciprocal(y) first", "(x / y)", by: [.reciprocalFactor]) {
            [$0.add("Mul", $0.add("Reciprocal", "y"), "x")]
        },
        CanonicalCase("a wider factor", "(mean(x, 2) / y)", by: [.reciprocalFactor]) {
            let mean = $0.add("ReduceMean", "x", more: ["axes": .ints([2])])
            return [$0.add("Mul", mean, $0.add("Reciprocal", "y"))]
        },
        CanonicalCase("a factor in a product", "((x · y) · 3.0)", by: [.scaleOutOfProduct]) {
            [try $0.add("Mul", $0.add("Mul", "x", $0.number(3)), "y")]
        },
        CanonicalCase("factors in both", "((x · y) · 6.0)", by: [.scaleOutOfProduct, .joinedScales]) {
            [try $0.add("Mul", $0.add("Mul", "x", $0.number(3)), $0.add("Mul", "y", $0.number(2)))]
        },
        CanonicalCase("a factor of the narrower value", "((mean(x, 2) · y) · 3.0)", by: [.scaleOutOfProduct]) {
            let mean = $0.add("ReduceMean", "x", more: ["axes": .ints([2])])
            return [try $0.add("Mul", $0.add("Mul", mean, $0.number(3)), "y")]
        },
        CanonicalCase("½ of x + 1", "((x + 1.0) · 0.5)", by: [.commonFactor]) {
            [try $0.add("Add", $0.add("Mul", "x", $0.number(0.5)), $0.number(0.5))]
        },
        CanonicalCase("of a value that is moved", "((x + 1.0) · 0.5)", by: [.commonFactor]) {
            let half = try $0.add("Mul", "cx", $0.number(0.5))
            let moved = $0.add("Transpose", half, more: ["perm": .ints([0, 2, 1])])
            return [try $0.add("Add", moved, $0.number(0.5))]
        },
    ]

    @Test("by themselves", arguments: alone)
    func rule(example: CanonicalCase) throws { try example.check() }

    /// Where a condition is broken, no rule applies.
    static let kept: [CanonicalCase] = [
        CanonicalCase("a number between two factors", "(((x · 2.0) + 1.0) · 3.0)") {
            [try $0.add("Mul", $0.add("Add", $0.add("Mul", "x", $0.number(2)), $0.number(1)), $0.number(3))]
        },
        CanonicalCase("a factor next to 1", "(x · 1.0000001)") { [try $0.add("Mul", "x", $0.number(Float(1).nextUp))] },
        CanonicalCase("a summand next to 0", "(x + 1e-30)") { [try $0.add("Add", "x", $0.number(1e-30))] },
        CanonicalCase("two values", "(x · y)") { [$0.add("Mul", "x", "y")] },
        CanonicalCase("a root for a reciprocal", "(x · √y²)") {
            [$0.add("Mul", "x", $0.add("Sqrt", $0.add("Mul", "y", "y")))]
        },
        CanonicalCase("a sum's factor", "((x · 3.0) + y)") {
            [try $0.add("Add", $0.add("Mul", "x", $0.number(3)), "y")]
        },
        CanonicalCase("another summand than the factor", "((x · 0.5) + 0.25)") {
            [try $0.add("Add", $0.add("Mul", "x", $0.number(0.5)), $0.number(0.25))]
        },
        CanonicalCase("a quotient the other way round", "(1/y / x)") {
            [try $0.add("Div", $0.add("Div", $0.number(1), "y"), "x")]
        },
    ]

    @Test("don't apply to others", arguments: kept)
    func others(example: CanonicalCase) throws { try example.checkAllRules() }

    /// What another output reads as well stays what it was.
    static let shared: [CanonicalCase] = [
        CanonicalCase("the inner of two factors", "(x · 6.0)", "(x · 2.0)") {
            let inner = try $0.add("Mul", "x", $0.number(2))
            return [try $0.add("Mul", inner, $0.number(3)), inner]
        },
        CanonicalCase("a factor of a product", "((x · y) · 3.0)", "(x · 3.0)") {
            let scaled = try $0.add("Mul", "x", $0.number(3))
            return [$0.add("Mul", scaled, "y"), scaled]
        },
        CanonicalCase("a reciprocal", "(x / y)", "1/y") {
            let reciprocal = $0.add("Reciprocal", "y")
            return [$0.add("Mul", "x", reciprocal), reciprocal]
        },
        CanonicalCase("what 0 is added to", "x²", "x²") {
            let square = $0.add("Mul", "x", "x")
            return [try $0.add("Add", square, $0.number(0)), square]
        },
        CanonicalCase("half of x", "((x + 1.0) · 0.5)", "(x · 0.5)") {
            let half = try $0.add("Mul", "x", $0.number(0.5))
            return [try $0.add("Add", half, $0.number(0.5)), half]
        },
    ]

    @Test("leave what others read", arguments: shared)
    func second(example: CanonicalCase) throws { try example.checkAllRules() }
}
