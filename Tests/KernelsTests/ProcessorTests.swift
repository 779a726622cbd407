import Foundation
import Kernels
import Testing

@Suite("Processor")
struct ProcessorTests {
    @Test("has at least one core, and no more than it has threads")
    func physicalCores() {
        #expect((1...ProcessInfo.processInfo.activeProcessorCount).contains(Processor.physicalCores))
        #expect(Processor.physicalCores == Processor.physicalCores)
    }

    private static let taskset = "/usr/bin/taskset"

    @Test(
        "counts only the cores that the process may run on",
        .enabled(if: FileManager.default.isExecutableFile(atPath: taskset)))
    func affinity() async {
        await #expect(processExitsWith: .success) {
            let restriction = Process()
            restriction.executableURL = URL(filePath: ProcessorTests.taskset)
            // The last processor of those allowed, whichever it is: taskset takes a list, and so does the kernel's status.
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let list = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
            let last = try #require(list.split { !$0.isNumber }.last)
            restriction.arguments = ["--cpu-list", "--pid", String(last), String(getpid())]
            try restriction.run()
            restriction.waitUntilExit()
            try #require(restriction.terminationStatus == 0)
            #expect(Processor.physicalCores == 1)
        }
    }

    @Test("reads the list of processors that are allowed")
    func allowed() {
        func allowed(_ list: String) -> [Int] {
            Processor.allowed(inStatus: "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t\(list)\nMems_allowed:\t1\n")
        }
        #expect(allowed("0-3,8") == [0, 1, 2, 3, 8])
        #expect(allowed("5") == [5])
        #expect(allowed("0,2-3,70-71") == [0, 2, 3, 70, 71])
        for list in ["", "x", "3-1", "0-99999999", "-"] { #expect(allowed(list).isEmpty, "\(list)") }
        #expect(Processor.allowed(inStatus: "").isEmpty)
    }

    @Test("obeys the quotas of control groups of both versions")
    func quotas() {
        func unified(_ text: String?) -> Int? {
            Processor.quota(inGroup: { $0 == "cpu.max" ? text : nil }, version: 2)
        }
        #expect(unified("200000 100000\n") == 2)
        #expect(unified("50000 100000\n") == 1)
        #expect(unified("150000 100000\n") == 2)
        for text in [
            nil, "max 100000\n", "", "100000", "0 100000", "-1 100000", "1 0", "nan 1", "inf 100000", "a b", "1 2 3",
        ] {
            #expect(unified(text) == nil, "\(text ?? "nil")")
        }
        #expect(unified("9e300 1e-300") ?? 1 > 1000 || unified("9e300 1e-300") == nil)

        func legacy(_ quota: String?, _ period: String?) -> Int? {
            let files = ["cpu.cfs_quota_us": quota, "cpu.cfs_period_us": period]
            return Processor.quota(inGroup: { files[$0] ?? nil }, version: 1)
        }
        #expect(legacy("100000\n", "100000\n") == 1)
        #expect(legacy("250000\n", "100000\n") == 3)
        #expect(legacy("-1\n", "100000\n") == nil)
        #expect(legacy(nil, "100000\n") == nil)
        #expect(legacy("100000\n", nil) == nil)
    }
}
