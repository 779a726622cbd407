import ONNXInterpreter
import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

/// The canonical form of whole exports computes what their graphs say, as it is lowered and as it is rewritten.
@Suite("Canonical forms of whole exports")
struct CanonicalExportTests {
    /// Constants that the graph computes, such as the weight norm's, are rounded to float32 when they are folded, and
    /// quantised weights when they are read.
    private static let folded = 2e-6
    /// And a GELU's √2 that was rounded to float16 in the file is √2 in the rewritten form.
    private static let float16 = 2e-3

    private static let paths = Fixtures.modelNames.map(Fixtures.model) + ProcessedExport.all.map(\.path)

    @Test("compute the same", arguments: paths)
    func evaluation(path: String) throws {
        let model = try ONNXModel(contentsOf: path)
        let ordered = try OrderedGraph(model)
        let lowering = try Lowering(of: ordered, constants: ConstantFolding(of: ordered))
        let signal = noise(lowering.fixedSamples ?? 1039, seed: 4)
        let literal = try Interpreter(model).run(signal: signal, roundingActivations: false)
        var rewritten = lowering.graph
        rewritten.rewrite()
        let halves = model.graph.initializers.values.contains { $0.elementType == .float16 }
        for (graph, tolerance) in [
            (lowering.graph, Self.folded), (rewritten, halves ? Self.float16 : Self.folded),
        ] {
            var evaluation = CanonicalEvaluation(graph, of: signal)
            for output in model.graph.outputs {
                let (found, expected) = (try evaluation.output(output.name), try #require(literal[output.name]))
                #expect(found.shape == expected.shape)
                let scale = max(1, expected.reals?.map(abs).max() ?? 0)
                #expect(largestDifference(found.values, expected.reals ?? []) <= tolerance * scale, "\(output.name)")
            }
        }
    }
}
