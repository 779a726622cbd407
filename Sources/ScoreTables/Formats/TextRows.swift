import Foundation

/// For people: one line a recording, its scores by name.
struct TextRows: RowEncoding {
    private let columns: [OutputColumns]

    init(_ columns: [OutputColumns]) { self.columns = columns }

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        var fields = ["\(row.file) [\(Self.seconds(row.start))–\(Self.seconds(row.end)) s]"]
        for (column, values) in zip(columns, row.values) {
            if column.isLabelled {
                fields += zip(column.labels, values).map { label, value in
                    "\(label) \(String(format: "%.4f", locale: Self.plain, Double(value)))"
                }
            } else {
                fields.append("\(column.name) (\(values.count) numbers; --format csv, json or npz shows them)")
            }
        }
        return Array((fields.joined(separator: "  ") + "\n").utf8)
    }

    private static let plain = Locale(identifier: "en_US_POSIX")

    private static func seconds(_ time: Double) -> String { String(format: "%.2f", locale: plain, time) }
}
