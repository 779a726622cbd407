import Foundation

/// The memory that states take, in bytes, besides the network's own.
struct StateMemory {
    /// The states themselves, in one piece the largest, and what is needed to compute them.
    let needed: Int
    /// The part of attention maps.
    let attention: Int

    init(of selection: StateSelection, in model: EmotionModel, samples: Int) {
        let architecture = model.architecture
        let frames = architecture.frames(samples: samples)
        let bytes = MemoryLayout<Float>.stride
        let states = selection.stages.map { stage in
            Self.product(stage.shape(in: architecture, samples: samples) + [bytes])
        }
        let layerMaps = Self.product([architecture.attentionHeads, frames, frames, bytes])
        attention = Self.product([selection.attentionLayers.count, layerMaps])
        // Maps are computed layer by layer; and whoever is given a state may need another copy of it to write it.
        let map = selection.attentionLayers.isEmpty ? 0 : layerMaps
        let copy = max(states.max() ?? 0, attention)
        var tile = 0
        if selection.hasFeatureExtractor, frames > 0 {
            let capacity = model.network.featureExtractor.wholeCapacity(samples: samples)
            tile = Self.product([capacity.even + capacity.odd, bytes])
        }
        needed = Self.sum(states + [attention, map, copy, tile])
    }

    /// - Throws: ``EngineError/statesTooLarge(bytes:attention:available:)`` if more is needed than there is; nil is
    ///   for a system that doesn't tell.
    func check(available: Int?) throws(EngineError) {
        guard let available, needed > available else { return }
        throw .statesTooLarge(bytes: needed, attention: attention, available: available)
    }

    /// The largest integer stands for all that are larger.
    private static func product(_ factors: [Int]) -> Int {
        factors.reduce(1) { product, factor in
            let (result, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? .max : result
        }
    }

    private static func sum(_ terms: [Int]) -> Int {
        terms.reduce(0) { sum, term in
            let (result, overflow) = sum.addingReportingOverflow(term)
            return overflow ? .max : result
        }
    }
}

/// The memory that this process can still take without anything being swapped out or killed.
enum AvailableMemory {
    /// In bytes: the system's, or what the process's container leaves where that is less; nil if neither is known.
    static var bytes: Int? { [system, container].compactMap { $0 }.min() }

    private static var system: Int? { contents("/proc/meminfo").flatMap(bytes(inMeminfo:)) }

    /// What a control group (version 2) leaves: its limit without what is in use and can't be given back at once.
    private static var container: Int? {
        let folder = "/sys/fs/cgroup/"
        guard let limit = contents(folder + "memory.max"), let current = contents(folder + "memory.current") else {
            return nil
        }
        return bytes(limit: limit, current: current, statistics: contents(folder + "memory.stat") ?? "")
    }

    /// From the text of `/proc/meminfo`, whose kB are 1024 bytes.
    static func bytes(inMeminfo text: String) -> Int? {
        let fields = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ")
        guard let fields, fields.count == 3, fields[2] == "kB", let count = Int(fields[1]) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1024)
        return overflow ? nil : bytes
    }

    /// From a control group's files; nil if it has no limit.
    static func bytes(limit: String, current: String, statistics: String) -> Int? {
        func number(_ text: some StringProtocol) -> Int? { Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) }
        guard let limit = number(limit), let current = number(current), limit >= 0, current >= 0 else { return nil }
        let cache = statistics.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
        let reclaimable = cache.flatMap { number($0.dropFirst("inactive_file ".count)) } ?? 0
        return max(0, limit - max(0, current - max(0, min(reclaimable, current))))
    }

    private static func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
