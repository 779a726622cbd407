import Foundation
import TestSupport
import Testing

@Suite("emotion-cli profile")
struct ProfileCommandTests {
    static let model = Fixtures.model("torch2.13-opset17")
    /// A run that takes no time.
    static let quick = ["profile", "--model", model, "--seconds", "0.5", "--threads", "2", "--repeats", "1"]

    @Test("prints the network as a tree under what was measured, down to the depth asked for", arguments: [1, 2, 3])
    func tree(depth: Int) throws {
        let run = try CommandLineRun(Self.quick + ["--depth", "\(depth)"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (line, start) in zip(lines, ["model    \(Self.model)", "input    noise, 0.5 s, 24 frames", "backend  "]) {
            #expect(line.hasPrefix(start), "\(line)")
        }
        #expect(lines[3].contains("GFLOP/s") && lines[3].contains("GB/s") && lines[4].hasPrefix("time     "))
        for column in ["ms", "% time", "% idle", "GFLOP", "% peak", "MB", "FLOP/B", "bound by"] {
            #expect(lines[6].contains(column), "\(column)")
        }
        let rows = lines.dropFirst(7).prefix { !$0.isEmpty }
        #expect(rows.first?.hasPrefix("network") == true)
        #expect(Set(rows.map(\.count)).count == 1, "the columns are aligned")
        let stages = rows.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
        #expect(stages.count == 8)
        #expect(rows.contains { $0.hasPrefix("    layer 0") } == (depth > 1))
        #expect(rows.contains { $0.hasPrefix("      softmax") } == (depth > 2))
        // Where operations are not in the tree, they are shown over all layers.
        #expect(run.output.contains("encoder, over all layers") == (depth < 3))
        #expect(run.output.contains("\n  softmax ") == (depth < 3))
    }

    @Test("prints a JSON object with every figure")
    func json() throws {
        let run = try CommandLineRun(Self.quick + ["--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let object = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
        #expect(object["format"] as? String == "emotion-cli profile" && object["version"] as? Int == 1)
        #expect(object["model"] as? String == Self.model && object["input"] as? String == "noise")
        #expect(object["threads"] as? Int == 2 && object["samples"] as? Int == 8000 && object["frames"] as? Int == 24)
        for name in ["wall_seconds", "peak_flop_per_second", "read_bytes_per_second", "repeats"] {
            #expect(try #require(object[name] as? Double, "\(name)") > 0)
        }
        let network = try #require(object["network"] as? [String: Any])
        let figures = [
            "name", "seconds", "busy_seconds", "idle_share", "share", "flop", "flop_per_second", "share_of_peak",
            "bytes", "flop_per_byte", "bound", "children",
        ]
        #expect(Set(network.keys) == Set(figures))
        #expect((network["busy_seconds"] as? [Double])?.count == 2)
        let stages = try #require(network["children"] as? [[String: Any]])
        let sum = stages.reduce(0) { $0 + ($1["seconds"] as? Double ?? .nan) }
        let wall = try #require(object["wall_seconds"] as? Double)
        #expect(abs(sum - wall) <= 1e-9 * wall, "the stages' times are those of the call, but for rounding")
    }

    @Test("takes a recording, a signal, or standard input")
    func inputs() throws {
        let speech = Fixtures.speech("jfk.wav")
        let options = ["--model", Self.model, "--threads", "1", "--repeats", "1", "--depth", "1"]
        let file = try CommandLineRun(["profile", speech] + options)
        #expect(file.status == 0, "\(file.errors)")
        #expect(file.output.contains("input    \(speech), 11 s, 549 frames"))
        let stream = try CommandLineRun(["profile", "-"] + options, input: try Data(contentsOf: URL(filePath: speech)))
        #expect(stream.status == 0, "\(stream.errors)")
        #expect(stream.output.contains("input    -, 11 s, 549 frames"))
    }

    @Test("writes a trace of every thread beside the table")
    func trace() throws {
        let folder = try TemporaryFolder()
        let run = try CommandLineRun(Self.quick + ["--trace", "trace.json"], folder: URL(filePath: folder.path))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty && run.output.contains("network"))
        let data = try Data(contentsOf: URL(filePath: folder.file("trace.json")))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let events = try #require(object["traceEvents"] as? [[String: Any]])
        #expect(events.count { $0["name"] as? String == "thread_name" } == 2)
        #expect(events.count { $0["ph"] as? String == "X" } > 100)
    }

    @Test(
        "leaves an older trace as it was if the run fails before the new one is whole",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func olderTrace() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("older".utf8, to: "trace.json")
        let run = try CommandLineRun(Self.quick + ["--trace", path, "--force"], outputPath: "/dev/full")
        #expect(run.status == 2)
        #expect(run.errors == "emotion-cli: error: standard output: No space left on device\n")
        #expect(try folder.contents() == ["trace.json"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "older")
    }

    @Test("shows two profiles side by side with the ratio of each part")
    func comparison() throws {
        let folder = try TemporaryFolder()
        let other = try CommandLineRun(Self.quick + ["--json"])
        let path = try folder.write(Array(other.outputBytes), to: "before.json")
        let run = try CommandLineRun(Self.quick + ["--compare", path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("this   \(Self.model), 0.5 s, "))
        #expect(lines[1].hasPrefix("other  \(path): \(Self.model), 0.5 s, "))
        for column in ["this ms", "other ms", "this/other"] { #expect(lines[2].contains(column)) }
        let rows = lines.dropFirst(3)
        #expect(rows.count == 1 + 8 + 7 + 2 + 2 + 1, "the network, its stages and their layers")
        let whole = try #require(rows.first).split(separator: " ").compactMap { Double($0) }
        try #require(whole.count == 5)
        // Each of the three is printed with three digits after the point, and so at most half of the last one off.
        let rounding = 0.0005 * (1 + whole[1] + whole[2]) + 1e-6
        #expect(abs(whole[2] * whole[1] - whole[0]) <= rounding)
        // A deeper model has parts that the other lacks.
        let deeper = try CommandLineRun(
            ["profile", "--model", Fixtures.model("torch1.10-opset12-agegender"), "--seconds", "0.5", "--repeats", "1"]
                + ["--compare", path])
        #expect(deeper.status == 0, "\(deeper.errors)")
        #expect(deeper.output.split(separator: "\n").contains { $0.contains("layer 2") && $0.contains("–") })
        #expect(deeper.output.contains("logits_gender") && deeper.output.contains("    logits "))
    }

    @Test(
        "refuses a file to compare with that is no profile, in one line",
        arguments: [
            ("{}", "is not a profile"), ("RIFF", "is not a profile"), (nil, "can't be read"),
            (#"{"format": "emotion-cli profile", "version": 7}"#, "is of version 7, from a newer emotion-cli"),
        ])
    func foreign(content: String?, reason: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("other.json")
        if let content { _ = try folder.write(Array(content.utf8), to: "other.json") }
        let run = try CommandLineRun(Self.quick + ["--compare", path])
        expectRefusal(run, containing: "emotion-cli: error: \(path): \(reason)")
    }

    @Test(
        "refuses options that make no sense in one line",
        arguments: [
            [], ["--seconds", "0"], ["--seconds", "nan"], ["--seconds", "1", "--repeats", "0"],
            ["--seconds", "1", "--depth", "4"], ["--seconds", "1", "--threads", "0"], ["--seconds", "1", "speech.wav"],
            ["--seconds", "1", "--json", "--compare", "other.json"],
            ["--seconds", "1", "--trace", "/nonexistent/trace.json"],
        ])
    func refusals(arguments: [String]) throws {
        let run = try CommandLineRun(["profile", "--model", Self.model] + arguments)
        expectRefusal(run)
        #expect(arguments.suffix(2).contains { run.errors.contains($0) } || arguments.isEmpty, "\(run.errors)")
    }

    @Test("says which input can't be profiled, and why", arguments: ["nothing.wav", "."])
    func unreadable(input: String) throws {
        let folder = try TemporaryFolder()
        for name in ["a.wav", "b.wav"] { _ = try folder.write(Array("RIFF".utf8), to: name) }
        let run = try CommandLineRun(
            ["profile", "--model", Self.model, input], folder: URL(filePath: folder.path))
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errorLines.count == 1)
        #expect(run.errors.hasPrefix("emotion-cli: error: \(input): "), "\(run.errors)")
    }
}
