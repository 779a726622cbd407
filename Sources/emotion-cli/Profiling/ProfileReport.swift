import AudioInput
import Foundation
import W2V2Engine

/// A profile as text: what was measured, the network as a tree, and the encoder's operations over all layers.
struct ProfileReport {
    let profile: Profile
    /// 1 for stages, 2 for layers, 3 for operations.
    let depth: Int

    init(_ profile: Profile, depth: Int) {
        self.profile = profile
        self.depth = depth
    }

    var lines: [String] {
        var table = TreeTable(header: [
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
            "backend  \(profile.backend), \(profile.threads) \(profile.threads == 1 ? "thread" : "threads")"
                + ", busy \(busy.joined(separator: ", ")) % of the time",
            "machine  \(profile.processor ?? "unknown processor"): peak \(text(profile.roofline.peak / 1e9, "%.1f"))"
                + " GFLOP/s, reads \(text(profile.roofline.bandwidth / 1e9, "%.1f")) GB/s,"
                + " ridge \(text(profile.roofline.ridge, "%.1f")) FLOP/B",
            "time     \(text(wall * 1e3, "%.2f")) ms, median of \(profile.repeats);"
                + " operations take \(text(100 * named / wall, "%.2f")) % of it",
        ]
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

/// A number as every locale's reader sees it.
func text(_ number: Double, _ format: String) -> String {
    String(format: format, locale: Locale(identifier: "en_US_POSIX"), number)
}
