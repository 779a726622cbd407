import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct CastingTests {
    @Test func `Cast between kinds`() throws {
        func cast(_ input: InterpreterTensor, to type: ElementType) throws -> InterpreterTensor {
            try result("Cast", input, attributes: ["to": .int(Int64(type.rawValue))])
        }
        #expect(try cast(real([4], [1.9, -1.9, 0, 7]), to: .int64) == list(1, -1, 0, 7))
        #expect(try cast(list(0, -2), to: .bool) == boolean([2], [false, true]))
        #expect(try cast(real([2], [0, 0.5]), to: .bool) == boolean([2], [false, true]))
        #expect(try cast(boolean([2], [false, true]), to: .int32) == list(0, 1))
        #expect(try cast(boolean([2], [false, true]), to: .float32) == real([2], [0, 1]))
        #expect(try cast(list(-3), to: .float16) == real([1], [-3]))
        #expect(try cast(real([1], [0.1]), to: .float32) == real([1], [0.1]))
        #expect(try cast(list(.max), to: .uint64) == list(.max))
    }

    @Test(arguments: [
        (Double.nan, ElementType.int64, "nan"), (1e19, .int64, "1e+19"), (-1, .uint64, "-1.0"), (128, .int8, "128.0"),
        (65536, .uint16, "65536.0"), (-2_147_483_649, .int32, "-2147483649.0"), (.infinity, .uint8, "inf"),
    ])
    func `Cast to an integer type that the value doesn't fit`(value: Double, type: ElementType, text: String) throws {
        #expect(
            try refusal("Cast", real([1], [value]), attributes: ["to": .int(Int64(type.rawValue))])
                == .notRepresentable(text, as: "\(type)"))
    }

    @Test func `Cast to what is no number`() throws {
        #expect(
            try refusal("Cast", list(1), attributes: ["to": .int(8)])
                == .unsupportedAttributeValue("to", value: "8", expected: "a number type's code"))
        #expect(try refusal("Cast", list(1)) == .missingAttribute("to"))
        #expect(
            try refusal("Cast", list(1), attributes: ["to": .float(1)])
                == .wrongAttributeType("to", expected: "an integer"))
    }

    @Test(arguments: [
        (ElementType.uint8, [255, 44, 0]), (.int8, [-1, 44, 0]), (.uint16, [65535, 300, 0]), (.int16, [-1, 300, 0]),
        (.uint32, [Int(UInt32.max), 300, 0]), (.int32, [-1, 300, 0]), (.int64, [-1, 300, 1 << 40]),
    ])
    func `integers keep as many bits as the type has`(type: ElementType, expected: [Int]) throws {
        let cast = try result(
            "Cast", integer([3], [-1, 300, 1 << 40]), attributes: ["to": .int(Int64(type.rawValue))])
        #expect(try cast == integer([3], expected))
        #expect(cast.integerType == type)
    }

    @Test func `a negative integer is no uint64 here`() throws {
        #expect(
            try refusal("Cast", list(-1), attributes: ["to": .int(Int64(ElementType.uint64.rawValue))])
                == .notRepresentable("-1", as: "uint64"))
    }

    @Test(arguments: [ElementType.float32, .float64, .float16, .bfloat16], [11, 19, 24])
    func `real numbers are not rounded`(type: ElementType, opset: Int) throws {
        let x = try real([2], [0.1, 1e300])
        #expect(try result("Cast", x, attributes: ["to": .int(Int64(type.rawValue))], opset: opset) == x)
        #expect(
            try refusal("Cast", x, attributes: ["to": .int(1), "saturate": .int(1)], opset: 18)
                == .unknownAttribute("saturate", known: ["to"]))
    }

    @Test func `a tensor keeps the type of its integers when it is rearranged`() throws {
        let x = try integer([2, 1], [1, 2], .int8)
        for y in [
            try result("Reshape", x, list(2)), try result("Squeeze", x, list(1)), try result("Transpose", x),
            try result("Unsqueeze", x, list(0)), try result("Flatten", x), try result("Expand", x, list(2, 3)),
            try result("Slice", x, list(0), list(1)), try result("Gather", x, list(1)), try result("Identity", x),
            try result("Concat", x, x, attributes: ["axis": .int(0)]), try result("Tile", x, list(2, 2)),
        ] {
            #expect(y.integerType == .int8)
        }
        #expect(try result("Add", x, x).integerType == nil)
        #expect(try InterpreterTensor(Tensor(shape: [1], integers: [1])).integerType == .int64)
    }
}
