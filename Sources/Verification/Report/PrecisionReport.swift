import Foundation
import W2V2Engine

/// How far a model's outputs are from those of the same model in float32. It is shown and not judged.
package struct PrecisionReport: Sendable, Hashable, Codable {
    /// Of the model.
    package let precision: Precision
    /// How many signals were compared.
    package let signals: Int
    package let outputs: [OutputCost]

    /// Scores that move by less are unchanged: what the model's authors call so where they test how robust it is (Wagner
    /// et al., "Dawn of the Transformer Era in Speech Emotion Recognition", 2023).
    package static let leastChange = 0.05

    /// One output, over all signals.
    package struct OutputCost: Sendable, Hashable, Codable {
        package let name: String
        /// Numbers for each signal.
        package let size: Int
        /// The largest absolute difference; infinite if a number is missing or isn't finite.
        package let largest: Double
        /// The root of the mean squared difference; infinite likewise.
        package let rms: Double
        /// The share of numbers that differ by less than ``leastChange``; nil of the pooled state, which isn't scores.
        package let unchanged: Double?
    }
}

extension PrecisionReport.OutputCost {
    /// The cost of an output, whose numbers are given for each signal, found and as they are in float32.
    init(_ name: String, found: [[Double]], expected: [[Double]], isScores: Bool) {
        var (largest, squares, count, unchanged) = (0.0, 0.0, 0, 0)
        for (found, expected) in zip(found, expected) {
            let whole = Difference(of: found, from: expected)
            largest = max(largest, whole.largest)
            for (one, other) in zip(found, expected) {
                let distance = abs(one - other)
                squares += distance * distance
                if distance < PrecisionReport.leastChange { unchanged += 1 }
            }
            count += expected.count
        }
        self.name = name
        size = expected.first?.count ?? 0
        self.largest = largest
        rms = count == 0 ? 0 : largest.isFinite ? (squares / Double(count)).squareRoot() : .infinity
        self.unchanged = isScores && count > 0 ? Double(unchanged) / Double(count) : nil
    }
}

extension PrecisionReport {
    /// A table for a reader.
    package var text: String {
        var table = TextTable(header: ["", "numbers", "largest difference", "rms", "unchanged"])
        for output in outputs {
            let share = output.unchanged.map { String(format: "%.1f %%", 100 * $0) } ?? ""
            table.add([output.name, "\(output.size)", brief(output.largest), brief(output.rms), share])
        }
        let title = "\(precision) against float32 of the same model, \(signals) signal\(signals == 1 ? "" : "s")"
        let note = "  Unchanged are scores that move by less than \(Self.leastChange)."
        return ([title] + table.lines + [note]).map { $0 + "\n" }.joined()
    }
}
