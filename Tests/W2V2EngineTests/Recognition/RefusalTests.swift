import ONNXInterpreter
import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network
@testable import W2V2Recognition

@Suite("Refusal of graphs that are not the architecture")
struct RefusalTests {
    @Test("the error names the place", arguments: Mutation.all)
    func refusal(mutation: Mutation) throws {
        var model = try fixture(mutation.fixture)
        try mutation.change(&model)
        let error = try #require(throws: RecognitionError.self) { try RecognizedModel(recognizing: model) }
        for name in mutation.names { #expect(error.description.contains(name)) }
    }

    /// The float scalars of the exports are epsilons, GELU's constants, exponents and scales; each matters, but for the
    /// number that the mask would put where it masks.
    @Test("no number of the graph can be another", arguments: Fixtures.modelNames)
    func numbers(name: String) throws {
        let model = try fixture(name)
        var count = 0
        for (index, node) in model.graph.nodes.enumerated() {
            guard case .tensor(let tensor) = node.attributes["value"], tensor.elementType == .float32 else { continue }
            var changed = model
            let values = try tensor.floats().map { $0 * 1.01 }
            changed.graph.nodes[index].attributes["value"] = .tensor(
                try Tensor(name: tensor.name, shape: tensor.shape, floats: values))
            #expect(throws: RecognitionError.self, "\(node.label)") { try RecognizedModel(recognizing: changed) }
            count += 1
        }
        for (name, tensor) in model.graph.initializers where tensor.elementType == .float32 && tensor.shape.isEmpty {
            let value = try #require(try tensor.floats().first)
            guard value > -1e38 else { continue }
            var changed = model
            changed.graph.initializers[name] = try Tensor(
                name: name, shape: [], floats: [value == 0 ? 1 : value * 1.01])
            #expect(throws: RecognitionError.self, "\(name)") { try RecognizedModel(recognizing: changed) }
            count += 1
        }
        #expect(count >= 5)
    }

    /// A Relu anywhere changes what the graph computes: after each node whose result depends on the samples.
    @Test("nothing can be slipped in anywhere", arguments: Fixtures.modelNames)
    func insertions(name: String) throws {
        let model = try fixture(name)
        let roles = try RecognizedModel(recognizing: model).roles
        var count = 0
        for (node, role) in zip(model.graph.nodes, roles) where role.kind == .layer {
            var changed = model
            try changed.insert("Relu", named: "slipped in", after: node.name)
            #expect(throws: RecognitionError.self, "after \(node.label)") { try RecognizedModel(recognizing: changed) }
            count += 1
        }
        #expect(count > 100)
    }

    /// Of float32, on networks whose numbers are twice the usual: another network's outputs differ by 1e-2 and more.
    private static let rounding = 2e-4

    /// Where a node is left out, the graph is refused, or it is still the architecture: without the ½ of a GELU, the
    /// weights after it count twice, and without its tanh, a head is a linear one. Then the engine computes what a literal
    /// run does.
    @Test("no node can be left out", arguments: Fixtures.modelNames)
    func removals(name: String) throws {
        let model = try fixture(name)
        let signal = (0..<1999).map { Float(($0 * 7919) % 1000) / 1000 - 0.5 }
        let roles = try RecognizedModel(recognizing: model).roles
        for (node, role) in zip(model.graph.nodes, roles) where role.kind == .layer {
            guard let value = node.inputs.first(where: { model.graph.initializers[$0] == nil }),
                !model.graph.outputs.contains(where: { $0.name == node.outputs[0] })
            else { continue }
            var changed = model
            try changed.bypass(node.name, reading: value)
            guard let recognized = try? RecognizedModel(recognizing: changed) else { continue }
            #expect(["GELU", "Tanh"].contains(role.operation), "without \(node.label)")
            let found = try EmotionModel(changed, as: recognized).predict(signal)
            let expected = try Interpreter(changed).run(signal: signal)
            for (output, values) in zip(found.names, found.values) {
                let literal = try #require(expected[output]?.reals)
                let error = zip(values, literal).map { abs(Double($0) - $1) }.max() ?? 1
                #expect(error <= Self.rounding, "without \(node.label)")
            }
        }
    }
}
