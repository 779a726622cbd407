import ONNXInterpreter
import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Engine
@testable import W2V2Network
@testable import W2V2Recognition

/// A processed copy with one thing changed is refused, or the engine computes what the changed graph says.
@Suite("Processed copies with something changed")
struct ProcessedMutationTests {
    /// Of so many changes of whole numbers, each of which has up to five, one is tried; which, differs from copy to copy.
    private static let sampling = 10

    /// Of float32, as in ``RefusalTests``; and of a √2 that is rounded to float16 in every GELU, where the engine has √2.
    private func tolerance(_ copy: ProcessedExport) -> Double { copy.isFloat16 ? 2e-3 : 2e-4 }

    /// Whether a changed graph is refused; if it is not, checks what is computed from it.
    private func isRefused(_ changed: ONNXModel, _ copy: ProcessedExport, _ what: String) throws -> Bool {
        guard let recognized = try? RecognizedModel(recognizing: changed) else { return true }
        let minimum = recognized.architecture.minimumSamples
        let signal = noise(recognized.architecture.fixedSamples ?? max(1999, minimum), seed: 3)
        let found = try EmotionModel(changed, as: recognized).predict(signal)
        let expected = try Interpreter(changed).run(signal: signal, roundingActivations: false)
        for (output, values) in zip(found.names, found.values) {
            let literal = try #require(expected[output]?.reals, "\(what)")
            let scale = max(1, literal.map(abs).max() ?? 1)
            #expect(largestDifference(values, literal) <= tolerance(copy) * scale, "\(what): \(output)")
        }
        return false
    }

    /// The copy, with a name of its own for each node.
    private func numbered(_ copy: ProcessedExport) throws -> ONNXModel {
        var model = try ONNXModel(contentsOf: copy.path)
        for index in model.graph.nodes.indices { model.graph.nodes[index].name = "node \(index)" }
        return model
    }

    /// Some of a list, other ones for each copy.
    private func sample<Element>(_ all: [Element], of copy: ProcessedExport) -> [Element] {
        let start = (ProcessedExport.all.firstIndex { $0.path == copy.path } ?? 0) % Self.sampling
        return stride(from: start, to: all.count, by: Self.sampling).map { all[$0] }
    }

    /// The nodes that compute with samples.
    private func layerNodes(_ model: ONNXModel) throws -> [Node] {
        let roles = try RecognizedModel(recognizing: model).roles
        return zip(model.graph.nodes, roles).filter { $1.kind == .layer }.map(\.0)
    }

    @Test("a Relu after a node is refused", arguments: ProcessedExport.all)
    func insertions(copy: ProcessedExport) throws {
        let model = try numbered(copy)
        var tried = 0
        for node in try layerNodes(model) {
            var changed = model
            try changed.insert("Relu", named: "slipped in", after: node.name)
            let refused = try isRefused(changed, copy, "a Relu after \(node.label)")
            #expect(refused, "after \(node.label)")
            tried += 1
        }
        #expect(tried > 50)
    }

    @Test("a node that is left out is missed", arguments: ProcessedExport.all)
    func removals(copy: ProcessedExport) throws {
        let model = try numbered(copy)
        var (refused, accepted) = (0, 0)
        for node in try layerNodes(model) {
            guard let value = node.inputs.first(where: { !$0.isEmpty && model.graph.initializers[$0] == nil }),
                !model.graph.outputs.contains(where: { $0.name == node.outputs[0] })
            else { continue }
            var changed = model
            try changed.bypass(node.name, reading: value)
            if try isRefused(changed, copy, "without \(node.label)") { refused += 1 } else { accepted += 1 }
        }
        #expect(refused > 50 && accepted < refused)
    }

    /// Numbers: of GELU, scales of attention and of quantisation, and the norms' epsilons.
    @Test("another number is felt", arguments: ProcessedExport.all)
    func numbers(copy: ProcessedExport) throws {
        let model = try numbered(copy)
        var changes: [(String, ONNXModel)] = []
        for (index, node) in model.graph.nodes.enumerated() {
            for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
                guard let other = try attribute.withAnotherNumber() else { continue }
                var changed = model
                changed.graph.nodes[index].attributes[name] = other
                changes.append(("\(name) of \(node.label)", changed))
            }
        }
        for (name, tensor) in model.graph.initializers.sorted(by: { $0.key < $1.key }) {
            guard case .tensor(let other)? = try Attribute.tensor(tensor).withAnotherNumber() else { continue }
            var changed = model
            changed.graph.initializers[name] = other
            changes.append((name, changed))
        }
        for (what, changed) in changes {
            let refused = try isRefused(changed, copy, "another \(what)")
            // A scale of quantised weights makes another weight; all other numbers are the architecture's.
            #expect(refused || copy.isQuantized, "another \(what)")
        }
        #expect(changes.count > 4)
    }

    @Test("a whole number that is changed is understood or refused", arguments: ProcessedExport.all)
    func integers(copy: ProcessedExport) throws {
        let changes = try VariantTests.withOneIntegerChanged(numbered(copy)).sorted { $0.what < $1.what }
        var (refused, accepted) = (0, 0)
        for change in sample(changes, of: copy) {
            if try isRefused(change.model, copy, change.what) { refused += 1 } else { accepted += 1 }
        }
        #expect(refused > accepted)
    }
}

extension Attribute {
    /// Another number in place of a single one; nil for others, and for one that stands for "nothing here".
    fileprivate func withAnotherNumber() throws -> Attribute? {
        switch self {
        case .float(let number): return .float(number == 0 ? 1 : number * 1.01)
        case .tensor(let tensor) where tensor.elementType.isFloatingPoint && tensor.elementCount == 1:
            guard let number = try tensor.floats().first, number > -1e4 else { return nil }
            return .tensor(
                try Tensor(name: tensor.name, shape: tensor.shape, floats: [number == 0 ? 1 : number * 1.01]))
        default: return nil
        }
    }
}
