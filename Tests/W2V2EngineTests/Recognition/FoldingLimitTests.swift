import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

@Suite("Constant folding")
struct FoldingLimitTests {
    /// A graph that computes `nodes` from a constant of `count` numbers and nothing else.
    private func folding(_ count: Int, _ nodes: [Node]) throws -> ConstantFolding {
        let tensor = try Tensor(name: "w", shape: [count], floats: [Float](repeating: 1, count: count))
        var model = try fixture("torch1.10-opset11")
        model.graph = Graph(nodes: nodes, initializers: ["w": tensor], inputs: [], outputs: [])
        return ConstantFolding(of: try OrderedGraph(model))
    }

    private func node(
        _ operation: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
    )
        -> Node
    {
        Node(operation: operation, inputs: inputs, outputs: [output], attributes: attributes)
    }

    @Test("computes what a weight norm needs")
    func enough() throws {
        let nodes = (0..<3).map { node("Mul", ["w", $0 == 0 ? "w" : "m\($0 - 1)"], "m\($0)") }
        let folding = try folding(1 << 18, nodes)
        #expect(folding.failures.isEmpty)
        #expect(folding.nodes.count == 3)
    }

    @Test("does not read one constant more often than its size accounts for")
    func inputs() throws {
        let concat = node("Concat", [String](repeating: "w", count: 1000), "c", ["axis": .int(0)])
        let folding = try folding(1 << 18, [concat])
        #expect(folding.nodes.isEmpty)
        #expect(folding.failures[0]?.found.contains("reads more elements") == true)
    }

    @Test("ends however many nodes read a constant")
    func time() throws {
        let nodes = (0..<10_000).map { node("ReduceSum", ["w"], "r\($0)", ["keepdims": .int(0)]) }
        let begin = ContinuousClock.now
        let folding = try folding(1 << 18, nodes)
        #expect(begin.duration(to: .now) < .seconds(5))
        #expect(folding.nodes.count < 20 && folding.failures.count > 9_980)
    }

    /// A kernel of a million taps on a million samples, which are hours of multiplications.
    @Test("computes no convolution")
    func convolution() throws {
        let cube = node("Unsqueeze", ["w"], "cube", ["axes": .ints([0, 1])])
        let convolution = node("Conv", ["cube", "cube"], "c", ["pads": .ints([1 << 19, 1 << 19])])
        let folding = try folding(1 << 18, [cube, convolution])
        #expect(folding.failures[1]?.found == "a convolution of constants")
        #expect(folding.constants["cube"]?.shape == [1, 1, 1 << 18])
    }
}
