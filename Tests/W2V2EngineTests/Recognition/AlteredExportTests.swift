import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

/// What other programs make of exports.
@Suite("Exports that another program altered")
struct AlteredExportTests {
    private static let name = "torch1.10-opset11"

    private func refusal(_ change: (inout ONNXModel) throws -> Void) throws -> String {
        var model = try fixture(Self.name)
        try change(&model)
        return try #require(throws: RecognitionError.self) { try RecognizedModel(recognizing: model) }.description
    }

    @Test("quantisation is named", arguments: ["DynamicQuantizeLinear", "QLinearConv", "MatMulInteger"])
    func quantized(operation: String) throws {
        let text = try refusal { try $0.edit(Published.firstConvolution) { $0.operation = operation } }
        #expect(text.hasPrefix("the graph: quantised (\(operation)), and does not fit from "))
        #expect(text.hasSuffix("expected the export that it was made from"))
    }

    @Test("what ONNX Runtime optimised for one processor is named, and the file to take")
    func blocked() throws {
        let text = try refusal {
            $0.opsets["com.microsoft.nchwc"] = 1
            try $0.edit(Published.firstConvolution) { $0.domain = "com.microsoft.nchwc" }
        }
        #expect(text.contains("optimised by ONNX Runtime for one processor"))
        #expect(text.contains("the file before that") && text.contains("ORT_ENABLE_EXTENDED"))
    }

    @Test("a graph that only says so is recognised")
    func harmless() throws {
        var model = try fixture(Self.name)
        model.opsets["com.microsoft"] = 1
        _ = try RecognizedModel(recognizing: model)
    }

    /// As onnx's version converter writes a Softmax of operator set 11 in a newer one.
    private func flatten(_ model: inout ONNXModel, axis: Int = 2, softmaxAxis: Int = -1) throws {
        let (scores, weights) = (Published.Value.attentionScores, try model.node(Published.softmax).outputs[0])
        let index = try model.index(Published.softmax)
        let matrix = Node(
            name: "matrix", operation: "Flatten", inputs: [scores], outputs: ["matrix"],
            attributes: ["axis": .int(Int64(axis))])
        let shape = Node(name: "shape", operation: "Shape", inputs: [scores], outputs: ["shape"])
        let back = Node(name: "back", operation: "Reshape", inputs: ["softmax", "shape"], outputs: [weights])
        try model.edit(Published.softmax) {
            $0.inputs = ["matrix"]
            $0.outputs = ["softmax"]
            $0.attributes["axis"] = .int(Int64(softmaxAxis))
        }
        model.graph.nodes.insert(back, at: index + 1)
        model.graph.nodes.insert(contentsOf: [shape, matrix], at: index)
    }

    @Test("a Softmax between Flatten and Reshape is the same Softmax", arguments: [-1, 1])
    func flattened(softmaxAxis: Int) throws {
        let plain = try fixture(Self.name)
        var model = plain
        try flatten(&model, softmaxAxis: softmaxAxis)
        let (found, expected) = (try RecognizedModel(recognizing: model), try RecognizedModel(recognizing: plain))
        #expect(found.architecture == expected.architecture)
        #expect(found.parameters.map(\.name) == expected.parameters.map(\.name))
        let attention = "encoder.layers.0.attention"
        #expect(found.roles.filter { $0.module == attention && $0.operation == "Rearrangement" }.count == 5)
    }

    @Test("other matrices are not")
    func otherFlattenings() throws {
        let changes: [(inout ONNXModel) throws -> Void] = [
            { try flatten(&$0, axis: 1) }, { try flatten(&$0, softmaxAxis: 0) }, { try flatten(&$0, axis: 3) },
            // Back to another shape.
            {
                try flatten(&$0)
                try $0.setInitializer("elsewhere", to: [1, -1, 4], shape: [3])
                try $0.edit("back") { $0.inputs[1] = "elsewhere" }
            },
            // Read by something else.
            {
                try flatten(&$0)
                try $0.insert("Relu", named: "relu", after: "matrix")
            },
            // An output of the graph.
            {
                try flatten(&$0)
                $0.graph.outputs.append(.init(name: "softmax", elementType: .float32))
            },
            {
                try flatten(&$0)
                $0.graph.outputs.append(.init(name: "matrix", elementType: .float32))
            },
        ]
        for (index, change) in changes.enumerated() {
            let text = try refusal(change)
            #expect(text.contains("rewritten by onnx's version converter (Flatten)"), "\(index)")
            #expect(text.contains("opset_version"), "\(index)")
        }
    }
}
