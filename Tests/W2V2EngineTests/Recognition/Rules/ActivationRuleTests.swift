import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

extension TinyGraph {
    fileprivate static let rootOfTwo = Float(2).squareRoot()

    /// 1 + erf(x / divisor)
    fileprivate mutating func onePlusErf(_ value: String, divisor: Float = rootOfTwo, one: Float = 1) throws
        -> String
    {
        try add("Add", add("Erf", add("Div", value, number(divisor))), number(one))
    }
}

@Suite("Rules on activations")
struct ActivationRuleTests {
    private static let rounded = CanonicalCase.rounded

    static let halves: [CanonicalCase] = [
        CanonicalCase("without its ½", "(gelu(x) · 2.0)", by: [.gelu], tolerance: rounded) {
            [try $0.add("Mul", "x", $0.onePlusErf("x"))]
        },
        CanonicalCase("the sum first", "(gelu(x) · 2.0)", by: [.gelu], tolerance: rounded) {
            [try $0.add("Mul", $0.onePlusErf("x"), "x")]
        },
        CanonicalCase("a factor for a divisor, channels first", "(gelu(x) · 2.0)", by: [.gelu], tolerance: rounded) {
            let erf = try $0.add("Erf", $0.add("Mul", "cx", $0.number(Float(0.5.squareRoot()))))
            return [try $0.add("Mul", "cx", $0.add("Add", $0.number(1), erf))]
        },
    ]

    @Test("by itself", arguments: halves)
    func rule(example: CanonicalCase) throws { try example.check() }

    static let whole: [CanonicalCase] = [
        CanonicalCase("½ last", "gelu(x)", tolerance: rounded) {
            [try $0.add("Mul", $0.add("Mul", "x", $0.onePlusErf("x")), $0.number(0.5))]
        },
        CanonicalCase("½ with x", "gelu(x)", tolerance: rounded) {
            [try $0.add("Mul", $0.add("Mul", "x", $0.number(0.5)), $0.onePlusErf("x"))]
        },
        CanonicalCase("½ with the sum", "gelu(x)", tolerance: rounded) {
            [try $0.add("Mul", "x", $0.add("Mul", $0.onePlusErf("x"), $0.number(0.5)))]
        },
        CanonicalCase("½ in the sum", "gelu(x)", tolerance: rounded) {
            let erf = try $0.add("Erf", $0.add("Div", "x", $0.number(TinyGraph.rootOfTwo)))
            return [try $0.add("Mul", $0.add("Add", $0.add("Mul", erf, $0.number(0.5)), $0.number(0.5)), "x")]
        },
        CanonicalCase("x divided by 2", "gelu(x)", tolerance: rounded) {
            [try $0.add("Mul", $0.onePlusErf("x"), $0.add("Div", "x", $0.number(2)))]
        },
        CanonicalCase("of a biased convolution", "gelu(conv[6]+b(signal))", tolerance: rounded) {
            let sum = try $0.add("Add", "x", $0.tensor(6))
            return [try $0.add("Mul", $0.add("Mul", sum, $0.onePlusErf(sum)), $0.number(0.5))]
        },
    ]

    @Test("with its ½ anywhere", arguments: whole)
    func half(example: CanonicalCase) throws { try example.checkAllRules() }

    static let kept: [CanonicalCase] = [
        CanonicalCase("erf of another value", "(x · (erf((y · 0.70710677)) + 1.0))") {
            [try $0.add("Mul", "x", $0.onePlusErf("y"))]
        },
        CanonicalCase("another summand", "(x · (erf((x · 0.70710677)) + 0.999))") {
            [try $0.add("Mul", "x", $0.onePlusErf("x", one: 0.999))]
        },
        CanonicalCase("another divisor", "(x · (erf((x · 0.7067138)) + 1.0))") {
            [try $0.add("Mul", "x", $0.onePlusErf("x", divisor: 1.415))]
        },
        // The factors are joined before the GELU is seen; no network of this architecture has one there.
        CanonicalCase("a scaled value", "((x · (erf((x · 2.1213205)) + 1.0)) · 1.5)") {
            let scaled = try $0.add("Mul", "x", $0.number(3))
            return [try $0.add("Mul", $0.add("Mul", scaled, $0.onePlusErf(scaled)), $0.number(0.5))]
        },
        CanonicalCase("no divisor", "(x · (erf(x) + 1.0))") {
            [try $0.add("Mul", "x", $0.add("Add", $0.add("Erf", "x"), $0.number(1)))]
        },
        CanonicalCase("tanh for erf", "(x · (tanh((x · 0.70710677)) + 1.0))") {
            let tanh = try $0.add("Tanh", $0.add("Div", "x", $0.number(TinyGraph.rootOfTwo)))
            return [try $0.add("Mul", "x", $0.add("Add", tanh, $0.number(1)))]
        },
        CanonicalCase("a quotient", "(x / (erf((x · 0.70710677)) + 1.0))") {
            [try $0.add("Div", "x", $0.onePlusErf("x"))]
        },
    ]

    @Test("don't apply to others", arguments: kept)
    func others(example: CanonicalCase) throws { try example.checkAllRules() }

    @Test("leave what others read")
    func second() throws {
        let example = CanonicalCase("1 + erf", "gelu(x)", "(erf((x · 0.70710677)) + 1.0)", tolerance: Self.rounded) {
            let sum = try $0.onePlusErf("x")
            return [try $0.add("Mul", $0.add("Mul", "x", sum), $0.number(0.5)), sum]
        }
        try example.checkAllRules()
    }
}
