import ONNXLoader
import StandInModel
import TestSupport
import Testing

@Suite("The graph of a stand-in")
struct StructureTests {
    @Test("is the published form, node by node and name by name")
    func publishedForm() throws {
        let standIn = try StandIn(sizes: .fixture, seed: 5).parsed()
        let export = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let (ours, theirs) = (standIn.graph, export.graph)

        #expect(standIn.irVersion == export.irVersion)
        #expect(standIn.opsets == export.opsets)
        #expect(ours.name == theirs.name)
        #expect(ours.inputs == theirs.inputs)
        #expect(ours.outputs == theirs.outputs)

        try #require(ours.nodes.count == theirs.nodes.count)
        for (node, other) in zip(ours.nodes, theirs.nodes) {
            #expect(try text(of: node) == text(of: other))
        }

        #expect(Set(ours.initializers.keys) == Set(theirs.initializers.keys))
        for (name, other) in theirs.initializers {
            let tensor = try #require(ours.initializers[name])
            #expect(tensor.elementType == other.elementType, "\(name)")
            #expect(tensor.shape == other.shape, "\(name)")
            if other.elementType == .int64 {
                #expect(try tensor.integers() == other.integers(), "\(name)")
            }
        }
    }

    @Test("is marked as a stand-in's, with the seed", arguments: [0, UInt64.max])
    func marked(seed: UInt64) throws {
        let model = try StandIn(sizes: .fixture, seed: seed).parsed()
        #expect(model.metadata == [StandIn.metadataKey: String(seed)])
        #expect(model.producerName == "emotion-cli standin")
    }

    @Test("has the sizes that were asked for")
    func awkwardSizes() throws {
        let sizes = StandIn.Sizes.awkward
        let graph = try StandIn(sizes: sizes, seed: 1).parsed().graph
        let shapes = graph.initializers.mapValues(\.shape)

        let convolutions = graph.nodes.filter { $0.operation == "Conv" }
        #expect(convolutions.count == sizes.kernels.count + 1)
        for (index, node) in convolutions.dropLast().enumerated() {
            #expect(shapes[node.inputs[1]] == [sizes.channels, index == 0 ? 1 : sizes.channels, sizes.kernels[index]])
            #expect(ints(node, "strides") == [sizes.strides[index]])
        }
        let positional = try #require(convolutions.last)
        #expect(shapes[positional.inputs[1]] == [45, 5, 6])
        #expect(ints(positional, "pads") == [3, 3])

        let softmaxes = graph.nodes.filter { $0.operation == "Softmax" }
        #expect(softmaxes.count == sizes.layers)
        let linears = graph.nodes.filter { $0.operation == "MatMul" }.compactMap { shapes[$0.inputs[1]] }
        let layer = [[45, 45], [45, 45], [45, 45], [45, 45], [45, 77], [77, 45]]
        #expect(linears == [[19, 45]] + Array(repeating: layer, count: sizes.layers).joined())
        #expect(shapes["classifier.out_proj.weight"] == [7, 45])
        #expect(graph.outputs.last?.shape?.last == .fixed(7))
    }

    private func ints(_ node: Node, _ name: String) -> [Int]? {
        guard case .ints(let values) = node.attributes[name] else { return nil }
        return values.map { Int($0) }
    }

    /// A node in one line, attributes in alphabetical order.
    private func text(of node: Node) throws -> String {
        let attributes = try node.attributes.sorted { $0.key < $1.key }.map { name, value in
            guard case .tensor(let tensor) = value else { return "\(name)=\(value)" }
            return "\(name)=\(tensor.elementType)\(tensor.shape)\(try tensor.doubles())"
        }
        let inputs = node.inputs.joined(separator: " ")
        return "\(node.name): \(node.domain)\(node.operation) \(inputs) -> \(node.outputs) \(attributes)"
    }
}
