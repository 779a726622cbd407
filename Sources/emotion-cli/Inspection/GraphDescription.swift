import Files
import W2V2Engine
import W2V2Recognition

/// The graph's nodes, each with its place in the architecture, and what became of them: folded, fused, or left out.
struct GraphDescription: Encodable {
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
        let lines = [
            (
                "nodes",
                "\(counts[.layer] ?? 0) in layers, \(counts[.folded] ?? 0) constant and folded,"
                    + " \(counts[.plumbing] ?? 0) computing shapes"
            ),
            ("fused", fusions()), ("folded", tally(.folded) { $0.operation }),
            ("left out", tally(.plumbing) { $0.module }),
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
    private func fusions() -> String {
        let fused = operations.filter { $0.nodes.count > 1 }
        return Self.tally(fused.map { "\($0.operation) of \($0.nodes.count) nodes" })
    }

    private func tally(_ kind: NodeRole.Kind, _ name: (Node) -> String) -> String {
        Self.tally(nodes.filter { $0.kind == kind }.map(name))
    }

    private static func tally(_ names: [String]) -> String {
        Dictionary(grouping: names) { $0 }.mapValues(\.count)
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
