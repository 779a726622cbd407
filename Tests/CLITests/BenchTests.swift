import BLAS
import Foundation
import TestSupport
import Testing

@Suite("emotion-cli bench")
struct BenchTests {
    static let model = Fixtures.model("torch2.13-opset17")

    @Test("prints a JSON object for each cell, in the order of the lists")
    func json() throws {
        let run = try CommandLineRun([
            "bench", "--model", Self.model, "--seconds", "0.5,0.1", "--threads", "2,1", "--runs", "1", "--json",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let cells = try run.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(cells.map { $0["seconds"] as? Double } == [0.5, 0.5, 0.1, 0.1])
        #expect(cells.map { $0["threads"] as? Int } == [2, 1, 2, 1])
        for cell in cells {
            let numbers = [
                "seconds", "threads", "runs", "median_ms", "minimum_ms", "real_time_factor", "gflops", "peak_gflops",
                "peak_share", "load_ms", "first_answer_ms", "peak_memory_mb",
            ]
            #expect(Set(cell.keys) == Set(numbers + ["backend", "model", "precision"]))
            for name in numbers { #expect(try #require(cell[name] as? Double) > 0, "\(name)") }
            #expect(cell["runs"] as? Int == 1)
            #expect(cell["model"] as? String == Self.model)
            let (median, seconds) = (try figure("median_ms", cell), try figure("seconds", cell))
            #expect(try figure("minimum_ms", cell) == median)
            #expect(isClose(try figure("real_time_factor", cell), seconds / (median / 1000)))
            #expect(isClose(try figure("peak_share", cell), try figure("gflops", cell) / figure("peak_gflops", cell)))
            #expect(try figure("first_answer_ms", cell) > figure("load_ms", cell))
        }
        // Loading and the first answer are the process's, not the cell's.
        #expect(Set(cells.map { $0["first_answer_ms"] as? Double }).count == 1)
    }

    @Test("prints a table with aligned columns under what was measured")
    func table() throws {
        let run = try CommandLineRun([
            "bench", "--model", Self.model, "--seconds", "0.1,0.025", "--threads", "1", "--runs", "2",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == 10, "\(run.output)")
        #expect(lines[0].hasPrefix("model    \(Self.model), "))
        #expect(lines[1].hasPrefix("backend  "))
        #expect(lines[2].hasPrefix("machine  ") && lines[2].contains("core"))
        for unit in ["audio s", "median ms", "GFLOP/s", "% of peak", "memory MB"] {
            #expect(lines[4].contains(unit))
        }
        #expect(lines[5].split(separator: " ").prefix(3) == ["0.1", "1", "2"])
        #expect(lines[6].split(separator: " ").prefix(3) == ["0.025", "1", "2"])
        #expect(lines[5].count == lines[4].count && lines[6].count == lines[4].count)
        #expect(lines[8].hasPrefix("loaded in "))
    }

    @Test("names the backend that was asked for", arguments: InstructionSet.supported)
    func backend(instructions: InstructionSet) throws {
        let run = try CommandLineRun([
            "bench", "--model", Self.model, "--seconds", "0.1", "--threads", "1", "--runs", "1", "--json",
            "--instructions", instructions.rawValue, "--gemm", "openblas",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
        let backend = try #require(object["backend"] as? String)
        #expect(backend.hasPrefix("OpenBLAS ") && backend.hasSuffix(instructions.description))
    }

    @Test(
        "refuses bad lists in one line",
        arguments: [
            ["--seconds", "1,x"], ["--seconds", "1,,5"], ["--seconds", "0"], ["--seconds", "nan"],
            ["--threads", ""], ["--threads", "1.5"], ["--threads", "2,0"], ["--threads", "1025"], ["--runs", "0"],
        ])
    func refusals(arguments: [String]) throws {
        let run = try CommandLineRun(["bench", "--model", Self.model] + arguments)
        expectRefusal(run, containing: arguments[0], "from ")
    }

    private func figure(_ name: String, _ cell: [String: Any]) throws -> Double {
        try #require(cell[name] as? Double, "\(name)")
    }

    /// Figures that follow from others may differ in their last digits.
    private func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-9 * abs(other) }
}
