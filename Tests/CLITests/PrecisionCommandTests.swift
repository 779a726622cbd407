import Foundation
import NumPyFiles
import TestSupport
import Testing

@Suite("--precision")
struct PrecisionCommandTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private static let speech = Fixtures.speech("14b01Na.wav")
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let request = Data(#"{"file": "\#(speech)"}"#.utf8)

    /// Every command that computes, as it is run for a moment, and what it reads on standard input.
    private static let commands: [String: (arguments: [String], input: Data)] = [
        "predict": ([speech], Data()),
        "bench": (["--seconds", "0.1", "--threads", "1", "--runs", "1"], Data()),
        "profile": (["--seconds", "0.1", "--threads", "1", "--repeats", "1"], Data()),
        "states": ([speech, "--pool", "mean", "--output", "-"], Data()),
        "worker": ([], request),
    ]

    private func run(_ command: String, _ model: String, _ options: [String]) throws -> CommandLineRun {
        let (arguments, input) = try #require(Self.commands[command])
        return try CommandLineRun([command, "--model", model] + options + arguments, input: input)
    }

    private func pack(_ precision: String) throws -> String {
        let packed = folder.file("\(precision).packed")
        let run = try CommandLineRun(["convert", Self.model, packed, "--precision", precision])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "emotion-cli: notice: \(packed): wrote a packed model in \(precision)\n")
        return packed
    }

    @Test("is taken by every command that computes", arguments: commands.keys.sorted(), ["int16", "int8"])
    func computes(command: String, precision: String) throws {
        let run = try run(command, Self.model, ["--precision", precision])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(!run.outputBytes.isEmpty)
    }

    @Test(
        "gives a packed model's numbers, and refuses another precision of it in one line",
        arguments: commands.keys.sorted())
    func packed(command: String) throws {
        let packed = try pack("int8")
        for options in [[], ["--precision", "int8"]] {
            let run = try run(command, packed, options)
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        }
        for other in ["float32", "int16"] {
            expectRefusal(
                try run(command, packed, ["--precision", other]),
                containing: "emotion-cli: error: \(packed): is packed in int8, and \(other) was asked for: convert the "
                    + "model it was made from with --precision \(other)\n")
        }
    }

    @Test("is not an option of commands that don't compute")
    func others() throws {
        for arguments in [["inspect", Self.model], ["standin", folder.file("model")]] {
            expectRefusal(try CommandLineRun(arguments + ["--precision", "int8"]), containing: "--precision")
        }
        #expect(try folder.contents().isEmpty)
    }

    @Test("of another name is refused in one line", arguments: ["predict", "convert"])
    func unknown(command: String) throws {
        let arguments = command == "convert" ? [Self.model, folder.file("out")] : ["-m", Self.model, Self.speech]
        expectRefusal(
            try CommandLineRun([command] + arguments + ["--precision", "int4"]), containing: "int4", "--precision")
    }

    @Test("of whole numbers needs tiles")
    func openBLAS() throws {
        let run = try CommandLineRun(["-m", Self.model, "--precision", "int8", "--gemm", "openblas", Self.speech])
        expectRefusal(run, containing: "can't be multiplied by OpenBLAS")
    }

    /// What scores of the export differ by at most from float32's: twice the most that was found over thirteen signals.
    private static let mostDifference = ["int16": 4e-4, "int8": 2.5e-2]

    @Test("moves scores a little, the same whether the model is packed or not", arguments: ["int16", "int8"])
    func scores(precision: String) throws {
        func scores(_ arguments: [String]) throws -> [Double] {
            let run = try CommandLineRun(["predict", "--format", "jsonl", Self.speech] + arguments)
            let row = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
            return try ["arousal", "dominance", "valence"].map { try #require(row[$0] as? Double) }
        }
        let exact = try scores(["-m", Self.model])
        let whole = try scores(["-m", Self.model, "--precision", precision])
        #expect(try scores(["-m", pack(precision)]) == whole)
        let difference = largestDifference(whole, exact)
        let most = try #require(Self.mostDifference[precision])
        #expect(difference > 0 && difference <= most, "\(difference)")
    }

    // MARK: Who says it

    @Test("inspect says how a packed model is stored", arguments: ["float32", "int16", "int8"])
    func inspect(precision: String) throws {
        let packed = try pack(precision)
        let text = try CommandLineRun(["inspect", packed])
        #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
        #expect(text.output.hasPrefix("\(packed): a packed model in \(precision), "))
        let line = try #require(text.output.split(separator: "\n").first { $0.hasPrefix("precision ") })
        #expect(line.contains(" \(precision): ") && line.contains(" in float32 with "))
        #expect(line.contains(" in int16 with ") == (precision != "float32"))
        #expect(line.contains(" in int8 with ") == (precision == "int8"))

        let json = try CommandLineRun(["inspect", packed, "--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: json.outputBytes) as? [String: Any])
        #expect(object["precision"] as? String == precision)
        let formats = try #require(object["formats"] as? [[String: Any]])
        let blocks = try #require(object["blocks"] as? [[String: Any]])
        for (key, whole) in [
            ("blocks", blocks.count), ("bytes", blocks.reduce(0) { $0 + ($1["byteCount"] as? Int ?? 0) }),
        ] {
            #expect(formats.reduce(0) { $0 + ($1[key] as? Int ?? 0) } == whole && whole > 0, "\(key)")
        }
        let names = Set(formats.compactMap { $0["format"] as? String })
        let expected: [String: Set] = ["float32": ["float32"], "int16": ["float32", "int16"]]
        #expect(names == expected[precision] ?? ["float32", "int16", "int8"])
    }

    @Test("bench says it, and compares with the peak of those numbers", arguments: ["float32", "int16", "int8"])
    func bench(precision: String) throws {
        let text = try run("bench", Self.model, ["--precision", precision])
        let lines = text.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[1].hasPrefix("backend  ") && lines[1].hasSuffix(", \(precision)"))
        let json = try run("bench", Self.model, ["--precision", precision, "--json"])
        let cell = try #require(try JSONSerialization.jsonObject(with: json.outputBytes) as? [String: Any])
        #expect(cell["precision"] as? String == precision)
        for name in ["gflops", "peak_gflops", "peak_share"] {
            #expect(try #require(cell[name] as? Double, "\(name)") > 0)
        }
    }

    @Test(
        "profile says it, with a peak for each kind of number, and reads its own file", arguments: ["float32", "int8"])
    func profile(precision: String) throws {
        let text = try run("profile", Self.model, ["--precision", precision])
        let lines = text.output.split(separator: "\n").map(String.init)
        #expect(lines[2].hasPrefix("backend  ") && lines[2].contains(", \(precision), 1 thread"))
        for kind in ["float32", "int16", "int8"] {
            #expect(lines[3].contains(" in \(kind)") == (precision == "int8"), "\(lines[3])")
        }

        let json = try run("profile", Self.model, ["--precision", precision, "--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: json.outputBytes) as? [String: Any])
        #expect(object["precision"] as? String == precision)
        let peaks = object["integer_peaks_flop_per_second"] as? [String: Double]
        let network = try #require(object["network"] as? [String: Any])
        let operations = network["integer_flop"] as? [String: Int]
        if precision == "float32" {
            #expect(peaks == nil && operations == nil)
        } else {
            #expect(
                peaks.map { Set($0.keys) } == ["int16", "int8"] && operations.map { Set($0.keys) } == ["int16", "int8"])
            // The encoder's linear layers, and the convolutions but for the first, are nearly all of it.
            let whole = try #require(network["flop"] as? Int)
            let share = Double(operations?.values.reduce(0, +) ?? 0) / Double(whole)
            #expect((0.5...1).contains(share), "\(share)")
        }

        let path = try folder.write(Array(json.outputBytes), to: "before.json")
        let compared = try run("profile", Self.model, ["--precision", precision, "--compare", path])
        #expect(compared.status == 0, "\(compared.errors)")
        #expect(compared.output.split(separator: "\n").prefix(2).allSatisfy { $0.contains(", \(precision), 1 thread") })
        let chart = folder.file("profile.svg")
        #expect(try run("profile", Self.model, ["--precision", precision, "--chart", chart]).status == 0)
        let picture = try String(contentsOfFile: chart, encoding: .utf8)
        #expect(picture.contains(precision) && picture.contains("% of the peak"))
    }

    // MARK: Tables

    @Test(
        "of a table's rows is never mixed",
        arguments: [("--resume", "float32"), ("--retry", "float32"), ("--resume", "int8")])
    func tables(option: String, first: String) throws {
        let output = folder.file("out.csv")
        let inputs = [Self.speech, folder.file("missing.wav")]
        let command = ["predict", "-m", Self.model, "--quiet", "-o", output] + inputs
        #expect(try CommandLineRun(command + ["--precision", first]).status == 1)
        let before = try Data(contentsOf: URL(filePath: output))
        #expect(try String(contentsOfFile: output + ".run", encoding: .utf8).contains(first))
        let other = first == "int8" ? "int16" : "int8"
        expectRefusal(
            try CommandLineRun(command + [option, "--precision", other]),
            containing:
                "emotion-cli: error: \(output): this file belongs to a run with other settings: the precision was "
                + "\(first), now \(other); repeat those to resume it, or discard it with --restart\n")
        // A packed model of the same precision is another model, of another one both.
        let packed = ["predict", "-m", try pack(other), "--quiet", "-o", output, option] + inputs
        expectRefusal(
            try CommandLineRun(packed), containing: "the precision was \(first), now \(other); the model was ")
        #expect(try Data(contentsOf: URL(filePath: output)) == before)
        let same = try CommandLineRun(command + [option, "--precision", first])
        #expect(same.status == 1, "\(same.errors)")
    }
}
