import Foundation
import ONNXLoader

/// What an ONNX file says of itself.
struct FileDescription {
    private let file: ONNXModel
    private let path: String

    init(_ file: ONNXModel, path: String) {
        self.file = file
        self.path = path
    }

    func lines() -> [String] {
        let producer = [file.producerName, file.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        let graph = file.graph
        return [
            "\(path): \(Self.grouped(file.fileSize)) bytes, ONNX format \(file.irVersion), operator set \(file.opset)"
                + (producer.isEmpty ? "" : ", written by \(producer)"),
            "\(graph.nodes.count) nodes, \(graph.initializers.count) tensors",
        ] + graph.inputs.map { "input   \(Self.described($0))" } + graph.outputs.map { "output  \(Self.described($0))" }
    }

    /// A number with its thousands apart.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        let head = digits.count % 3
        let groups = stride(from: head, to: digits.count, by: 3).map { digits.dropFirst($0).prefix(3) }
        return (number < 0 ? "-" : "") + ([digits.prefix(head)] + groups).filter { !$0.isEmpty }.joined(separator: ",")
    }

    private static func described(_ value: ValueInfo) -> String {
        let dimensions = value.shape?.map { dimension in
            switch dimension {
            case .fixed(let size): "\(size)"
            case .symbolic(let name): name.isEmpty ? "?" : name
            }
        }
        let shape = dimensions.map { "[\($0.joined(separator: ", "))]" } ?? "of any shape"
        return "\(value.name) \(shape) \(value.elementType.map { "\($0)" } ?? "")"
    }
}
