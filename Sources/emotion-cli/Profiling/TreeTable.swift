import W2V2Engine

/// A tree to the left, indented, with columns of figures beside it, aligned to the right.
struct TreeTable {
    private var rows: [(name: String, cells: [String])]

    init(header: [String]) { rows = [("", header)] }

    /// A node and what is below it, down to `depth` levels.
    mutating func add(
        _ node: Profile.Node, depth: Int, level: Int = 0, cells: (Profile.Node) -> [String]
    ) {
        add(node.name, level: level, cells(node))
        guard level < depth else { return }
        for child in node.children { add(child, depth: depth, level: level + 1, cells: cells) }
    }

    mutating func add(_ name: String, level: Int, _ cells: [String]) {
        rows.append((String(repeating: "  ", count: level) + name, cells))
    }

    /// An empty line.
    mutating func addGap() { rows.append(("", [])) }

    var lines: [String] {
        let nameWidth = rows.map(\.name.count).max() ?? 0
        let widths = (0..<(rows[0].cells.count)).map { column in
            rows.map { column < $0.cells.count ? $0.cells[column].count : 0 }.max() ?? 0
        }
        return rows.map { name, cells in
            if cells.isEmpty { return name }
            let padded = zip(cells, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
            return name + String(repeating: " ", count: nameWidth - name.count) + "  " + padded.joined(separator: "  ")
        }
    }
}
