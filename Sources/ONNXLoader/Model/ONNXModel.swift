import Files

/// A parsed ONNX file: `ModelProto`, as far as inference needs it.
package struct ONNXModel: Sendable {
    /// The version of the ONNX format the file was written in.
    package var irVersion: Int
    /// The operator set version for each operator domain; the standard domain is `""`.
    package var opsets: [String: Int]
    /// The program that wrote the file, such as `pytorch`, and its version.
    package var producerName = ""
    package var producerVersion = ""
    /// Free-form key and value pairs (`metadata_props`).
    package var metadata: [String: String] = [:]
    /// The computation.
    package var graph: Graph
    /// The files that the tensors are views into.
    var files: [MappedFile] = []

    /// The version of the standard operator set, or 1 if the file names none.
    package var opset: Int { opsets[""] ?? 1 }
}

/// The computation of a model: `GraphProto`.
///
/// ``ONNXModel`` values that come from a file hold graphs that were checked: nodes are in an order in which every
/// input is a graph input, an initializer or an earlier node's output, and every name is produced once.
package struct Graph: Sendable {
    package var name = ""
    /// Nodes in execution order.
    package var nodes: [Node]
    /// The constant tensors stored in the file, by name.
    package var initializers: [String: Tensor]
    /// The inputs a caller provides. Initializers that older exporters also list as inputs are left out.
    package var inputs: [ValueInfo]
    package var outputs: [ValueInfo]
}

/// One operation: `NodeProto`.
package struct Node: Sendable {
    /// The exporter's name for the node; may be empty.
    package var name = ""
    /// The operator, such as `MatMul`.
    package var operation: String
    /// The operator's domain; `""` is the standard one.
    package var domain = ""
    /// The names of the values the node reads; `""` stands for an optional input left out.
    package var inputs: [String]
    /// The names of the values the node produces.
    package var outputs: [String]
    package var attributes: [String: Attribute] = [:]

    package init(
        name: String = "", operation: String, domain: String = "", inputs: [String], outputs: [String],
        attributes: [String: Attribute] = [:]
    ) {
        self.name = name
        self.operation = operation
        self.domain = domain
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
    }

    /// How messages refer to the node: its operator and its name or, if it has none, its first output.
    package var label: String {
        let hint = name.isEmpty ? outputs.first(where: { !$0.isEmpty }) ?? "?" : name
        return "\(operation) '\(hint)'"
    }
}

/// The value of a node's attribute: `AttributeProto`.
package enum Attribute: Sendable {
    case float(Float)
    case int(Int64)
    case string(String)
    case tensor(Tensor)
    case floats([Float])
    case ints([Int64])
    case strings([String])
}

/// The name and type of a graph input or output: `ValueInfoProto`.
package struct ValueInfo: Sendable, Hashable {
    /// One entry of a declared shape.
    package enum Dimension: Sendable, Hashable {
        case fixed(Int)
        /// A size known only at run time, with the exporter's name for it (`time`, `batch`); may be empty.
        case symbolic(String)
    }

    package var name: String
    /// Nil if the file declares no tensor type.
    package var elementType: ElementType?
    /// Nil if the file declares no shape.
    package var shape: [Dimension]?
}
