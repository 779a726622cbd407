import Charts
import Files
import ONNXLoader
import W2V2Engine
import W2V2Recognition

/// What an ONNX file says of itself.
struct FileDescription {
    let file: ONNXModel
    let path: String

    func lines() -> [String] {
        let producer = [file.producerName, file.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        let graph = file.graph
        return [
            "\(path): \(NumberText.grouped(file.fileSize)) bytes, ONNX format \(file.irVersion), operator set \(file.opset)"
                + (producer.isEmpty ? "" : ", written by \(producer)"),
            "\(graph.nodes.count) nodes, \(graph.initializers.count) tensors",
        ] + graph.inputs.map { "input   \(Self.described($0))" } + graph.outputs.map { "output  \(Self.described($0))" }
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

/// The graph's nodes, each with its place in the architecture, and what became of them: folded, fused, or left out.
struct GraphDescription {
    /// A node of the graph and its place in the architecture.
    struct Node: Encodable {
        let node: String
        let kind: NodeRole.Kind
        let module: String
        let operation: String
        /// Which of ``operations`` it is part of; nil if it is not part of any.
        let fusedInto: Int?
    }

    let nodes: [Node]
    let operations: [RecognizedOperation]

    init(_ recognized: RecognizedModel) {
        var places: [Int: Int] = [:]
        for (place, operation) in recognized.operations.enumerated() {
            for node in operation.nodes { places[node] = place }
        }
        nodes = recognized.roles.enumerated().map { index, role in
            Node(
                node: role.node, kind: role.kind, module: role.module, operation: role.operation,
                fusedInto: places[index])
        }
        operations = recognized.operations
    }

    /// What became of the nodes, in a few lines: a title and the text.
    func summary() -> [(title: String, text: String)] {
        let counts = Dictionary(grouping: nodes, by: \.kind).mapValues(\.count)
        let all =
            "\(counts[.layer] ?? 0) in layers, \(counts[.folded] ?? 0) constant and folded,"
            + " \(counts[.plumbing] ?? 0) computing shapes"
        let fused = operations.filter { $0.nodes.count > 1 }.map { "\($0.operation) of \($0.nodes.count) nodes" }
        let folded = nodes.filter { $0.kind == .folded }.map(\.operation)
        let leftOut = nodes.filter { $0.kind == .plumbing }.map(\.module)
        let lines = [
            ("nodes", all), ("fused", Self.tally(fused)), ("folded", Self.tally(folded)),
            ("left out", Self.tally(leftOut)),
        ]
        return lines.filter { !$0.1.isEmpty }
    }

    /// The nodes in the graph's order; if several were fused, the number of each of them among these.
    func lines() -> [String] {
        var table = TextColumns([.left, .left, .left])
        for (index, node) in nodes.enumerated() {
            var role = node.module.isEmpty ? node.operation : "\(node.module): \(node.operation)"
            if let members = node.fusedInto.map({ operations[$0].nodes }), members.count > 1,
                let place = members.firstIndex(of: index)
            {
                role += ", \(place + 1) of \(members.count)"
            }
            table.add([node.kind.rawValue, printable(node.node), role])
        }
        return table.lines
    }

    /// Such as `5 LayerNorm of 9 nodes`; the frequent ones first.
    private static func tally(_ names: [String]) -> String {
        Dictionary(grouping: names) { $0 }.mapValues(\.count)
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
