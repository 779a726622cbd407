import AudioInput
import Foundation
import W2V2Engine

/// A profile as text: what was measured, the network as a tree, and the encoder's operations over all layers.
struct ProfileReport {
    let profile: Profile
    /// 1 for stages, 2 for layers, 3 for operations.
    let depth: Int

    var lines: [String] {
        var table = TextColumns(treeBeside: [
            "ms", "% time", "% idle", "GFLOP", "GFLOP/s", "% peak", "MB", "FLOP/B", "bound by",
        ])
        table.add(profile.network, depth: depth, cells: cells)
        let encoder = profile.network.children.first { $0.name == "encoder" }
        if let encoder, depth < 3 {
            table.addGap()
            table.add("encoder, over all layers", level: 0, cells(encoder))
            for operation in encoder.operationsOverLayers { table.add(operation.name, level: 1, cells(operation)) }
        }
        return heading + [""] + table.lines
    }

    private var heading: [String] {
        let wall = profile.wallSeconds
        let named = profile.network.children.filter { $0.name != "rest" }.reduce(0) { $0 + $1.seconds }
        let busy = profile.network.busySeconds.map { text(100 * $0 / wall, "%.1f") }
        let length = text(Double(profile.samples) / Double(Signal.sampleRate), "%g")
        return [
            "model    \(profile.model ?? "–")",
            "input    \(profile.input ?? "–"), \(length) s, \(profile.frames) frames",
            "backend  \(profile.backend), \(profile.precision), \(profile.threads) \(profile.threads == 1 ? "thread" : "threads")"
                + ", busy \(busy.joined(separator: ", ")) % of the time",
            "machine  \(profile.processor ?? "unknown processor"): peak \(peaks),"
                + " reads \(text(profile.roofline.bandwidth / 1e9, "%.1f")) GB/s,"
                + " ridge \(text(profile.roofline.ridge, "%.1f")) FLOP/B",
            "time     \(text(wall * 1e3, "%.2f")) ms, median of \(profile.repeats);"
                + " operations take \(text(100 * named / wall, "%.2f")) % of it",
        ]
    }

    /// In float32 alone, or one for each kind of number.
    private var peaks: String {
        let peaks = profile.roofline.peaks
        let figures = Precision.allCases.compactMap { precision in
            peaks[precision].map { text($0 / 1e9, "%.1f") + (peaks.count > 1 ? " in \(precision)" : "") }
        }
        return figures.joined(separator: ", ") + " GFLOP/s"
    }

    private func cells(_ node: Profile.Node) -> [String] {
        [
            text(node.seconds * 1e3, "%.3f"),
            text(profile.share(of: node) * 100, "%.2f"),
            text(profile.idleShare(of: node) * 100, "%.1f"),
            node.floatingPointOperations > 0 ? text(Double(node.floatingPointOperations) / 1e9, "%.3f") : "–",
            node.speed.map { text($0 / 1e9, "%.1f") } ?? "–",
            profile.shareOfPeak(of: node).map { text($0 * 100, "%.1f") } ?? "–",
            node.bytes > 0 ? text(Double(node.bytes) / 1e6, "%.2f") : "–",
            node.intensity.map { text($0, "%.1f") } ?? "–",
            profile.bound(of: node)?.rawValue ?? "–",
        ]
    }
}

/// Two profiles side by side: each part's time in both, and their ratio.
struct ProfileComparison {
    let profile: Profile
    let other: Profile
    /// The other's file.
    let name: String
    /// 1 for stages, 2 for layers, 3 for operations.
    let depth: Int

    var lines: [String] {
        var table = TextColumns(treeBeside: ["this ms", "other ms", "this/other", "this GFLOP/s", "other GFLOP/s"])
        add(profile.network, other.network, level: 0, to: &table)
        return ["this   \(description(of: profile))", "other  \(name): \(description(of: other))", ""] + table.lines
    }

    /// The parts of both in the order of this one, then those that only the other has.
    private func add(_ one: Profile.Node?, _ two: Profile.Node?, level: Int, to table: inout TextColumns) {
        table.add(one?.name ?? two?.name ?? "", level: level, cells(one, two))
        guard level < depth else { return }
        let (ours, theirs) = (one?.children ?? [], two?.children ?? [])
        for child in ours { add(child, theirs.first { $0.name == child.name }, level: level + 1, to: &table) }
        for child in theirs where !ours.contains(where: { $0.name == child.name }) {
            add(nil, child, level: level + 1, to: &table)
        }
    }

    private func cells(_ one: Profile.Node?, _ two: Profile.Node?) -> [String] {
        let ratio = one.flatMap { one in two.flatMap { $0.seconds > 0 ? one.seconds / $0.seconds : nil } }
        return [one, two].map { $0.map { text($0.seconds * 1e3, "%.3f") } ?? "–" }
            + [ratio.map { text($0, "%.3f") } ?? "–"]
            + [one, two].map { $0?.speed.map { text($0 / 1e9, "%.1f") } ?? "–" }
    }

    private func description(of profile: Profile) -> String {
        "\(profile.model ?? "a model"), \(text(Double(profile.samples) / Double(Signal.sampleRate), "%g")) s, \(profile.backend),"
            + " \(profile.precision),"
            + " \(profile.threads) \(profile.threads == 1 ? "thread" : "threads"),"
            + " \(text(profile.wallSeconds * 1e3, "%.2f")) ms, median of \(profile.repeats)"
    }
}

extension TextColumns {
    /// A tree to the left, indented, with columns of figures beside it, aligned to the right.
    init(treeBeside header: [String]) {
        self.init([.left] + header.map { _ in .right })
        add([""] + header)
    }

    /// A node and what is below it, down to `depth` levels.
    mutating func add(_ node: Profile.Node, depth: Int, level: Int = 0, cells: (Profile.Node) -> [String]) {
        add(node.name, level: level, cells(node))
        guard level < depth else { return }
        for child in node.children { add(child, depth: depth, level: level + 1, cells: cells) }
    }

    mutating func add(_ name: String, level: Int, _ cells: [String]) {
        add([String(repeating: "  ", count: level) + name] + cells)
    }
}
