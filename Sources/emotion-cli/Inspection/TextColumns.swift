import Foundation

/// Rows of text in columns as wide as their widest cell.
struct TextColumns {
    enum Side { case left, right }

    private let sides: [Side]
    private var rows: [[String]] = []

    /// - Parameter sides: which side each column's cells are at.
    init(_ sides: [Side]) { self.sides = sides }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == sides.count, "\(cells.count) cells for \(sides.count) columns")
        rows.append(cells)
    }

    var lines: [String] {
        let widths = sides.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return sides[column] == .left ? row[column] + space : space + row[column]
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// A number in a few digits, as C's printf writes it.
    static func number(_ value: Double, _ format: String = "%.4g") -> String {
        String(format: format, value)
    }
}
