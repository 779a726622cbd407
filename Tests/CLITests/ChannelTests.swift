import Foundation
import TestSupport
import Testing

/// Which channels of a recording `predict` scores.
@Suite("emotion-cli predict, with several channels")
struct ChannelTests {
    private let folder: TemporaryFolder
    private let model = Fixtures.model("torch1.10-opset11")

    /// `stereo.wav`, of speech and of the same speech at half the level, half a second later.
    init() throws {
        folder = try TemporaryFolder()
        let speech = try [UInt8](Data(contentsOf: URL(filePath: Fixtures.speech("14b01Na.wav")))).dropFirst(44)
        let samples = stride(from: speech.startIndex, to: speech.endIndex - 1, by: 2).map {
            Int16(bitPattern: UInt16(speech[$0]) | UInt16(speech[$0 + 1]) << 8)
        }
        var data = Data()
        for index in samples.indices {
            for sample in [samples[index], index < 8000 ? 0 : samples[index - 8000] / 2] {
                withUnsafeBytes(of: sample.littleEndian) { data.append(contentsOf: $0) }
            }
        }
        var header = Data("RIFF".utf8)
        func append(_ value: Int, _ count: Int) {
            for index in 0..<count { header.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
        }
        append(36 + data.count, 4)
        header.append(contentsOf: "WAVEfmt ".utf8)
        for (value, count) in [(16, 4), (1, 2), (2, 2), (16_000, 4), (64_000, 4), (4, 2), (16, 2)] {
            append(value, count)
        }
        header.append(contentsOf: "data".utf8)
        append(data.count, 4)
        try (header + data).write(to: URL(filePath: folder.file("stereo.wav")))
    }

    private func predict(_ arguments: String...) throws -> CommandLineRun {
        try CommandLineRun(["predict", "--model", model, folder.file("stereo.wav"), "--format", "csv"] + arguments)
    }

    private func fields(_ run: CommandLineRun) -> [[String]] {
        run.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    }

    @Test("scores each by itself, as it would alone", arguments: [[], ["--window", "0.5"]])
    func all(windows: [String]) throws {
        let arguments = ["predict", "--model", model, folder.file("stereo.wav"), "--format", "csv"] + windows
        let all = fields(try CommandLineRun(arguments + ["--channel", "all"]))
        #expect(all[0].prefix(5) == ["file", "start", "end", "channel", "arousal"])
        for channel in ["1", "2"] {
            let alone = fields(try CommandLineRun(arguments + ["--channel", channel]))
            let rows = all.filter { $0[3] == channel }.map { Array($0[..<3] + $0[4...]) }
            #expect(!rows.isEmpty && rows == Array(alone.dropFirst()))
        }
        #expect(all.dropFirst().map { $0[3] } == all.dropFirst().map { $0[3] }.sorted(), "one after the other")
    }

    @Test("writes the channel as a number in every format")
    func formats() throws {
        let json = try CommandLineRun([
            "predict", "--model", model, folder.file("stereo.wav"), "--format", "jsonl", "--channel", "all",
        ])
        let lines = json.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("\"channel\": 1, \"arousal\": ") == true)
        #expect(lines.last?.contains("\"channel\": 2, \"arousal\": ") == true)
        let text = try CommandLineRun(["predict", "--model", model, folder.file("stereo.wav"), "--channel", "all"])
        #expect(text.output.contains(" s]  channel 2  arousal "))
    }

    @Test("resumes with the channels that are left")
    func resume() throws {
        let table = folder.file("scores.csv")
        let list = folder.file("list.txt")
        let path = folder.file("stereo.wav")
        try Data([String](repeating: path, count: 40).joined(separator: "\n").utf8).write(to: URL(filePath: list))
        let arguments = [
            "predict", "--model", model, "--files-from", list, "--channel", "all", "--window", "0.3", "--quiet",
            "--resume",
        ]
        #expect(try CommandLineRun(arguments + ["-o", folder.file("whole.csv")]).status == 0)
        let whole = try Data(contentsOf: URL(filePath: folder.file("whole.csv")))
        for share in 1...3 {
            let run = try StartedRun(arguments + ["-o", table])
            run.waitForFile(table, ofBytes: whole.count * share / 4)
            run.signal(SIGKILL)
            _ = run.wait()
        }
        #expect(try CommandLineRun(arguments + ["-o", table]).status == 0)
        #expect(try Data(contentsOf: URL(filePath: table)) == whole)
    }

    @Test("are one or all of those that there are", arguments: [["3"], ["0"], ["-1"], ["both"], [""]])
    func wrong(channel: [String]) throws {
        let run = try CommandLineRun(
            ["predict", "--model", model, folder.file("stereo.wav"), "--channel"] + channel)
        #expect(run.status == (channel == ["3"] ? 1 : 2))
        #expect(run.output.isEmpty)
        #expect(run.errorLines.count == 1, "\(run.errors)")
    }

    @Test("all are refused where one answer is given")
    func refused() throws {
        expectRefusal(
            try CommandLineRun([
                "states", "--model", model, folder.file("stereo.wav"), "--channel", "all", "-o", folder.file("s.npz"),
            ]),
            containing: "--channel all")
        expectRefusal(
            try CommandLineRun(["worker", "--model", model, "--channel", "all"]), containing: "--channel all")
        let chart = try predict("--channel", "all", "--window", "1", "--chart", folder.file("c.svg"))
        expectRefusal(chart, containing: "--channel all")
    }
}
