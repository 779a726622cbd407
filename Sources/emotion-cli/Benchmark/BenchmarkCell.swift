import Foundation
import W2V2Engine

/// What was measured for one length of audio on one number of threads.
struct BenchmarkCell {
    /// Of audio.
    let seconds: Double
    let threads: Int
    let backend: String
    /// In which numbers products were computed.
    let precision: Precision
    /// The model's path.
    let model: String
    let times: RunTimes
    /// Multiplications and additions of one run, in float32 and in whole numbers.
    let operations: [Precision: Int]
    /// The most that the threads can do of each, in operations a second.
    let peaks: [Precision: Double]
    /// Until the model was loaded, and until it gave its first answer (to the process's first cell); both from the start
    /// of loading.
    let load: Duration
    let firstAnswer: Duration
    /// The most bytes that were resident so far; nil if the system doesn't say.
    let peakMemory: Int?

    /// Seconds of audio in a second of computing.
    var realTimeFactor: Double { seconds / (times.median / .seconds(1)) }
    private var allOperations: Double { Double(operations.values.reduce(0, +)) }
    /// Operations a second, whatever the numbers.
    var speed: Double { allOperations / (times.median / .seconds(1)) }
    /// The most operations a second that the threads can do of this mixture.
    var peak: Double { allOperations / secondsAtPeak(operations, peaks) }
    var shareOfPeak: Double { speed / peak }
}

extension BenchmarkCell: Encodable {
    private enum Key: String, CodingKey {
        case seconds, threads, backend, precision, model, runs, gflops
        case median = "median_ms"
        case minimum = "minimum_ms"
        case realTimeFactor = "real_time_factor"
        case peak = "peak_gflops"
        case shareOfPeak = "peak_share"
        case load = "load_ms"
        case firstAnswer = "first_answer_ms"
        case peakMemory = "peak_memory_mb"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(seconds, forKey: .seconds)
        try object.encode(threads, forKey: .threads)
        try object.encode(backend, forKey: .backend)
        try object.encode(precision, forKey: .precision)
        try object.encode(model, forKey: .model)
        try object.encode(times.count, forKey: .runs)
        try object.encode(times.median / .milliseconds(1), forKey: .median)
        try object.encode(times.minimum / .milliseconds(1), forKey: .minimum)
        try object.encode(realTimeFactor, forKey: .realTimeFactor)
        try object.encode(speed / 1e9, forKey: .gflops)
        try object.encode(peak / 1e9, forKey: .peak)
        try object.encode(shareOfPeak, forKey: .shareOfPeak)
        try object.encode(load / .milliseconds(1), forKey: .load)
        try object.encode(firstAnswer / .milliseconds(1), forKey: .firstAnswer)
        try object.encode(peakMemory.map { Double($0) / 1e6 }, forKey: .peakMemory)
    }

    /// One line.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// Cells as rows of text, one line each, under a header with the units.
///
/// The columns' widths are known beforehand, so that a row can be shown as soon as it is measured.
enum BenchmarkTable {
    private static var columns: [(title: String, text: (BenchmarkCell) -> String)] {
        [
            ("audio s", { text($0.seconds, "%g") }),
            ("threads", { "\($0.threads)" }),
            ("runs", { "\($0.times.count)" }),
            ("median ms", { text($0.times.median / .milliseconds(1), "%.1f") }),
            ("minimum ms", { text($0.times.minimum / .milliseconds(1), "%.1f") }),
            ("× real time", { text($0.realTimeFactor, "%.1f") }),
            ("GFLOP/s", { text($0.speed / 1e9, "%.1f") }),
            ("peak GFLOP/s", { text($0.peak / 1e9, "%.1f") }),
            ("% of peak", { text($0.shareOfPeak * 100, "%.1f") }),
            ("peak memory MB", { $0.peakMemory.map { text(Double($0) / 1e6, "%.0f") } ?? "–" }),
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
}
