import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct FusedProductsTests {
    @Test(arguments: [false, true], [false, true])
    func `FusedMatMul transposes the last two axes and scales`(transposesA: Bool, transposesB: Bool) throws {
        let (a, b) = (try noise([2, 3, 4], seed: 1), try noise([4, 5], seed: 2))
        let left = transposesA ? try result("Transpose", a, attributes: ["perm": .ints([0, 2, 1])]) : a
        let right = transposesB ? try result("Transpose", b) : b
        let attributes: [String: Attribute] = [
            "alpha": .float(0.5), "transA": .int(transposesA ? 1 : 0), "transB": .int(transposesB ? 1 : 0),
        ]
        let expected = try result("Mul", result("MatMul", a, b), real([], [0.5]))
        for operation in ["FusedMatMul", "TransposeMatMul"] {
            let found = try result(operation, left, right, attributes: attributes, domain: runtime)
            #expect(try largestDifference(found, expected) < doubleTolerance)
        }
    }

    @Test func `FusedMatMul moves the first axis behind the others of the batch`() throws {
        let (a, b) = (try noise([2, 3, 4, 5], seed: 3), try noise([2, 3, 5, 6], seed: 4))
        let expected = try result("MatMul", a, b)
        // [rows, batch, batch, columns]
        let rowsFirst: [String: Attribute] = ["perm": .ints([2, 0, 1, 3])]
        let columnsFirst: [String: Attribute] = ["perm": .ints([3, 0, 1, 2])]
        let one = try result(
            "FusedMatMul", result("Transpose", a, attributes: rowsFirst), b,
            attributes: ["transBatchA": .int(1), "transBatchB": .int(0)], domain: runtime)
        #expect(try largestDifference(one, expected) < doubleTolerance)
        let both = try result(
            "FusedMatMul", result("Transpose", a, attributes: columnsFirst),
            result("Transpose", b, attributes: columnsFirst),
            attributes: ["transBatchA": .int(1), "transA": .int(1), "transBatchB": .int(1), "transB": .int(1)],
            domain: runtime)
        #expect(try largestDifference(both, expected) < doubleTolerance)
    }

    @Test func `FusedMatMul leaves a list as it is`() throws {
        let row = try real([2], [1, 2])
        let product = try result(
            "FusedMatMul", row, real([2, 1], [3, 4]), attributes: ["transA": .int(1)], domain: runtime)
        #expect(try product == real([1], [11]))
        #expect(
            try refusal("FusedMatMul", list(1), row, domain: runtime)
                == .wrongKind(input: 0, found: .integer, expected: "real ones"))
        #expect(
            refusal("TransposeMatMul", row, row, attributes: ["transBatchA": .int(1)], domain: runtime)
                == .unknownAttribute("transBatchA", known: ["alpha", "transA", "transB"]))
    }

    @Test(
        arguments: [
            ("Relu", [], [0, 0, 0.25, 3]), ("LeakyRelu", [0.5], [-1, -0.25, 0.25, 3]),
            ("LeakyRelu", [], [-0.02, -0.005, 0.25, 3]), ("HardSigmoid", [0.25, 0.25], [0, 0.125, 0.3125, 1]),
            ("HardSigmoid", [], [0.1, 0.4, 0.55, 1]), ("Clip", [-1, 2], [-1, -0.5, 0.25, 2]),
            ("Clip", [], [-2, -0.5, 0.25, 3]), ("", [], [-2, -0.5, 0.25, 3]),
        ] as [(String, [Float], [Double])])
    func `activations of FusedGemm and FusedConv`(name: String, parameters: [Float], expected: [Double]) throws {
        let x: [Double] = [-2, -0.5, 0.25, 3]
        var gemm: [String: Attribute] = ["activation": .string(name)]
        for (key, value) in zip(["activation_alpha", "activation_beta"], parameters) { gemm[key] = .float(value) }
        let one = try result("FusedGemm", real([4, 1], x), real([1, 1], [1]), attributes: gemm, domain: runtime)
        // The standard parameters are those of float32.
        #expect(try largestDifference(one, real([4, 1], expected)) < 1e-7)
        let conv: [String: Attribute] = ["activation": .string(name), "activation_params": .floats(parameters)]
        let other = try result(
            "FusedConv", real([1, 1, 4], x), real([1, 1, 1], [1]), attributes: conv, domain: runtime)
        #expect(try largestDifference(other, real([1, 1, 4], expected)) < 1e-7)
    }

    @Test func `FusedGemm is Gemm and a function`() throws {
        let (a, b, c) = (try noise([3, 5], seed: 5), try noise([4, 3], seed: 6), try noise([4], seed: 7))
        let plain: [String: Attribute] = [
            "alpha": .float(0.5), "beta": .float(2), "transA": .int(1), "transB": .int(1),
        ]
        let gemm = try result("Gemm", a, b, c, attributes: plain)
        for operation in ["Tanh", "Sigmoid", "Relu"] {
            let attributes = plain.merging(["activation": .string(operation)]) { $1 }
            let found = try result("FusedGemm", a, b, c, attributes: attributes, domain: runtime)
            #expect(try found == result(operation, gemm))
        }
        #expect(
            refusal(
                "FusedGemm", a, b, c, attributes: plain.merging(["activation": .string("Swish")]) { $1 },
                domain: runtime)
                == .unsupportedAttributeValue(
                    "activation", value: "'Swish'",
                    expected: "'Relu', 'Tanh', 'Sigmoid', 'LeakyRelu', 'HardSigmoid' or 'Clip'"))
    }

    @Test func `FusedConv adds its fourth input before the function`() throws {
        let (x, w, bias) = (try noise([1, 4, 9], seed: 8), try noise([2, 2, 3], seed: 9), try noise([2], seed: 10))
        let z = try noise([1, 2, 9], seed: 11)
        let plain: [String: Attribute] = ["group": .int(2), "pads": .ints([1, 1])]
        let attributes = plain.merging(["activation": .string("Tanh")]) { $1 }
        let conv = try result("Conv", x, w, bias, attributes: plain)
        #expect(
            try result("FusedConv", x, w, bias, z, attributes: attributes, domain: runtime)
                == result("Tanh", result("Add", conv, z)))
        #expect(try result("FusedConv", x, w, bias, attributes: attributes, domain: runtime) == result("Tanh", conv))
        #expect(
            try refusal("FusedConv", x, w, bias, noise([1, 2, 1], seed: 1), attributes: attributes, domain: runtime)
                == .wrongShape(input: 3, found: [1, 2, 1], expected: "[1, 2, 9]"))
    }
}
