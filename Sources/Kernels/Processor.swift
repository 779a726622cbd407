import Foundation
import Machine

/// What the machine has for this process.
public enum Processor {
    /// Cores that this process may run on, each counted once however many threads it runs at a time, and no more than
    /// the processor time that its control groups are granted.
    public static var physicalCores: Int {
        let logical = text("/proc/self/status").map(allowed(inStatus:)) ?? []
        let cores = Set(
            logical.map { processor in
                text("/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list") ?? "\(processor)"
            })
        let count = cores.isEmpty ? ProcessInfo.processInfo.activeProcessorCount : cores.count
        return max(1, min(count, ControlGroups.current.least(of: "cpu", quota(inGroup:version:)) ?? count))
    }

    /// What the processor calls itself, such as `AMD EPYC`; nil if the system doesn't say.
    package static var name: String? {
        let lines = text("/proc/cpuinfo")?.split(separator: "\n") ?? []
        let value = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).dropFirst().first
        return value.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The processors that a process may run on, from the text of `/proc/PID/status`, which has a list such as `0-3,8`.
    package static func allowed(inStatus text: String) -> [Int] {
        let field = "Cpus_allowed_list:"
        let list = text.split(separator: "\n").first { $0.hasPrefix(field) }?.dropFirst(field.count) ?? ""
        return list.split(separator: ",").flatMap { part in
            let ends = part.split(separator: "-").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else { return [Int]() }
            return Array(first...last)
        }
    }

    /// The processor time granted to a control group, in processors, rounded up; nil without a limit.
    package static func quota(inGroup contents: (String) -> String?, version: Int) -> Int? {
        let fields: [Substring] =
            version == 2
            ? contents("cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
            : ["cpu.cfs_quota_us", "cpu.cfs_period_us"].flatMap {
                contents($0)?.split(whereSeparator: \.isWhitespace) ?? []
            }
        guard fields.count == 2, let time = Double(fields[0]), let period = Double(fields[1]), time > 0, period > 0,
            time.isFinite, period.isFinite
        else { return nil }
        return max(1, Int(min(time / period, 1e6).rounded(.up)))
    }

    private static func text(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
