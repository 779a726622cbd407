import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

extension TinyGraph {
    /// The mean over an axis, which stays.
    fileprivate mutating func mean(_ value: String, _ axis: Int) -> String {
        add("ReduceMean", value, more: ["axes": .ints([Int64(axis)])])
    }

    fileprivate mutating func centred(_ value: String, _ axis: Int = 2) -> String {
        let mean = mean(value, axis)
        return add("Sub", value, mean)
    }

    /// √(mean(x²) + ε)
    fileprivate mutating func root(_ value: String, _ axis: Int = 2, epsilon: Float = 1e-5) throws -> String {
        let square = try add("Pow", value, number(2))
        let mean = mean(square, axis)
        return try add("Sqrt", add("Add", mean, number(epsilon)))
    }

    fileprivate mutating func standardised(_ value: String, _ axis: Int = 2, epsilon: Float = 1e-5) throws -> String {
        let centred = centred(value, axis)
        return try add("Div", centred, root(centred, axis, epsilon: epsilon))
    }
}

@Suite("Rules on norms")
struct NormRuleTests {
    static let alone: [CanonicalCase] = [
        CanonicalCase("channels", "centred(x, 2)", by: [.centering]) { [$0.centred("x")] },
        CanonicalCase("frames", "centred(x, 1)", by: [.centering]) { [$0.centred("x", 1)] },
        CanonicalCase("channels that come first", "centred(x, 2)", by: [.centering]) { [$0.centred("cx", 1)] },
        CanonicalCase("channels", "rms(x, 2, 1e-05)", by: [.rootMeanSquareNorm]) {
            [try $0.add("Div", "x", $0.root("x"))]
        },
        CanonicalCase("frames, with another epsilon", "rms(x, 1, 0.001)", by: [.rootMeanSquareNorm]) {
            [try $0.add("Div", "x", $0.root("x", 1, epsilon: 1e-3))]
        },
        CanonicalCase(
            "written with products", "rms(x, 2, 1e-05)", by: [.square, .reciprocalFactor, .rootMeanSquareNorm]
        ) {
            let mean = $0.mean($0.add("Mul", "x", "x"), 2)
            let root = try $0.add("Sqrt", $0.add("Add", $0.number(1e-5), mean))
            return [try $0.add("Mul", "x", $0.add("Div", $0.number(1), root))]
        },
        CanonicalCase(
            "both parts", "standardised(x, 2, 1e-05)", by: [.centering, .rootMeanSquareNorm, .standardization]
        ) { [try $0.standardised("x")] },
        CanonicalCase(
            "centred twice", "standardised(x, 2, 1e-05)", by: [.centering, .rootMeanSquareNorm, .standardization]
        ) {
            [try $0.add("Div", $0.centred("x"), $0.root($0.centred("x")))]
        },
        CanonicalCase(
            "of frames", "standardised(x, 1, 1e-05)", by: [.centering, .rootMeanSquareNorm, .standardization]
        ) { [try $0.standardised("cx", 2)] },
        CanonicalCase(
            "with weight and bias", "layerNorm(x, 1e-05)",
            by: [.centering, .rootMeanSquareNorm, .standardization, .layerNorm]
        ) {
            let scaled = try $0.add("Mul", $0.standardised("x"), $0.tensor(6))
            return [try $0.add("Add", $0.tensor(6), scaled)]
        },
        CanonicalCase(
            "with weight and bias, channels first", "layerNorm(x, 1e-06)",
            by: [.centering, .rootMeanSquareNorm, .standardization, .layerNorm]
        ) {
            let scaled = try $0.add("Mul", $0.standardised("cx", 1, epsilon: 1e-6), $0.tensor(6, 1))
            return [try $0.add("Add", scaled, $0.tensor(1, 6, 1))]
        },
        CanonicalCase(
            "moved between", "layerNorm(x, 1e-05)", by: [.centering, .rootMeanSquareNorm, .standardization, .layerNorm]
        ) {
            let moved = $0.add("Transpose", try $0.standardised("cx", 1), more: ["perm": .ints([0, 2, 1])])
            return [try $0.add("Add", $0.add("Mul", moved, $0.tensor(6)), $0.tensor(6))]
        },
    ]

    @Test("by themselves", arguments: alone)
    func rule(example: CanonicalCase) throws { try example.check() }

    static let kept: [CanonicalCase] = [
        CanonicalCase("the mean of another value", "(x − mean(y, 2))") { [$0.add("Sub", "x", $0.mean("y", 2))] },
        CanonicalCase("the mean less x", "(mean(x, 2) − x)") { [$0.add("Sub", $0.mean("x", 2), "x")] },
        CanonicalCase("the sum with the mean", "(x + mean(x, 2))") { [$0.add("Add", "x", $0.mean("x", 2))] },
        CanonicalCase("the root of another value", "(y / √(mean(x², 2) + 1e-05))") {
            [try $0.add("Div", "y", $0.root("x"))]
        },
        CanonicalCase("divided the other way round", "(√(mean(x², 2) + 1e-05) / x)") {
            [try $0.add("Div", $0.root("x"), "x")]
        },
        CanonicalCase("no epsilon", "(x / √mean(x², 2))") {
            [try $0.add("Div", "x", $0.add("Sqrt", $0.mean($0.add("Pow", "x", $0.number(2)), 2)))]
        },
        CanonicalCase("another power", "(x / √(mean(x^4.0, 2) + 1e-05))") {
            let mean = $0.mean(try $0.add("Pow", "x", $0.number(4)), 2)
            return [try $0.add("Div", "x", $0.add("Sqrt", $0.add("Add", mean, $0.number(1e-5))))]
        },
        CanonicalCase("a factor in the variance", "(x / √((mean(x², 2) · 2.0) + 1e-05))") {
            let mean = try $0.add("Mul", $0.mean($0.add("Pow", "x", $0.number(2)), 2), $0.number(2))
            return [try $0.add("Div", "x", $0.add("Sqrt", $0.add("Add", mean, $0.number(1e-5))))]
        },
        CanonicalCase("mean and variance over different axes", "rms(centred(x, 2), 1, 1e-05)") {
            let centred = $0.centred("x")
            return [try $0.add("Div", centred, $0.root(centred, 1))]
        },
        CanonicalCase(
            "the variance of what was centred over the other axis",
            "(centred(x, 2) / √(mean(centred(x, 1)², 2) + 1e-05))"
        ) {
            [try $0.add("Div", $0.centred("x", 2), $0.root($0.centred("x", 1)))]
        },
        CanonicalCase("a weight alone", "(standardised(x, 2, 1e-05) · w)") {
            [try $0.add("Mul", $0.standardised("x"), $0.tensor(6))]
        },
        CanonicalCase("a bias alone", "(standardised(x, 2, 1e-05) + b)") {
            [try $0.add("Add", $0.standardised("x"), $0.tensor(6))]
        },
        CanonicalCase("the bias before the weight", "((standardised(x, 2, 1e-05) + b) · w)") {
            [try $0.add("Mul", $0.add("Add", $0.standardised("x"), $0.tensor(6)), $0.tensor(6))]
        },
        CanonicalCase("one weight for all channels", "((standardised(x, 2, 1e-05) · 2.0) + b)") {
            [try $0.add("Add", $0.add("Mul", $0.standardised("x"), $0.number(2)), $0.tensor(6))]
        },
        CanonicalCase("a norm over frames", "((standardised(x, 1, 1e-05) · w) + b)") {
            [try $0.add("Add", $0.add("Mul", $0.standardised("x", 1), $0.tensor(6)), $0.tensor(6))]
        },
        CanonicalCase("a norm without its mean", "((rms(x, 2, 1e-05) · w) + b)") {
            let norm = try $0.add("Div", "x", $0.root("x"))
            return [try $0.add("Add", $0.add("Mul", norm, $0.tensor(6)), $0.tensor(6))]
        },
    ]

    @Test("don't apply to others", arguments: kept)
    func others(example: CanonicalCase) throws { try example.checkAllRules() }

    static let shared: [CanonicalCase] = [
        CanonicalCase("a mean", "centred(x, 2)", "mean(x, 2)") {
            let mean = $0.mean("x", 2)
            return [$0.add("Sub", "x", mean), mean]
        },
        CanonicalCase("a centred value", "standardised(x, 2, 1e-05)", "centred(x, 2)") {
            let centred = $0.centred("x")
            return [try $0.add("Div", centred, $0.root(centred)), centred]
        },
        CanonicalCase("a root", "rms(x, 2, 1e-05)", "√(mean(x², 2) + 1e-05)") {
            let root = try $0.root("x")
            return [$0.add("Div", "x", root), root]
        },
        CanonicalCase("a standardised value", "layerNorm(x, 1e-05)", "standardised(x, 2, 1e-05)") {
            let norm = try $0.standardised("x")
            return [try $0.add("Add", $0.add("Mul", norm, $0.tensor(6)), $0.tensor(6)), norm]
        },
    ]

    @Test("leave what others read", arguments: shared)
    func second(example: CanonicalCase) throws { try example.checkAllRules() }
}
