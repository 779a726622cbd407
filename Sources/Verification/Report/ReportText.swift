import Foundation

extension VerificationReport {
    /// The report for a reader, section by section.
    public var text: String {
        // The tables of layers have what passed.
        let isShown: (SignalReport) -> Bool = { layers.isEmpty || !$0.passed }
        var sections = layers.map(\.text) + oracle.filter(isShown).map(\.text)
        if let published { sections.append(published.text + hint) }
        sections += reference.filter(isShown).map(\.text) + [summary]
        return sections.joined(separator: "\n")
    }

    /// What it means that only the published outputs fail.
    private var hint: String {
        let isPublished = published?.cases.allSatisfy(\.passed) ?? true
        guard !isPublished, !oracle.isEmpty, oracle.allSatisfy(\.passed) else { return "" }
        return "The engine gives what the model's own graph gives: these are other weights than the published ones.\n"
    }

    /// One line: what was checked and whether all of it is right.
    public var summary: String {
        let checks = (oracle + (published?.cases ?? []) + reference).map(\.passed) + layers.map(\.passed)
        let failed = checks.count { !$0 }
        if checks.isEmpty { return "Nothing was checked.\n" }
        return failed == 0
            ? "PASS: all \(checks.count) checks\n" : "FAIL: \(failed) of \(checks.count) checks\n"
    }
}

extension SignalReport {
    /// A table that reads like the network, from top to bottom.
    public var text: String {
        var table = TextTable(header: ["", "shape", "largest difference", "mean", "largest value", "allowed", ""])
        for row in stages + outputs { table.add(row.cells) }
        var lines = [title] + table.lines
        for row in outputs where !row.passed { lines += row.numberLines }
        if let firstParting { lines.append("  The engine first differs at: \(firstParting)") }
        return lines.map { $0 + "\n" }.joined()
    }

    fileprivate var title: String { "\(signal) (\(samples) samples) against \(source): \(passed ? "PASS" : "FAIL")" }
}

extension PublishedReport {
    /// The numbers beside those published, or a line that says that there are none for this model.
    public var text: String {
        guard let model else {
            return "Published outputs: none are known for this model; nothing was checked.\n"
        }
        return "Outputs published for \(model)\n" + cases.map(\.publishedText).joined()
    }
}

extension SignalReport {
    fileprivate var publishedText: String {
        let lines = outputs.flatMap { output in
            ["  \(output.name): \(output.verdict)"] + output.numberLines
        }
        return ([title] + lines).map { $0 + "\n" }.joined()
    }
}

extension Comparison {
    fileprivate var verdict: String {
        (passed ? "PASS" : "FAIL")
            + ", largest difference \(Self.brief(difference.largest)), allowed \(Self.brief(limit))"
    }

    fileprivate var cells: [String] {
        [
            name, shape.isEmpty ? "1" : shape.map(String.init).joined(separator: " x "),
            Self.brief(difference.largest), Self.brief(difference.mean), String(format: "%.3g", difference.scale),
            "\(measure.rawValue) \(Self.brief(limit))", passed ? "PASS" : "FAIL",
        ]
    }

    /// The numbers, where there are only a few.
    fileprivate var numberLines: [String] {
        [("found", found), ("expected", expected)].compactMap { title, values in
            values.map { values in
                let numbers = values.map { String(format: "% .8f", $0) }.joined(separator: "  ")
                return "    \(title.padding(toLength: 8, withPad: " ", startingAt: 0))  \(numbers)"
            }
        }
    }

    private static func brief(_ value: Double) -> String { value == 0 ? "0" : String(format: "%.1e", value) }
}
