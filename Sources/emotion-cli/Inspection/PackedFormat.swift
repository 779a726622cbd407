import Charts
import PackedModel

/// The blocks of a packed model that are stored in one way.
struct PackedFormat: Encodable {
    /// Such as `int8`.
    let format: String
    let blocks: Int
    let bytes: Int

    /// Every format that a model has, the one with the most bytes first.
    static func all(in summary: PackedModelSummary) -> [PackedFormat] {
        Dictionary(grouping: summary.blocks, by: \.format).map { format, blocks in
            PackedFormat(format: format, blocks: blocks.count, bytes: blocks.reduce(0) { $0 + $1.byteCount })
        }
        .sorted { ($0.bytes, $0.format) > ($1.bytes, $1.format) }
    }

    /// In which precision a model is packed, and how that is stored, in one line.
    static func line(_ summary: PackedModelSummary) -> String {
        let formats = all(in: summary).map { format in
            "\(format.blocks) block\(format.blocks == 1 ? "" : "s") in \(format.format) with "
                + "\(NumberText.grouped(format.bytes)) bytes"
        }
        return "\(summary.precision): \(formats.joined(separator: ", "))"
    }
}
