import ONNXInterpreter
import StandInModel
import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

/// Whatever operators follow each other, the canonical form computes what the graph does.
@Suite("Canonical forms of random graphs")
struct RandomGraphTests {
    /// Of the largest number: a GELU's √2 is rounded to float32 in the graph, and norms of small numbers enlarge that.
    private static let rounded = 1e-4
    /// Products of products grow; beyond this, rounding is all that is left to compare.
    private static let largest = 1e6

    @Test("compute the same", arguments: 0..<1000)
    func random(seed: Int) throws {
        var author = RandomAuthor(seed: UInt64(seed), graph: try TinyGraph())
        for _ in 0..<14 { try author.step() }
        let outputs = Array(author.values.suffix(3).map(\.name))
        let lowering = try author.graph.lowered(outputs)
        #expect(lowering.failures.isEmpty, "\(lowering.failures)")
        let signal = noise(TinyGraph.samples, seed: UInt64(seed) + 1000)
        let literal = try Interpreter(author.graph.model(outputs)).run(signal: signal)
        var rewritten = lowering.graph
        rewritten.rewrite()
        let names = TinyGraph.names(in: rewritten)
        var compared = 0
        for graph in [lowering.graph, rewritten] {
            var evaluation = CanonicalEvaluation(graph, of: signal)
            for output in outputs {
                let expected = try #require(literal[output]?.reals)
                let scale = max(1, expected.map(abs).max() ?? 1)
                guard scale < Self.largest else { continue }
                compared += 1
                let found = try evaluation.output(output)
                #expect(found.shape == literal[output]?.shape)
                #expect(
                    largestDifference(found.values, expected) <= Self.rounded * scale,
                    "\(rewritten.expression(of: output, names: names))")
            }
        }
        #expect(compared > 0)
    }
}

/// Adds nodes to a graph at random, the same for each seed.
private struct RandomAuthor {
    private var generator: SplitMix64
    var graph: TinyGraph
    /// `[1, frames, 6]`, or `[1, 6, frames]` where channels come first.
    var values: [(name: String, isTurned: Bool)] = [("x", false), ("y", false), ("cx", true)]

    init(seed: UInt64, graph: TinyGraph) {
        generator = SplitMix64(seed: seed)
        self.graph = graph
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int(generator.next() % UInt64(choices.count))]
    }

    /// One more operation on one of the last values.
    mutating func step() throws {
        let value = pick(Array(values.suffix(4)))
        let others = values.filter { $0.isTurned == value.isTurned }
        let other = pick(others).name
        let number = try graph.number(pick([0, 0.5, 1, 2, -1, 0.3, Float(0.5).squareRoot()]))
        let factor = try graph.number(pick([0.5, 1, 2, 4, -1, 0.3]))
        let vector = value.isTurned ? try graph.tensor(6, 1) : try graph.tensor(6)
        let axis = pick([1, 2])
        var isTurned = value.isTurned
        let name: String
        switch generator.next() % 20 {
        case 0...2: name = graph.add("Mul", value.name, factor)
        case 3, 4: name = graph.add("Add", value.name, number)
        case 5: name = graph.add("Add", value.name, other)
        case 6: name = graph.add("Mul", value.name, other)
        case 7: name = graph.add("Sub", other, value.name)
        case 8: name = graph.add("Mul", value.name, vector)
        case 9: name = graph.add("Add", vector, value.name)
        case 10: name = graph.add("Add", try layer(value), vector)
        case 11: name = try layer(value)
        case 12, 13:
            name = graph.add("Transpose", value.name, more: ["perm": .ints([0, 2, 1])])
            isTurned.toggle()
        case 14: name = try gelu(value.name)
        case 15: name = graph.add("Sub", value.name, mean(value.name, axis))
        case 16: name = graph.add("Div", value.name, try root(value.name, axis))
        case 17: name = graph.add("Mul", other, graph.add("Reciprocal", try root(value.name, axis)))
        case 18: name = graph.add("Tanh", value.name)
        default:
            let channels = value.isTurned ? 1 : 2
            let centred = graph.add("Sub", value.name, mean(value.name, channels))
            let scaled = graph.add("Mul", graph.add("Div", centred, try root(centred, channels)), vector)
            name = graph.add("Add", scaled, value.isTurned ? try graph.tensor(6, 1) : try graph.tensor(6))
        }
        values.append((name, isTurned))
    }

    /// A matrix, or a convolution with a kernel of one.
    private mutating func layer(_ value: (name: String, isTurned: Bool)) throws -> String {
        value.isTurned
            ? try graph.add("Conv", value.name, graph.tensor(6, 6, 1))
            : try graph.add("MatMul", value.name, graph.tensor(6, 6))
    }

    private mutating func mean(_ value: String, _ axis: Int) -> String {
        graph.add("ReduceMean", value, more: ["axes": .ints([Int64(axis)])])
    }

    private mutating func root(_ value: String, _ axis: Int) throws -> String {
        let square =
            pick([true, false]) ? graph.add("Mul", value, value) : try graph.add("Pow", value, graph.number(2))
        return try graph.add("Sqrt", graph.add("Add", mean(square, axis), graph.number(pick([1e-5, 0.1]))))
    }

    /// With its ½ in one of three places.
    private mutating func gelu(_ value: String) throws -> String {
        let half = try graph.number(0.5)
        let erf = try graph.add("Erf", graph.add("Div", value, graph.number(Float(2).squareRoot())))
        let sum = try graph.add("Add", erf, graph.number(1))
        switch generator.next() % 3 {
        case 0: return graph.add("Mul", graph.add("Mul", value, sum), half)
        case 1: return graph.add("Mul", graph.add("Mul", value, half), sum)
        default: return graph.add("Mul", value, graph.add("Mul", sum, half))
        }
    }
}
