import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

extension TinyGraph {
    fileprivate typealias Quantized = (numbers: String, scale: String, zero: String)

    fileprivate mutating func quantised(_ value: String) -> Quantized {
        let outputs = add("DynamicQuantizeLinear", [value], outputs: 3)
        return (outputs[0], outputs[1], outputs[2])
    }

    /// Whole numbers from -100 to 100, or from 28 to 228.
    fileprivate mutating func weight(_ shape: Int..., type: ElementType = .int8) throws -> String {
        let count = shape.reduce(1, *)
        let values = (0..<count).map { $0 * 37 % 201 - 100 + (type == .uint8 ? 128 : 0) }
        return try bytes(values, type, shape: shape)
    }

    /// A product of whole numbers as a number, times both scales.
    fileprivate mutating func scaled(_ product: String, _ scale: String, _ weightScale: String) -> String {
        let scales = add("Mul", scale, weightScale)
        return add("Mul", add("Cast", product, more: ["to": .int(1)]), scales)
    }

    /// MatMulInteger on what one value was quantised to, times the scale of another.
    fileprivate mutating func product(_ numbers: Quantized, scaledAs other: Quantized) throws -> String {
        let zero = try bytes([3], .int8, shape: [])
        let product = try add("MatMulInteger", numbers.numbers, weight(6, 4), numbers.zero, zero)
        return scaled(product, other.scale, try number(0.01))
    }
}

@Suite("Lowering of quantised numbers")
struct QuantizationLoweringTests {
    /// Weights are their whole numbers times scales, in float32; the literal run has them in Double.
    private static let rounded = 1e-6

    static let followed: [CanonicalCase] = [
        CanonicalCase("MatMulInteger", "linear[6→4](x)", tolerance: rounded) {
            let x = $0.quantised("x")
            return [try $0.product(x, scaledAs: x)]
        },
        CanonicalCase("MatMulInteger of uint8, and a bias", "(linear[6→4](x) + b)", tolerance: rounded) {
            let (numbers, scale, zero) = $0.quantised("x")
            let point = try $0.bytes([128], .uint8, shape: [1])
            let product = try $0.add("MatMulInteger", numbers, $0.weight(6, 4, type: .uint8), zero, point)
            return [try $0.add("Add", $0.scaled(product, scale, $0.floats([0.02])), $0.tensor(4))]
        },
        CanonicalCase("a scale for each output", "linear[6→4](x)", tolerance: rounded) {
            let (numbers, scale, zero) = $0.quantised("x")
            let point = try $0.bytes([0, 5, -5, 9], .int8, shape: [4])
            let product = try $0.add("MatMulInteger", numbers, $0.weight(6, 4), zero, point)
            return [try $0.scaled(product, scale, $0.floats([0.01, 0.02, 0.03, 0.04]))]
        },
        CanonicalCase("one quantised value for two products", "linear[6→4](x)", "linear[6→4](x)", tolerance: rounded) {
            let x = $0.quantised("x")
            return [try $0.product(x, scaledAs: x), try $0.product(x, scaledAs: x)]
        },
        CanonicalCase("ConvInteger", "conv[4](x)", tolerance: rounded) {
            let (numbers, scale, zero) = $0.quantised("cx")
            let point = try $0.bytes([7], .int8, shape: [])
            let more: [String: Attribute] = ["pads": .ints([1, 1]), "group": .int(2)]
            let product = try $0.add("ConvInteger", numbers, $0.weight(4, 3, 3), zero, point, more: more)
            return [try $0.scaled(product, scale, $0.number(0.01))]
        },
        CanonicalCase("MatMulIntegerToFloat", "(linear[6→4](x) + b)", tolerance: rounded) {
            let (numbers, scale, zero) = $0.quantised("x")
            let inputs = [
                numbers, try $0.weight(6, 4), scale, try $0.number(0.01), zero, try $0.bytes([3], .int8, shape: []),
                try $0.tensor(4),
            ]
            return $0.add("ms.MatMulIntegerToFloat", inputs, outputs: 1)
        },
        CanonicalCase("DynamicQuantizeMatMul", "(linear[6→4](x) + b)", tolerance: rounded) {
            let inputs = [
                "x", try $0.weight(6, 4), try $0.floats([0.01, 0.02, 0.03, 0.04]), "", try $0.tensor(4),
            ]
            return $0.add("ms.DynamicQuantizeMatMul", inputs, outputs: 1)
        },
        CanonicalCase("QuantizeLinear and back", "x") {
            let (scale, zero) = (try $0.number(0.02), try $0.bytes([128], .uint8, shape: []))
            return [$0.add("DequantizeLinear", $0.add("QuantizeLinear", "x", scale, zero), scale, zero)]
        },
        CanonicalCase("moved between", "x") {
            let (scale, zero) = (try $0.number(0.02), try $0.bytes([0], .int8, shape: []))
            let moved = $0.add(
                "Transpose", $0.add("QuantizeLinear", "cx", scale, zero), more: ["perm": .ints([0, 2, 1])])
            return [$0.add("DequantizeLinear", moved, scale, zero)]
        },
        CanonicalCase("a quantised weight", "linear[6→4](x)", tolerance: rounded) {
            let scales = try $0.floats([0.01, 0.02, 0.03, 0.04])
            let weight = try $0.add("DequantizeLinear", $0.weight(6, 4), scales, more: ["axis": .int(1)])
            return [$0.add("MatMul", "x", weight)]
        },
        CanonicalCase("a quantised weight by rows", "linear[6→4](x)", tolerance: rounded) {
            let scales = try $0.floats([1, 2, 3, 4, 5, 6].map { $0 / 100 })
            let weight = try $0.add("DequantizeLinear", $0.weight(6, 4), scales, more: ["axis": .int(0)])
            return [$0.add("MatMul", "x", weight)]
        },
    ]

    @Test("computes the same", arguments: followed)
    func form(example: CanonicalCase) throws { try example.check() }

    static let refused: [LoweringRefusal] = [
        LoweringRefusal("the scale of other numbers", "the scale of other numbers") {
            let (x, y) = ($0.quantised("x"), $0.quantised("y"))
            return [try $0.product(x, scaledAs: y)]
        },
        LoweringRefusal("the scale of the same numbers in another order", "the scale of other numbers") {
            let (x, moved) = ($0.quantised("x"), $0.quantised("cx"))
            return [try $0.product(x, scaledAs: moved)]
        },
        LoweringRefusal("the zero point of other numbers", "the zero point of other numbers") {
            let (x, y) = ($0.quantised("x"), $0.quantised("y"))
            return [try $0.add("MatMulInteger", x.numbers, $0.weight(6, 4), y.zero)]
        },
        LoweringRefusal("no zero point", "the zero point of other numbers") {
            [try $0.add("MatMulInteger", $0.quantised("x").numbers, $0.weight(6, 4))]
        },
        LoweringRefusal("another scale than that of QuantizeLinear", "those with which it quantised") {
            let zero = try $0.bytes([128], .uint8, shape: [])
            let numbers = try $0.add("QuantizeLinear", "x", $0.number(0.02), zero)
            return [try $0.add("DequantizeLinear", numbers, $0.number(0.03), zero)]
        },
        LoweringRefusal("another zero point", "those with which it quantised") {
            let scale = try $0.number(0.02)
            let numbers = try $0.add("QuantizeLinear", "x", scale, $0.bytes([128], .uint8, shape: []))
            return [try $0.add("DequantizeLinear", numbers, scale, $0.bytes([127], .uint8, shape: []))]
        },
        LoweringRefusal("whole numbers taken for features", "quantised input") {
            [$0.add("Tanh", $0.quantised("x").numbers)]
        },
        LoweringRefusal("scales for other outputs", "one scale, or one for each output") {
            let (numbers, scale, zero) = $0.quantised("x")
            let product = try $0.add("MatMulInteger", numbers, $0.weight(6, 4), zero)
            return [try $0.scaled(product, scale, $0.floats([1, 2, 3]))]
        },
    ]

    @Test("refuses others", arguments: refused)
    func refusal(example: LoweringRefusal) throws { try example.check() }
}
