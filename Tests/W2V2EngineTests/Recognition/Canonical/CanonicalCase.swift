import ONNXInterpreter
import TestSupport
import Testing

@testable import W2V2Recognition

/// A tiny graph, and its canonical form as an expression.
struct CanonicalCase: Sendable, CustomTestStringConvertible {
    typealias Build = @Sendable (inout TinyGraph) throws -> [String]

    let what: String
    let expected: [String]
    let rules: [RewriteRule]
    let opset: Int
    let tolerance: Double
    let build: Build

    /// For graphs whose numbers are what they say, in Double.
    static let exact = 1e-12
    /// For graphs with a number that float32 rounds and the canonical form has exactly, such as √2.
    static let rounded = 1e-7

    /// `what` names the graph, `expected` is the expression of each output after `rules`, and `build` adds the nodes and
    /// returns the names of the outputs.
    init(
        _ what: String, _ expected: String..., by rules: [RewriteRule] = [], opset: Int = 17,
        tolerance: Double = Self.exact, build: @escaping Build
    ) {
        (self.what, self.expected, self.rules, self.opset) = (what, expected, rules, opset)
        (self.tolerance, self.build) = (tolerance, build)
    }

    var testDescription: String { "\(what): \(expected.joined(separator: "; "))" }

    /// Checks the form that the rules bring the graph to, and that it computes what the graph says; and that it still does
    /// before any rule and after all of them.
    func check() throws {
        try check { graph in graph.rewrite(by: rules) }
        try check(isForm: false) { _ in }
        try check(isForm: false, Self.rewrite)
    }

    /// Checks the form that all rules bring the graph to as they are applied to models, and what it computes.
    func checkAllRules() throws { try check(Self.rewrite) }

    private static func rewrite(_ graph: inout CanonicalGraph) {
        for rules in RewriteRule.steps { graph.rewrite(by: rules) }
    }

    private func check(isForm: Bool = true, _ rewrite: (inout CanonicalGraph) -> Void) throws {
        var tiny = try TinyGraph(opset: opset)
        let outputs = try build(&tiny)
        let lowering = try tiny.lowered(outputs)
        for (node, failure) in lowering.failures { Issue.record("node \(node): \(failure)") }
        var graph = lowering.graph
        rewrite(&graph)
        graph.settle()
        let names = TinyGraph.names(in: graph)
        let forms = outputs.map { graph.expression(of: $0, names: names) }
        if isForm { #expect(forms == expected) }
        try Self.compare(graph, tiny, outputs, tolerance)
        Self.account(graph, tiny, lowering)
    }

    /// Compares the canonical form with a literal run.
    private static func compare(
        _ graph: CanonicalGraph, _ tiny: TinyGraph, _ outputs: [String], _ tolerance: Double
    ) throws {
        let signal = noise(TinyGraph.samples, seed: 5)
        let literal = try Interpreter(tiny.model(outputs)).run(signal: signal, roundingActivations: false)
        var evaluation = CanonicalEvaluation(graph, of: signal)
        for output in outputs {
            let (found, expected) = (try evaluation.output(output), try #require(literal[output]))
            #expect(found.shape == expected.shape)
            #expect(largestDifference(found.values, expected.reals ?? []) <= tolerance, "\(output)")
        }
    }

    /// Every node is a part of an operation that the outputs need, or is known to be of no use.
    private static func account(_ graph: CanonicalGraph, _ tiny: TinyGraph, _ lowering: Lowering) {
        var found: Set<Int> = []
        var pending = graph.outputs.compactMap(\.operand)
        var seen: Set<Int> = []
        while let operand = pending.popLast() {
            found.formUnion(graph.rearrangements(of: operand))
            let index = graph.index(of: operand)
            found.formUnion(graph.nodes(of: index))
            if seen.insert(index).inserted { pending += graph[index].inputs }
        }
        for node in tiny.nodes.indices.dropFirst(tiny.preamble) {
            #expect(found.contains(node) || lowering.idle[node] != nil, "\(tiny.nodes[node].label) has no place")
        }
    }
}

/// A tiny graph that can't be followed, and a part of the reason.
struct LoweringRefusal: Sendable, CustomTestStringConvertible {
    let what: String
    let reason: String
    let opset: Int
    let build: CanonicalCase.Build

    init(_ what: String, _ reason: String, opset: Int = 17, build: @escaping CanonicalCase.Build) {
        (self.what, self.reason, self.opset, self.build) = (what, reason, opset, build)
    }

    var testDescription: String { "\(what): \(reason)" }

    func check() throws {
        var tiny = try TinyGraph(opset: opset)
        let outputs = try build(&tiny)
        let lowering = try tiny.lowered(outputs)
        let last = tiny.nodes.count - 1
        let failure = try #require(lowering.failures[last], "it was followed")
        #expect(failure.description.contains(reason), "\(failure)")
        #expect(lowering.graph.outputs.allSatisfy { $0.operand == nil })
    }
}
