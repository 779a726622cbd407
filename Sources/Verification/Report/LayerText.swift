import Foundation

extension LayerReport {
    /// A table that reads like the network from top to bottom, with columns for each pair, and what to make of it.
    public var text: String {
        let heading = "\(signal) (\(samples) samples), layer by layer: \(passed ? "PASS" : "FAIL")"
        var table = TextTable(header: ["", ""] + pairs.flatMap { [$0.title, "", "", ""] })
        table.add(["", "shape"] + pairs.flatMap { _ in ["largest", "mean", "ulp", ""] })
        for stage in stageNames {
            let shape = pairs.lazy.compactMap { $0.difference(at: stage)?.shape }.first ?? []
            table.add(
                [stage, shape.isEmpty ? "1" : shape.map(String.init).joined(separator: " x ")]
                    + pairs.flatMap { $0.cells(at: stage) })
        }
        return ([heading] + table.lines + conclusions.map { "  " + $0 }).map { $0 + "\n" }.joined()
    }

    /// The stages that any pair has, in forward order: all have been compared with the graph.
    private var stageNames: [String] { pairs.first?.stages.map(\.stage) ?? [] }

    /// Where pairs part, and who stands alone.
    private var conclusions: [String] {
        var lines = pairs.map { pair in
            pair.firstParting.map { "\(pair.names) first part at: \($0)" } ?? "\(pair.names) don't part"
        }
        guard let engineGraph = pair(.engine, .graph), let engineReference = pair(.engine, .reference),
            let graphReference = pair(.graph, .reference)
        else { return lines }
        switch (engineGraph.firstParting, engineReference.firstParting, graphReference.firstParting) {
        case (nil, let stage?, .some): lines.append("The model file and the reference are not the same from: \(stage)")
        case (let stage?, .some, nil): lines.append("The engine errs at: \(stage)")
        default: break
        }
        return lines
    }
}

extension LayerPair {
    fileprivate var title: String { "\(found) - \(expected)" }

    fileprivate var names: String { "\(found) and \(expected)" }

    fileprivate func difference(at stage: String) -> LayerDifference? { stages.first { $0.stage == stage } }

    /// Largest and mean difference, ulp, and a mark where the pair parts.
    fileprivate func cells(at stage: String) -> [String] {
        guard let row = difference(at: stage) else { return ["", "", "", ""] }
        let isFirst = row.stage == firstParting
        return [
            brief(row.difference.largest), brief(row.difference.mean),
            row.ulp.isFinite ? String(format: row.ulp < 9.95 ? "%.1f" : "%.0f", row.ulp) : "\(row.ulp)",
            isFirst ? "<" : "",
        ]
    }

    private func brief(_ value: Double) -> String { value == 0 ? "0" : String(format: "%.1e", value) }
}
