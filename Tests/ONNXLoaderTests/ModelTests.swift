import ONNXLoader
import TestSupport
import Testing

@Suite("The model around the graph")
struct ModelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func model(_ more: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        writer.raw(SyntheticModel.identity())
        more(&writer)
        return writer.bytes
    }

    @Test("operator sets, producer and metadata")
    func header() throws {
        let bytes = model { model in
            model.string(2, "other")
            model.string(3, "1.2")
            model.message(8) {
                $0.string(1, "com.example")
                $0.varint(2, 3)
            }
            for (key, value) in [("a", "1"), ("b", ""), ("a", "2")] {
                model.message(14) {
                    $0.string(1, key)
                    $0.string(2, value)
                }
            }
        }
        let model = try folder.load(bytes)
        #expect(model.irVersion == 8)
        #expect(model.opset == 17)
        #expect(model.opsets == ["": 17, "com.example": 3])
        // Of a field that is there twice, the last one counts.
        #expect(model.producerName == "other")
        #expect(model.producerVersion == "1.2")
        #expect(model.metadata == ["a": "2", "b": ""])
        #expect(model.fileSize == bytes.count)
    }

    @Test("the standard domain has two names, and one version")
    func standardDomain() throws {
        let same = try folder.load(
            model {
                $0.message(8) {
                    $0.string(1, "ai.onnx")
                    $0.varint(2, 17)
                }
            })
        #expect(same.opsets == ["": 17])
        let other = try folder.refusal(
            model {
                $0.message(8) {
                    $0.string(1, "ai.onnx")
                    $0.varint(2, 11)
                }
            })
        #expect(other.reason == .givenTwice("the version of the operator set ''"))
        #expect(other.field == "opset_import[1]")
    }

    @Test("what is missing is named")
    func missing() throws {
        var graphless = WireWriter()
        graphless.varint(1, 8)
        #expect(try folder.refusal(graphless.bytes).reason == .missing("the graph"))
        var versionless = WireWriter()
        versionless.message(7) { graph in
            graph.node("A", [], ["y"])
            graph.valueInfo(12, "y")
        }
        #expect(try folder.refusal(versionless.bytes).field == "ir_version")
        let emptyGraph = try folder.refusal(SyntheticModel.model { _ in })
        #expect(emptyGraph.reason == .missing("the graph's output"))
        for version in [0, -1] {
            let error = try folder.refusal(model { $0.varint(1, version) })
            #expect(error.field == "ir_version")
        }
        let opset = try folder.refusal(model { $0.message(8) { $0.string(1, "d") } })
        #expect(opset.field == "opset_import[1].version")
    }

    @Test("parts that are not supported are refused by name")
    func unsupported() throws {
        let function = try folder.refusal(model { $0.message(25) { $0.string(1, "f") } })
        #expect(function.field == "functions")
        let training = try folder.refusal(model { $0.message(20) { _ in } })
        #expect(training.field == "training_info")
        let graphs = try folder.refusal(model { $0.message(7) { _ in } })
        #expect(graphs.reason == .givenTwice("the graph"))
        let overload = try folder.refusal(
            SyntheticModel.identity { $0.node("A", ["x"], ["z"]) { $0.string(8, "second") } })
        #expect(overload.field == "graph.node[1].overload")
    }
}
