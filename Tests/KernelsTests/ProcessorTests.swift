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
}
