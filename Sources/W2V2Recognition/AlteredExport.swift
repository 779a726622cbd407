import Files
import ONNXLoader

/// What another program did to an export, as its graph shows: the reason why such a graph is refused, beside the first node
/// that shows it.
enum AlteredExport: Sendable, Hashable {
    /// It was exported with a mask beside the signal, and computes lengths from it.
    case masked(String)
    /// Its numbers were converted to 16 bits.
    case halfPrecision(ElementType)
    /// Its weights were replaced by whole numbers; with the operator that shows it.
    case quantized(String)
    /// ONNX Runtime fused its nodes; with an operator of its own, if one is left.
    case optimized(String?)
    /// ONNX Runtime laid its convolutions out for one processor; with an operator that shows it.
    case blocked(String)
    /// onnx's version converter rewrote its Softmax nodes.
    case converted

    /// Nil for a graph as exporters write it.
    init?(_ model: ONNXModel) {
        let nodes = model.graph.nodes
        if let mask = model.graph.inputs.dropFirst().first {
            self = .masked(mask.name)
        } else if let node = nodes.first(where: {
            Self.quantizing.contains($0.operation) || $0.operation.hasPrefix("QLinear")
        }
        ) {
            self = .quantized(node.operation)
        } else if let type = Self.halfPrecision(of: model.graph) {
            self = .halfPrecision(type)
        } else if let node = nodes.first(where: { $0.domain == "\(Self.runtime).nchwc" }) {
            self = .blocked(node.qualifiedOperation)
        } else if model.opsets.keys.contains(where: { $0.hasPrefix(Self.runtime) }) {
            self = .optimized(nodes.first { $0.domain.hasPrefix(Self.runtime) }?.qualifiedOperation)
        } else if nodes.contains(where: { $0.operation == "Flatten" }) {
            self = .converted
        } else {
            return nil
        }
    }

    /// What became of the graph, for a message.
    var found: String {
        switch self {
        case .masked(let name): "exported with '\(printable(name, longest: 120))'"
        case .halfPrecision(let type): "converted to \(type)"
        case .quantized(let operation): "quantised (\(operation))"
        case .optimized(let operation?): "optimised by ONNX Runtime (\(operation))"
        case .optimized(nil): "optimised by ONNX Runtime"
        case .blocked(let operation): "optimised by ONNX Runtime for one processor (\(operation))"
        case .converted: "rewritten by onnx's version converter (Flatten)"
        }
    }

    /// What would be right.
    var expected: String {
        switch self {
        case .masked: "an export with the signal alone: one signal runs at a time, so there is no padding to mask"
        case .halfPrecision: "the float32 export that it was made from"
        case .quantized, .optimized: "the export that it was made from"
        case .blocked: "the file before that, or one optimised at the level ORT_ENABLE_EXTENDED"
        case .converted: "an export with that operator set; export it again with it as opset_version"
        }
    }

    /// The domains of ONNX Runtime's own operators, which it names in every file that it writes.
    private static let runtime = "com.microsoft"

    private static let quantizing: Set = [
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger",
        "DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QAttention", "QGemm", "MatMulNBits", "MatMulBnb4",
    ]

    /// The 16-bit type of any of the graph's inputs, outputs, weights or casts.
    private static func halfPrecision(of graph: Graph) -> ElementType? {
        func isHalf(_ type: ElementType) -> Bool { type == .float16 || type == .bfloat16 }
        let declared = (graph.inputs + graph.outputs).compactMap(\.elementType)
        let stored = graph.initializers.values.lazy.map(\.elementType)
        let casts = graph.nodes.lazy.compactMap { node -> ElementType? in
            guard node.operation == "Cast", case .int(let code) = node.attributes["to"] else { return nil }
            return ElementType(rawValue: Int(code))
        }
        return declared.first(where: isHalf) ?? stored.first(where: isHalf) ?? casts.first(where: isHalf)
    }
}

extension RecognitionError {
    /// The same error, which is met because of what was done to the export.
    func explained(by cause: AlteredExport) -> RecognitionError {
        let place = module.map { " (\($0))" } ?? ""
        return RecognitionError(
            node: nil, found: cause.found + (node.map { ", and does not fit from \($0)\(place) on" } ?? ""),
            expected: cause.expected)
    }
}
