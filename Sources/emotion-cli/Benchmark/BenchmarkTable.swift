import Foundation

/// Cells as rows of text, one line each, under a header with the units.
///
/// The columns' widths are known beforehand, so that a row can be shown as soon as it is measured.
enum BenchmarkTable {
    private struct Column {
        let title: String
        let text: (BenchmarkCell) -> String

        init(_ title: String, _ text: @escaping (BenchmarkCell) -> String) {
            self.title = title
            self.text = text
        }
    }

    private static var columns: [Column] {
        [
            Column("audio s") { number($0.seconds, "%g") },
            Column("threads") { "\($0.threads)" },
            Column("runs") { "\($0.times.count)" },
            Column("median ms") { number($0.times.median / .milliseconds(1), "%.1f") },
            Column("minimum ms") { number($0.times.minimum / .milliseconds(1), "%.1f") },
            Column("× real time") { number($0.realTimeFactor, "%.1f") },
            Column("GFLOP/s") { number($0.speed / 1e9, "%.1f") },
            Column("peak GFLOP/s") { number($0.peak / 1e9, "%.1f") },
            Column("% of peak") { number($0.shareOfPeak * 100, "%.1f") },
            Column("peak memory MB") { $0.peakMemory.map { number(Double($0) / 1e6, "%.0f") } ?? "–" },
        ]
    }

    static var header: String { columns.map(\.title).joined(separator: "  ") }

    static func row(_ cell: BenchmarkCell) -> String {
        columns.map { column in
            let text = column.text(cell)
            return String(repeating: " ", count: max(0, column.title.count - text.count)) + text
        }
        .joined(separator: "  ")
    }

    private static func number(_ value: Double, _ format: String) -> String {
        String(format: format, locale: Locale(identifier: "en_US_POSIX"), value)
    }
}
