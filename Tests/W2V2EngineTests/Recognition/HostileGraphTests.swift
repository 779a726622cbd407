import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

/// Graphs that no exporter writes: they are refused at once, whatever they hold.
@Suite("Hostile graphs")
struct HostileGraphTests {
    /// A graph of `nodes` on a signal of `samples`, or of any length, whose output is the last node's.
    private func refusal(
        _ nodes: [Node], samples: ValueInfo.Dimension = .symbolic("time"), initializers: [Tensor] = []
    ) throws -> RecognitionError {
        var model = try fixture("torch1.10-opset13-inputnorm")
        model.graph = Graph(
            nodes: nodes, initializers: Dictionary(uniqueKeysWithValues: initializers.map { ($0.name, $0) }),
            inputs: [ValueInfo(name: "signal", elementType: .float32, shape: [.fixed(1), samples])],
            outputs: [ValueInfo(name: nodes.last?.outputs.first ?? "", elementType: .float32)])
        return try #require(throws: RecognitionError.self) { try RecognizedModel(recognizing: model) }
    }

    private func node(
        _ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [String: Attribute] = [:]
    ) -> Node {
        Node(operation: operation, inputs: inputs, outputs: outputs, attributes: attributes)
    }

    /// Each node on the one before.
    private func chain(_ operation: String, and operand: String? = nil, _ attributes: [String: Attribute] = [:])
        -> [Node]
    {
        (0..<20_000).map { index in
            let value = index == 0 ? "signal" : "v\(index - 1)"
            return node(operation, [value] + [operand].compactMap(\.self), ["v\(index)"], attributes)
        }
    }

    @Test("chains of scales and rearrangements end, in time that grows with their length")
    func chains() throws {
        let factor = try Tensor(name: "factor", shape: [], floats: [1.5])
        let one = try Tensor(name: "one", shape: [], floats: [1])
        let begin = ContinuousClock.now
        for (nodes, constants) in [
            (chain("Mul", and: "factor"), [factor]), (chain("Mul", and: "one"), [one]),
            (chain("Transpose", ["perm": .ints([0, 1])]), []),
        ] {
            let error = try refusal(nodes, initializers: constants)
            #expect(error.description.contains("convolution"))
        }
        // With lists of nodes that are copied along a chain, it was ten times that, and gigabytes.
        #expect(begin.duration(to: .now) < .seconds(10))
    }

    @Test("a length near the largest number is refused before it is counted with")
    func length() throws {
        let split = node("Split", ["signal"], ["a", "b"], ["axis": .int(1)])
        let error = try refusal([split], samples: .fixed(.max))
        #expect(error.description.contains("input 'signal'") && error.description.contains("4294967296"))
    }

    @Test("a quantised tensor without elements has none")
    func emptyTensor() throws {
        let weight = Tensor(name: "w", elementType: .int8, shape: [4, 0], elementCount: 0, bytes: .decoded([]))
        let scales = try Tensor(name: "s", shape: [4], floats: [1, 1, 1, 1])
        let nodes = [
            node("DequantizeLinear", ["w", "s"], ["d"], ["axis": .int(0)]), node("Neg", ["d"], ["n"]),
            node("Mul", ["signal", "n"], ["o"]),
        ]
        #expect(try refusal(nodes, initializers: [weight, scales]).description.contains("DequantizeLinear"))
    }
}
