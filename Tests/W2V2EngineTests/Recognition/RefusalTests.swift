import ONNXLoader
import TestSupport
import Testing

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

    @Test("no node can be left out", arguments: Fixtures.modelNames)
    func removals(name: String) throws {
        let model = try fixture(name)
        let roles = try RecognizedModel(recognizing: model).roles
        for (node, role) in zip(model.graph.nodes, roles) where role.kind == .layer {
            guard let value = node.inputs.first(where: { model.graph.initializers[$0] == nil }),
                !model.graph.outputs.contains(where: { $0.name == node.outputs[0] })
            else { continue }
            var changed = model
            try changed.bypass(node.name, reading: value)
            #expect(throws: RecognitionError.self, "without \(node.label)") {
                try RecognizedModel(recognizing: changed)
            }
        }
    }
}
