import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

@Suite("Lowering of operators that compute element by element")
struct ElementwiseLoweringTests {
    static let followed: [CanonicalCase] = [
        CanonicalCase("Add of a number", "(x + 2.0)") { [try $0.add("Add", $0.number(2), "x")] },
        CanonicalCase("Add of a list with one number", "(x + 2.0)") { [try $0.add("Add", "x", $0.floats([2]))] },
        CanonicalCase("Add of a vector", "(x + b)") { [try $0.add("Add", "x", $0.tensor(6))] },
        CanonicalCase("Add of a vector in three axes", "(x + b)") { [try $0.add("Add", $0.tensor(1, 1, 6), "x")] },
        CanonicalCase("Add of a vector, channels first", "(x + b)") { [try $0.add("Add", "cx", $0.tensor(6, 1))] },
        CanonicalCase("Add of two values", "(x + y)") { [$0.add("Add", "x", "y")] },
        CanonicalCase("Add of a narrower value", "(mean(x, 2) + y)") {
            [$0.add("Add", $0.add("ReduceMean", "x", more: ["axes": .ints([2])]), "y")]
        },
        CanonicalCase("Add of a value with fewer axes", "(x + mean(x, 1))") { [$0.add("Add", "x", "px")] },
        CanonicalCase("Sub of a number", "(x + -2.0)") { [try $0.add("Sub", "x", $0.number(2))] },
        CanonicalCase("Sub of two values", "(x − y)") { [$0.add("Sub", "x", "y")] },
        CanonicalCase("Mul by a number", "(x · 2.0)") { [try $0.add("Mul", "x", $0.number(2))] },
        CanonicalCase("Mul by a vector", "(x · w)") { [try $0.add("Mul", "x", $0.tensor(6))] },
        CanonicalCase("Mul of two values", "(x · y)") { [$0.add("Mul", "x", "y")] },
        CanonicalCase("Div by a number", "(x · 0.25)") { [try $0.add("Div", "x", $0.number(4))] },
        CanonicalCase("Div of two values", "(x / y)") { [$0.add("Div", "x", "y")] },
        CanonicalCase("1 divided", "1/x") { [try $0.add("Div", $0.number(1), "x")] },
        CanonicalCase("Pow 2", "x²") { [try $0.add("Pow", "x", $0.number(2))] },
        CanonicalCase("Pow ½", "√x²") { [try $0.add("Pow", $0.add("Pow", "x", $0.number(2)), $0.number(0.5))] },
        CanonicalCase("Pow 3", "x^3.0") { [try $0.add("Pow", "x", $0.number(3))] },
        CanonicalCase("Sqrt", "√x²") { [try $0.add("Sqrt", $0.add("Pow", "x", $0.number(2)))] },
        CanonicalCase("Erf", "erf(x)") { [$0.add("Erf", "x")] },
        CanonicalCase("Tanh", "tanh(x)") { [$0.add("Tanh", "x")] },
        CanonicalCase("Reciprocal", "1/x") { [$0.add("Reciprocal", "x")] },
        CanonicalCase("Neg", "(x · -1.0)") { [$0.add("Neg", "x")] },
        CanonicalCase("Gelu", "gelu(x)", opset: 20) { [$0.add("Gelu", "x")] },
        CanonicalCase("ONNX Runtime's Gelu", "gelu(x)") { [$0.add("ms.Gelu", "x")] },
        CanonicalCase("BiasGelu", "gelu((x + b))") { [try $0.add("ms.BiasGelu", "x", $0.tensor(6))] },
    ]

    @Test("computes the same", arguments: followed)
    func form(example: CanonicalCase) throws { try example.check() }

    static let refused: [LoweringRefusal] = [
        LoweringRefusal("a constant less x", "a constant less features") { [try $0.add("Sub", $0.number(1), "x")] },
        LoweringRefusal("a vector taken off", "a constant of shape [6]") { [try $0.add("Sub", "x", $0.tensor(6))] },
        LoweringRefusal("2 divided by x", "a constant divided by") { [try $0.add("Div", $0.number(2), "x")] },
        LoweringRefusal("a vector that divides", "a constant of shape [6]") { [try $0.add("Div", "x", $0.tensor(6))] },
        LoweringRefusal("2 to the power of x", "a constant to the power") { [try $0.add("Pow", $0.number(2), "x")] },
        LoweringRefusal("a vector for the frames", "shapes that agree") { [try $0.add("Add", "x", $0.tensor(8, 1))] },
        LoweringRefusal("a matrix", "shapes that agree") { [try $0.add("Mul", "x", $0.tensor(8, 6))] },
        LoweringRefusal("a vector of another size", "shapes that agree") { [try $0.add("Add", "x", $0.tensor(4))] },
        LoweringRefusal("whole numbers", "numbers of one type") { [try $0.add("Add", "x", $0.integers(1))] },
        LoweringRefusal("other orders of axes", "orders of axes, that agree") { [$0.add("Add", "x", "cy")] },
        LoweringRefusal("GELU by tanh", "approximated by tanh", opset: 20) {
            [$0.add("Gelu", "x", more: ["approximate": .string("tanh")])]
        },
        LoweringRefusal("Gelu before operator set 20", "operator Gelu", opset: 18) { [$0.add("Gelu", "x")] },
        LoweringRefusal("a bias of another size", "one number per channel") {
            [try $0.add("ms.BiasGelu", "x", $0.tensor(4))]
        },
        LoweringRefusal("an operator unheard of", "operator Sin") { [$0.add("Sin", "x")] },
    ]

    @Test("refuses others", arguments: refused)
    func refusal(example: LoweringRefusal) throws { try example.check() }

    @Test(
        "keeps activations that have no place as such", arguments: ["Relu", "Sigmoid", "Exp", "Abs", "Softplus", "Elu"])
    func other(operation: String) throws {
        var tiny = try TinyGraph()
        let output = tiny.add(operation, "x")
        let graph = try tiny.lowered([output]).graph
        #expect(graph.expression(of: output, names: TinyGraph.names(in: graph)) == "other(x)")
    }
}
