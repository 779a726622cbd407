import Foundation
import NumPyFiles
import TestSupport
import Testing

@Suite("emotion-cli predict, on a corpus")
struct PredictCorpusTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private static let speech = Fixtures.speech("jfk.wav")

    private func rows(_ arguments: [String], input: Data = Data(), status: Int32 = 0) throws -> [[String: Any]] {
        let run = try CommandLineRun(["predict", "--model", Self.model, "--format", "jsonl"] + arguments, input: input)
        #expect(run.status == status, "\(run.errors)")
        return try run.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    @Test("scores windows as it scores the same parts of a table")
    func windows() throws {
        let folder = try TemporaryFolder()
        let windows = try rows(["--window", "1.5", "--hop", "0.7", Self.speech])
        // 11 s: windows begin at 0, 0.7, … up to 9.1.
        #expect(windows.count == 14)
        let starts = (0..<14).map { Double($0 * 7) / 10 }
        let table = ["file,start,end"] + starts.map { "\(Self.speech),\($0),\(($0 * 10 + 15) / 10)" }
        try Data(table.joined(separator: "\n").utf8).write(to: URL(filePath: folder.file("table.csv")))
        let parts = try rows([folder.file("table.csv")])
        #expect(windows.compactMap { $0["start"] as? Double } == starts)
        for (window, part) in zip(windows, parts) {
            for name in ["file", "start", "end", "arousal", "dominance", "valence"] {
                #expect("\(window[name] ?? "none")" == "\(part[name] ?? "")", "\(name)")
            }
        }
        let defaultHop = try rows(["--window", "2", Self.speech])
        #expect(defaultHop.compactMap { $0["start"] as? Double } == (0...9).map(Double.init))
    }

    @Test("shards take each recording once")
    func shards() throws {
        let list = Data((0..<11).map { "\(Self.speech)/../jfk-\($0).wav\n" }.joined().utf8)
        var seen: [Int] = []
        for shard in 1...3 {
            let run = try CommandLineRun(
                ["predict", "--model", Self.model, "--files-from", "-", "--shard", "\(shard)/3"], input: list)
            #expect(run.status == 1, "none of them is there")
            seen += try run.errorLines.map { line in
                try #require(line.firstMatch(of: /jfk-(\d+)\.wav: no such file/).flatMap { Int($0.1) })
            }
        }
        #expect(seen.sorted() == Array(0..<11))
        #expect(Array(seen.prefix(4)) == [0, 3, 6, 9])
    }

    @Test("writes failures beside the rows, and ends with 1")
    func failures() throws {
        let folder = try TemporaryFolder()
        let output = folder.file("scores.csv")
        let run = try CommandLineRun([
            "predict", "--model", Self.model, Self.speech, "missing.wav", Self.speech, "--window", "5", "-o", output,
        ])
        #expect(run.status == 1)
        #expect(run.errors == "emotion-cli: error: missing.wav: no such file\n")
        let rows = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        #expect(rows.first == "file,start,end,arousal,dominance,valence")
        #expect(
            rows.dropFirst().map { $0.split(separator: ",")[1...2].joined(separator: ",") }
                == Array(
                    repeating: [
                        "0 days 00:00:00,0 days 00:00:05", "0 days 00:00:02.500000,0 days 00:00:07.500000",
                        "0 days 00:00:05,0 days 00:00:10",
                    ], count: 2
                ).flatMap { $0 })
        let errors = try String(contentsOfFile: output + ".errors.csv", encoding: .utf8)
        #expect(errors == "file,start,end,error\nmissing.wav,,,no such file\n")
        #expect(try folder.contents() == ["scores.csv", "scores.csv.errors.csv", "scores.csv.run"])
    }

    @Test("adds means of any layer, as states --pool mean gives them")
    func layers() throws {
        let folder = try TemporaryFolder()
        let (scores, pooled) = (folder.file("scores.npz"), folder.file("pooled.npz"))
        let predict = try CommandLineRun([
            "predict", "--model", Self.model, Self.speech, "--layers", "0,2", "--layers", "last_hidden_state",
            "--outputs", "logits", "-o", scores,
        ])
        #expect(predict.status == 0, "\(predict.errors)")
        let states = try CommandLineRun([
            "states", "--model", Self.model, Self.speech, "--layers", "0,2,last_hidden_state", "--pool", "mean", "-o",
            pooled,
        ])
        #expect(states.status == 0, "\(states.errors)")
        let (given, expected) = (try NPZArchive(contentsOf: scores), try NPZArchive(contentsOf: pooled))
        let names = ["logits", "hidden_states.0", "hidden_states.2", "last_hidden_state", "file", "start", "end"]
        #expect(Set(given.names) == Set(names))
        let layers = try #require(expected.array(named: "layers").float32)
        let width = layers.count / 2
        #expect(try given.array(named: "hidden_states.0").float32 == Array(layers[..<width]))
        #expect(try given.array(named: "hidden_states.2").float32 == Array(layers[width...]))
        #expect(
            try given.array(named: "last_hidden_state").float32 == expected.array(named: "last_hidden_state").float32)
    }

    @Test("draws the scores of a recording over time")
    func chart() throws {
        let folder = try TemporaryFolder()
        let chart = folder.file("scores.svg")
        let drawn = try rows(["--window", "2", Self.speech, "--chart", chart])
        #expect(drawn.count == 10)
        let svg = try String(contentsOfFile: chart, encoding: .utf8)
        for text in ["jfk.wav", "arousal", "dominance", "valence", "time (s)", "amplitude"] {
            #expect(svg.contains(text), "\(text)")
        }
    }

    @Test("pads and cuts")
    func durations() throws {
        let cut = try rows(["--max-duration", "2.5", Self.speech])
        #expect(cut.compactMap { $0["end"] as? Double } == [2.5])
        let padded = try rows(["--min-duration", "12.25", Self.speech])
        #expect(padded.compactMap { $0["end"] as? Double } == [12.25])
        let lastKept = try rows(["--window", "4", "--hop", "4", "--pad-last", Self.speech])
        #expect(lastKept.compactMap { $0["end"] as? Double } == [4, 8, 11])
    }

    @Test(
        "says what is wrong with the options, before any work",
        arguments: [
            (["--hop", "1"], "--hop needs --window"), (["--pad-last"], "--pad-last needs --window"),
            (["--window", "0.01"], "a window of 0.01 s"), (["--window", "1", "--hop", "0"], "a hop of 0.0 s"),
            (["--min-duration", "3", "--max-duration", "2"], "more than the maximum duration"),
            (["--resume"], "--resume needs --output"), (["--chart", "a.svg"], "--window SECONDS"),
            (["--shard", "0/3"], "--shard"), (["--shard", "4/3"], "--shard"), (["--jobs", "0"], "--jobs 0"),
            (["--threads", "-1"], "threads"), (["--layers", "99"], "no hidden state 99"),
            (["--layers", "hidden_states", "--outputs", "hidden_states"], "already among the outputs"),
            (["--times", "hours"], "--times"),
        ])
    func usage(options: [String], message: String) throws {
        let run = try CommandLineRun(["predict", "--model", Self.model, Self.speech] + options)
        expectRefusal(run, containing: message)
    }

    @Test("writes finite numbers, or an error", arguments: [[], ["--layers", "0,1"], ["--failure-rows"]])
    func finite(options: [String]) throws {
        let folder = try TemporaryFolder()
        var samples = (0..<16_000).map { Float($0 % 7) / 10 }
        (samples[100], samples[101]) = (3e38, -3e38)
        try NPYFile.write(try NPYArray(shape: [samples.count], float32: samples), to: folder.file("huge.npy"))
        let output = folder.file("scores.csv")
        let inputs = [folder.file("huge.npy"), Self.speech]
        let run = try CommandLineRun(["predict", "--model", Self.model, "-o", output] + options + inputs)
        #expect(run.status == 1)
        #expect(run.errors.contains("huge.npy: the model gives no number for it"), "\(run.errors)")
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(text.contains(",nan") == options.contains("--failure-rows"))
        #expect(!text.contains(",inf"))
        let states = try CommandLineRun(
            ["states", "-m", Self.model, "--pool", "mean", "-o", folder.file("states.npz")] + inputs)
        #expect(states.status == 1 && states.errors.contains("the model gives no number for it"))
        let archive = try NPZArchive(contentsOf: folder.file("states.npz"))
        #expect(try archive.array(named: "layers").float32?.allSatisfy(\.isFinite) == true)
        #expect(try archive.array(named: "file").strings == [Self.speech])
    }

    @Test("a stream that takes no more is one line")
    func fullDisk() throws {
        let run = try CommandLineRun(
            ["predict", "--model", Self.model, "--window", "0.5", Self.speech], outputPath: "/dev/full")
        expectRefusal(run, containing: "standard output: cannot be written: No space left on device")
    }
}
