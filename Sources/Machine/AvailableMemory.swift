import Foundation

/// The memory that this process can still take without anything being swapped out, refused or killed.
package enum AvailableMemory {
    /// In bytes: what the system has, the process's control groups leave, or its limits allow, whichever is least; nil if
    /// none of them is known.
    package static var bytes: Int? {
        [
            contents("/proc/meminfo").flatMap(bytes(inMeminfo:)),
            ControlGroups.current.least(of: "memory", bytes(inGroup:version:)),
            contents("/proc/self/status").flatMap { bytes(inStatus: $0, addressSpace: .addressSpace, data: .data) },
        ]
        .compactMap { $0 }.min()
    }

    /// From the text of `/proc/meminfo`, whose kB are 1024 bytes.
    package static func bytes(inMeminfo text: String) -> Int? { kibibytes("MemAvailable:", in: text) }

    /// What a control group leaves: its limit without what is in use and can't be given back at once; nil if it has none.
    ///
    /// Version 2 may also have a limit above which the group is slowed down until hardly anything moves.
    package static func bytes(inGroup contents: (String) -> String?, version: Int) -> Int? {
        let isSecond = version == 2
        let limits = isSecond ? ["memory.max", "memory.high"] : ["memory.limit_in_bytes"]
        guard let limit = limits.compactMap({ contents($0).flatMap(number) }).min(), limit >= 0,
            let current = contents(isSecond ? "memory.current" : "memory.usage_in_bytes").flatMap(number), current >= 0
        else { return nil }
        // With that of the groups in it, as the usage is.
        let name = isSecond ? "inactive_file " : "total_inactive_file "
        let cache = contents("memory.stat")?.split(separator: "\n").first { $0.hasPrefix(name) }
        let reclaimable = max(0, min(cache.flatMap { number($0.dropFirst(name.count)) } ?? 0, current))
        return max(0, limit - (current - reclaimable))
    }

    /// What the process's own limits leave, from the text of `/proc/self/status`; nil if there are none.
    package static func bytes(inStatus text: String, addressSpace: Limit, data: Limit) -> Int? {
        [(addressSpace, "VmSize:"), (data, "VmData:")].compactMap { limit, name in
            guard let limit = limit.bytes, let used = kibibytes(name, in: text) else { return nil }
            return max(0, limit - used)
        }
        .min()
    }

    /// A limit of this process.
    package struct Limit: Sendable, Hashable {
        /// Nil if there is none.
        package let bytes: Int?

        package init(bytes: Int?) { self.bytes = bytes }

        /// `ulimit -v`
        package static var addressSpace: Limit { Limit(bytes: current(RLIMIT_AS)) }
        /// `ulimit -d`
        package static var data: Limit { Limit(bytes: current(RLIMIT_DATA)) }

        #if os(Linux)
            private static func current(_ resource: __rlimit_resource) -> Int? {
                var limit = rlimit()
                guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
                return Int(exactly: limit.rlim_cur)
            }
        #else
            private static func current(_ resource: Int32) -> Int? {
                var limit = rlimit()
                guard getrlimit(resource, &limit) == 0, limit.rlim_cur != RLIM_INFINITY else { return nil }
                return Int(exactly: limit.rlim_cur)
            }
        #endif
    }

    /// A field of a file in `/proc` in bytes, whose kB are 1024 of them.
    private static func kibibytes(_ name: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        let fields = line?.dropFirst(name.count).split { $0 == " " || $0 == "\t" }
        guard let fields, fields.count == 2, fields[1] == "kB", let count = Int(fields[0]) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1024)
        return overflow ? nil : bytes
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
