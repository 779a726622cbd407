import Files
import Foundation

extension VerificationReport {
    /// The report for a reader, section by section.
    package var text: String {
        // What passed is in the tables of layers already.
        let isShown: (SignalReport) -> Bool = { layers.isEmpty || !$0.passed }
        var sections = layers.map(\.text) + oracle.filter(isShown).map(\.text)
        if let published { sections.append(published.text + hint) }
        sections += reference.filter(isShown).map(\.text)
        if let againstFloat32 { sections.append(againstFloat32.text) }
        sections.append(summary)
        return sections.joined(separator: "\n")
    }

    /// What it means that only the published outputs fail.
    private var hint: String {
        let isPublished = published?.cases.allSatisfy(\.passed) ?? true
        guard !isPublished, !oracle.isEmpty, oracle.allSatisfy(\.passed) else { return "" }
        if againstFloat32 != nil {
            return
                "These are other weights than the published ones, or whole numbers cost more than is allowed: verify in "
                + "float32 tells which.\n"
        }
        return "The engine gives what the model's own graph gives: these are other weights than the published ones.\n"
    }

    /// One line: what was checked and whether all of it is right.
    package var summary: String {
        let checks = (oracle + (published?.cases ?? []) + reference).map(\.passed) + layers.map(\.passed)
        let failed = checks.count { !$0 }
        if checks.isEmpty { return "Nothing was checked.\n" }
        return failed == 0
            ? "PASS: all \(checks.count) checks\n" : "FAIL: \(failed) of \(checks.count) checks\n"
    }
}

extension SignalReport {
    /// A table that reads like the network, from top to bottom.
    package var text: String {
        var table = TextTable(header: ["", "shape", "largest difference", "mean", "largest value", "allowed", ""])
        for row in stages + outputs { table.add(row.cells) }
        var lines = [title] + table.lines
        for row in outputs where !row.passed { lines += row.numberLines }
        if let firstDivergence { lines.append("  The engine differs from \(printable(firstDivergence)) on") }
        return lines.map { $0 + "\n" }.joined()
    }

    private var title: String {
        printable("\(signal) (\(samples) samples) against \(source): \(passed ? "PASS" : "FAIL")")
    }

    fileprivate var publishedText: String {
        let lines = outputs.flatMap { output in
            ["  \(printable(output.name)): \(output.verdict)"] + output.numberLines
        }
        return ([title] + lines).map { $0 + "\n" }.joined()
    }
}

extension PublishedReport {
    /// The numbers beside those published, or a line that says that none are known for this model.
    package var text: String {
        guard let model else {
            return "Published outputs: none are known for this model; nothing was checked.\n"
        }
        return "Outputs published for \(model)\n" + cases.map(\.publishedText).joined()
    }
}

extension Comparison {
    fileprivate var verdict: String {
        (passed ? "PASS" : "FAIL")
            + ", largest difference \(brief(difference.largest)), allowed \(brief(limit))"
    }

    fileprivate var cells: [String] {
        [
            name, shape.isEmpty ? "1" : shape.map(String.init).joined(separator: " x "),
            brief(difference.largest), brief(difference.mean), String(format: "%.3g", difference.scale),
            "\(measure.rawValue) \(brief(limit))", passed ? "PASS" : "FAIL",
        ]
    }

    /// The numbers, if there are only a few.
    fileprivate var numberLines: [String] {
        [("found", found), ("expected", expected)].compactMap { title, values in
            values.map { values in
                let numbers = values.map { String(format: "% .8f", $0) }.joined(separator: "  ")
                return "    \(title.padding(toLength: 8, withPad: " ", startingAt: 0))  \(numbers)"
            }
        }
    }
}

extension LayerReport {
    /// A table that reads like the network from top to bottom, with columns for each pair, and what to make of it.
    package var text: String {
        let heading = "\(printable(signal)) (\(samples) samples), layer by layer: \(passed ? "PASS" : "FAIL")"
        var table = TextTable(header: ["", ""] + pairs.flatMap { [$0.title, "", "", ""] })
        table.add(["", "shape"] + pairs.flatMap { _ in ["largest", "mean", "ulp", ""] })
        for stage in stageNames {
            let shape = pairs.lazy.compactMap { $0.difference(at: stage)?.shape }.first ?? []
            table.add(
                [stage, shape.isEmpty ? "1" : shape.map(String.init).joined(separator: " x ")]
                    + pairs.flatMap { $0.cells(at: stage) })
        }
        return ([heading] + table.lines + conclusions.map { "  " + printable($0) }).map { $0 + "\n" }.joined()
    }

    /// The stages that any pair has, in forward order: all have been compared with the graph.
    private var stageNames: [String] { pairs.first?.stages.map(\.stage) ?? [] }

    /// Where pairs diverge, and which source stands alone.
    private var conclusions: [String] {
        var lines = pairs.map { pair in
            pair.firstDivergence.map { "\(pair.names) diverge from \($0) on" } ?? "\(pair.names) agree"
        }
        guard let engineGraph = pair(.engine, .graph), let engineReference = pair(.engine, .reference),
            let graphReference = pair(.graph, .reference)
        else { return lines }
        switch (engineGraph.firstDivergence, engineReference.firstDivergence, graphReference.firstDivergence) {
        case (nil, let stage?, .some): lines.append("The model file and the reference differ from \(stage) on")
        case (let stage?, .some, nil): lines.append("The engine is wrong from \(stage) on")
        default: break
        }
        return lines
    }
}

extension LayerPair {
    fileprivate var title: String { "\(found) - \(expected)" }

    fileprivate var names: String { "\(found) and \(expected)" }

    fileprivate func difference(at stage: String) -> LayerDifference? { stages.first { $0.stage == stage } }

    /// Largest and mean difference, ulp, and a mark where the pair diverges.
    fileprivate func cells(at stage: String) -> [String] {
        guard let row = difference(at: stage) else { return ["", "", "", ""] }
        let isFirst = row.stage == firstDivergence
        return [
            brief(row.difference.largest), brief(row.difference.mean),
            row.ulp.isFinite ? String(format: row.ulp < 9.95 ? "%.1f" : "%.0f", row.ulp) : "\(row.ulp)",
            isFirst ? "<" : "",
        ]
    }
}

func brief(_ value: Double) -> String { value == 0 ? "0" : String(format: "%.1e", value) }

/// Rows of text in columns: the first column to the left, the others to the right.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) { rows = [header] }

    /// Names in its cells may come from files: what would act on a terminal is escaped.
    mutating func add(_ row: [String]) { rows.append(row.map { printable($0) }) }

    /// Each row as an indented line.
    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            let line = cells.joined(separator: "  ")
            return "  " + line.prefix(line.count - line.reversed().prefix { $0 == " " }.count)
        }
    }
}
