import BLAS
import Kernels
import Testing
import W2V2Engine

@testable import emotion_cli

@Suite("The figures of emotion-cli bench")
struct BenchmarkFigureTests {
    @Test(
        "the median is the time in the middle, or the mean of two",
        arguments: [
            ([7], 7), ([9, 1], 5), ([30, 10, 20], 20), ([1, 2, 4, 100], 3), ([5, 5, 5, 5, 1], 5),
        ])
    func median(milliseconds: [Int], expected: Int) {
        let times = RunTimes(milliseconds.map { .milliseconds($0) })
        #expect(times.count == milliseconds.count)
        #expect(times.median == .milliseconds(expected))
        #expect(times.minimum == milliseconds.min().map { .milliseconds($0) })
    }

    @Test("as many runs are timed as were asked for", arguments: [1, 2, 7])
    func exactCount(count: Int) {
        var runs = 0
        let times = RunTimes(.exactly(count)) { runs += 1 }
        #expect(runs == count && times.count == count)
    }

    @Test("runs that fit a time are at least three and at most forty")
    func countWithinTime() {
        let count = RunCount.within(.seconds(4))
        #expect(count.wantsMore(runs: 2, elapsed: .seconds(100)))
        #expect(!count.wantsMore(runs: 3, elapsed: .seconds(4)))
        #expect(count.wantsMore(runs: 39, elapsed: .seconds(3)))
        #expect(!count.wantsMore(runs: 40, elapsed: .seconds(1)))
        #expect(RunTimes(.within(.zero)) {}.count == 3)
        #expect(RunTimes(.within(.seconds(60))) {}.count == 40)
    }

    @Test("the figures of a cell follow from its median")
    func cell() throws {
        let cell = BenchmarkCell(
            seconds: 5, threads: 2, backend: "AVX2 tiles", precision: .float32, model: "folder/model",
            times: RunTimes([.milliseconds(500), .milliseconds(400), .milliseconds(2000)]),
            operations: [.float32: 100_000_000_000], peaks: [.float32: 250e9], load: .milliseconds(300),
            firstAnswer: .milliseconds(900), peakMemory: 800_000_000)
        #expect(cell.realTimeFactor == 10)
        #expect(cell.speed == 200e9)
        #expect(cell.shareOfPeak == 0.8)
        let fields = BenchmarkTable.row(cell).split(separator: " ")
        #expect(fields == ["5", "2", "3", "500.0", "400.0", "10.0", "200.0", "250.0", "80.0", "800"])
        #expect(BenchmarkTable.row(cell).count == BenchmarkTable.header.count)
        let json = try cell.json()
        #expect(json.contains("\"median_ms\":500,") && json.contains("\"model\":\"folder/model\""))
    }

    @Test("the peak of a mixture is that of its parts one after the other")
    func mixture() throws {
        let cell = BenchmarkCell(
            seconds: 5, threads: 2, backend: "AVX2 tiles", precision: .int8, model: "model",
            times: RunTimes([.milliseconds(500)]),
            operations: [.float32: 10_000_000_000, .int16: 20_000_000_000, .int8: 70_000_000_000],
            peaks: [.float32: 100e9, .int16: 200e9, .int8: 350e9], load: .zero, firstAnswer: .zero, peakMemory: nil)
        // 0.1, 0.1 and 0.2 s.
        #expect(isClose(cell.peak, 250e9) && isClose(cell.speed, 200e9) && isClose(cell.shareOfPeak, 0.8))
        #expect(try cell.json().contains("\"precision\":\"int8\""))
        #expect(bestPeaks([.int8: 2, .float32: 1], [.int8: 1, .float32: 3]) == [.int8: 2, .float32: 3])
    }

    /// But for rounding.
    private func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-9 * abs(other) }

    @Test("a list takes numbers of its range only")
    func numberList() throws {
        #expect(try NumberList("1,0.5,20", within: 0.025...3600).numbers == [1, 0.5, 20])
        #expect(try NumberList("4", within: 1...1024).numbers == [4])
        for text in ["", ",", "1,", "1, 2", "0", "1025", "1.5", "99999999999999999999"] {
            #expect(throws: NumberListError.self, "\(text)") { try NumberList(text, within: 1...1024) }
        }
        for text in ["nan", "inf", "-1", "1,0"] {
            #expect(throws: NumberListError.self, "\(text)") { try NumberList(text, within: 0.025...3600) }
        }
    }

    @Test("the peak memory is read from the process's status")
    func memory() throws {
        let status = "Name:\temotion-cli\nVmPeak:\t  999999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n"
        #expect(ProcessMemory.peak(inStatus: status) == 2 * 1024 * 1024)
        for text in ["", "VmHWM:", "VmHWM:\t12", "VmHWM:\tmuch kB", "VmHWM:\t9223372036854775807 kB"] {
            #expect(ProcessMemory.peak(inStatus: text) == nil, "\(text)")
        }
        #if os(Linux)
            // The tests themselves take a few megabytes.
            #expect(try #require(ProcessMemory.peak) > 1_000_000)
        #endif
    }

    /// No processor runs at under 0.1 GHz, or does more than 128 operations at each tick of a clock of 10 GHz.
    private static let plausibleOperations = 0.1e9...1280e9

    @Test(
        "the peak of every instruction set is a speed that a processor has, with each kind of number",
        arguments: KernelSet.available, Precision.allCases)
    func peak(instructions: InstructionSet, precision: Precision) throws {
        let format = precision.format
        let peak = try MultiplyAddPeak(
            of: try KernelSet(instructions: instructions), threads: 1, formats: [format]
        ).measure(format)
        // A register holds as many more numbers as they are smaller.
        #expect(Self.plausibleOperations.contains(peak / Double(format.numbersPerCell)))
    }
}
