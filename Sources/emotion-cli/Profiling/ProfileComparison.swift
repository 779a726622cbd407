import AudioInput
import W2V2Engine

/// Two profiles side by side: each part's time in both, and their ratio.
struct ProfileComparison {
    let profile: Profile
    let other: Profile
    /// The other's file.
    let name: String
    /// 1 for stages, 2 for layers, 3 for operations.
    let depth: Int

    init(_ profile: Profile, _ other: Profile, named name: String, depth: Int) {
        self.profile = profile
        self.other = other
        self.name = name
        self.depth = depth
    }

    var lines: [String] {
        var table = TreeTable(header: ["this ms", "other ms", "this/other", "this GFLOP/s", "other GFLOP/s"])
        add(profile.network, other.network, level: 0, to: &table)
        return ["this   \(description(of: profile))", "other  \(name): \(description(of: other))", ""] + table.lines
    }

    /// The parts of both in the order of this one, then those that only the other has.
    private func add(_ one: Profile.Node?, _ two: Profile.Node?, level: Int, to table: inout TreeTable) {
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
            + " \(profile.threads) \(profile.threads == 1 ? "thread" : "threads"),"
            + " \(text(profile.wallSeconds * 1e3, "%.2f")) ms, median of \(profile.repeats)"
    }
}
