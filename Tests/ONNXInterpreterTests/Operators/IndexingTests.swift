import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct IndexingTests {
    // [2, 3]
    private func data() throws -> InterpreterTensor { try real([2, 3], [1, 2, 3, 4, 5, 6]) }

    @Test func `GatherElements along either axis`() throws {
        #expect(
            try result("GatherElements", data(), integer([1, 3], [1, 0, -1])) == real([1, 3], [4, 2, 6]))
        #expect(
            try result("GatherElements", data(), integer([2, 2], [2, 0, -2, 1]), attributes: ["axis": .int(1)])
                == real([2, 2], [3, 1, 5, 5]))
        #expect(try result("GatherElements", data(), integer([0, 3], [])) == real([0, 3], []))
        #expect(try refusal("GatherElements", data(), integer([1, 1], [2])) == .indexOutOfRange(2, count: 2))
        #expect(
            try refusal("GatherElements", data(), integer([1, 4], [0, 0, 0, 0]))
                == .wrongShape(input: 1, found: [1, 4], expected: "[2, 3] or less on all axes but axis 0"))
        #expect(
            try refusal("GatherElements", data(), list(0))
                == .wrongShape(input: 1, found: [1], expected: "[2, 3] or less on all axes but axis 0"))
        #expect(try refusal("GatherElements", real([], [1]), integer([], [0])) == .axisOutOfRange(0, rank: 0))
    }

    @Test func `ScatterElements is the way back`() throws {
        for opset in [11, 16, 18] {
            #expect(
                try result(
                    "ScatterElements", data(), integer([1, 3], [1, 0, -1]), real([1, 3], [10, 20, 30]), opset: opset)
                    == real([2, 3], [1, 20, 3, 10, 5, 30]))
        }
        // The last of two for one place stays.
        #expect(
            try result(
                "ScatterElements", list(1, 2), list(0, 0), list(8, 9),
                attributes: ["axis": .int(0), "reduction": .string("none")]) == list(9, 2))
        #expect(
            try refusal("ScatterElements", list(1), list(0), list(1), attributes: ["reduction": .string("add")])
                == .unsupportedAttributeValue("reduction", value: "'add'", expected: "'none'"))
        #expect(
            try refusal("ScatterElements", list(1, 2), list(0), list(8, 9))
                == .wrongShape(input: 2, found: [2], expected: "[1], as input 1"))
        #expect(try refusal("ScatterElements", list(1), list(0), real([1], [1])) == .kindsDiffer(.integer, .real))
        #expect(
            try refusal(
                "ScatterElements", list(1), list(0), list(1), attributes: ["reduction": .string("none")], opset: 13)
                == .unknownAttribute("reduction", known: ["axis"]))
    }

    @Test func `GatherND of elements, blocks and batches`() throws {
        #expect(try result("GatherND", data(), integer([2, 2], [0, 1, -1, -1]), opset: 11) == real([2], [2, 6]))
        #expect(
            try result("GatherND", data(), integer([3, 1], [1, 0, 1])) == real([3, 3], [4, 5, 6, 1, 2, 3, 4, 5, 6]))
        #expect(
            try result("GatherND", data(), integer([2, 1], [2, 0]), attributes: ["batch_dims": .int(1)])
                == real([2], [3, 4]))
        #expect(try result("GatherND", data(), integer([1, 0], [])) == real([1, 2, 3], [1, 2, 3, 4, 5, 6]))
        #expect(try result("GatherND", data(), integer([0, 1], [])) == real([0, 3], []))
        #expect(try refusal("GatherND", data(), integer([1, 1], [2])) == .indexOutOfRange(2, count: 2))
        for (indices, batch) in try [(integer([1, 3], [0, 0, 0]), 0), (integer([3, 1], [0, 0, 0]), 1), (list(), 1)] {
            let reason = refusal("GatherND", try data(), indices, attributes: ["batch_dims": .int(Int64(batch))])
            #expect(
                reason
                    == .wrongShape(
                        input: 1, found: indices.shape,
                        expected: "lists of indices into [2, 3], with \(batch) axes alike"))
        }
        #expect(throws: InterpreterError.self) {
            try evaluate("GatherND", [data(), list(0)], ["batch_dims": .int(-1)])
        }
        #expect(
            try refusal("GatherND", real([0], []), integer([1 << 40, 0], []))
                == .tooManyElements(shape: [1 << 40], limit: Operators.defaultElementLimit))
    }

    @Test func `ScatterND of elements and blocks`() throws {
        for opset in [11, 13, 16, 18] {
            #expect(
                try result("ScatterND", data(), integer([2, 2], [0, 1, -1, -1]), real([2], [20, 60]), opset: opset)
                    == real([2, 3], [1, 20, 3, 4, 5, 60]))
        }
        #expect(
            try result(
                "ScatterND", data(), integer([1, 1], [-1]), real([1, 3], [7, 8, 9]),
                attributes: ["reduction": .string("none")]) == real([2, 3], [1, 2, 3, 7, 8, 9]))
        #expect(
            try result("ScatterND", boolean([2], [true, true]), integer([1, 1], [0]), boolean([1], [false]))
                == boolean([2], [false, true]))
        #expect(
            try refusal("ScatterND", data(), integer([1, 1], [0]), real([1, 2], [7, 8]))
                == .wrongShape(input: 2, found: [1, 2], expected: "[1, 3], as input 1 names"))
        #expect(
            try refusal(
                "ScatterND", data(), integer([1, 1], [0]), real([1, 3], [7, 8, 9]),
                attributes: ["reduction": .string("mul")])
                == .unsupportedAttributeValue("reduction", value: "'mul'", expected: "'none'"))
    }
}
