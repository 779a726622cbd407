import Machine
import Testing

@Suite("Available memory")
struct AvailableMemoryTests {
    @Test("is what the system says")
    func system() {
        let text = "MemTotal:       24612345 kB\nMemFree:  1 kB\nMemAvailable:   12345678 kB\nBuffers: 3 kB\n"
        #expect(AvailableMemory.bytes(inMeminfo: text) == 12_345_678 * 1024)
        let huge = "MemAvailable: \(Int.max) kB"
        let malformed = ["", "MemAvailable:", "MemAvailable: x kB", "MemAvailable: 3 MB", huge]
        for text in malformed { #expect(AvailableMemory.bytes(inMeminfo: text) == nil) }
    }

    @Test("is what a control group of version 2 leaves, with what it can give back")
    func unified() {
        func bytes(_ limit: String, _ current: String, _ statistics: String? = nil, high: String? = nil) -> Int? {
            let files = [
                "memory.max": limit, "memory.current": current, "memory.stat": statistics, "memory.high": high,
            ]
            return AvailableMemory.bytes(inGroup: { files[$0] ?? nil }, version: 2)
        }
        #expect(bytes("1000\n", "300\n") == 700)
        #expect(bytes("1000\n", "300\n", "anon 100\ninactive_file 150\nfile 200\n") == 850)
        #expect(bytes("1000\n", "300\n", "inactive_file 900\n") == 1000)
        #expect(bytes("1000", "1300") == 0)
        #expect(bytes("max\n", "300\n") == nil)
        #expect(bytes("1000", "") == nil)
        #expect(bytes("-5", "1") == nil)
        #expect(bytes("1000", "-1") == nil)
        #expect(bytes("1000", "300", "inactive_file -9\n") == 700)
        #expect(bytes("1000", "300", high: "max\n") == 700)
        #expect(bytes("1000", "300", high: "400\n") == 100)
        #expect(bytes("max", "300", high: "400\n") == 100)
    }

    @Test("is what a control group of version 1 leaves, with what those in it can give back")
    func legacy() {
        func bytes(_ limit: String?, _ usage: String?, _ statistics: String? = nil) -> Int? {
            let files = ["memory.limit_in_bytes": limit, "memory.usage_in_bytes": usage, "memory.stat": statistics]
            return AvailableMemory.bytes(inGroup: { files[$0] ?? nil }, version: 1)
        }
        #expect(bytes("1000\n", "300\n") == 700)
        #expect(bytes("1000\n", "300\n", "inactive_file 20\ntotal_inactive_file 150\n") == 850)
        #expect(bytes("1000\n", "300\n", "inactive_file 20\n") == 700)
        // That of a group without one.
        #expect(bytes("9223372036854771712\n", "300\n") == 9_223_372_036_854_771_412)
        #expect(bytes(nil, "300") == nil)
        #expect(bytes("1000", nil) == nil)
    }

    @Test("is what the process's own limits leave")
    func limits() {
        let status = "VmPeak:\t   9 kB\nVmSize:\t     100 kB\nVmLck:\t 0 kB\nVmData:\t      40 kB\n"
        func bytes(_ addressSpace: Int?, _ data: Int?, _ status: String = status) -> Int? {
            AvailableMemory.bytes(inStatus: status, addressSpace: .init(bytes: addressSpace), data: .init(bytes: data))
        }
        #expect(bytes(nil, nil) == nil)
        #expect(bytes(200 * 1024, nil) == 100 * 1024)
        #expect(bytes(nil, 60 * 1024) == 20 * 1024)
        #expect(bytes(200 * 1024, 60 * 1024) == 20 * 1024)
        #expect(bytes(50 * 1024, nil) == 0)
        #expect(bytes(200 * 1024, nil, "VmSize: x kB\n") == nil)
        #expect(bytes(200 * 1024, nil, "") == nil)
    }

    @Test("is known on Linux")
    func known() throws {
        #if os(Linux)
            #expect(try #require(AvailableMemory.bytes) > 1_000_000)
        #endif
    }
}
