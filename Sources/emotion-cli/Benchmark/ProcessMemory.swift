import Foundation

/// The memory of this process.
enum ProcessMemory {
    /// The most bytes that were ever resident at once, pages of mapped files included; nil if the system doesn't
    /// say.
    static var peak: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        return peak(inStatus: status)
    }

    /// The same from the text of `/proc/PID/status`, whose kB are 1024 bytes.
    static func peak(inStatus status: String) -> Int? {
        let fields = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split { $0 == " " || $0 == "\t" }
        guard let fields, fields.count == 3, fields[2] == "kB", let count = Int(fields[1]) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1024)
        return overflow ? nil : bytes
    }
}
