import Foundation

/// What the machine has for this process.
public enum Processor {
    /// Cores that this process may run on, each counted once however many threads it runs at a time, and no more than
    /// the processor time that its control group is granted.
    public static var physicalCores: Int {
        let logical = allowedProcessors
        let cores = Set(
            logical.map { processor in
                text("/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list") ?? "\(processor)"
            })
        let count = cores.isEmpty ? ProcessInfo.processInfo.activeProcessorCount : cores.count
        return max(1, min(count, quota ?? count))
    }

    /// What the processor calls itself, such as `AMD EPYC`; nil if the system doesn't say.
    package static var name: String? {
        let lines = text("/proc/cpuinfo")?.split(separator: "\n") ?? []
        let value = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).dropFirst().first
        return value.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// From a list such as `0-3,8`.
    private static var allowedProcessors: [Int] {
        let field = "Cpus_allowed_list:"
        let lines = text("/proc/self/status")?.split(separator: "\n") ?? []
        let list = lines.first { $0.hasPrefix(field) }?.dropFirst(field.count) ?? ""
        return list.split(separator: ",").flatMap { part in
            let ends = part.split(separator: "-").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else { return [Int]() }
            return Array(first...last)
        }
    }

    /// The processor time granted to the control group, in processors; nil without a limit.
    private static var quota: Int? {
        guard let fields = text("/sys/fs/cgroup/cpu.max")?.split(separator: " "), fields.count == 2,
            let time = Double(fields[0]), let period = Double(fields[1]), time > 0, period > 0
        else { return nil }
        return Int(clamping: Int((time / period).rounded(.up)))
    }

    private static func text(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
