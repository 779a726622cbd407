import BLAS
import Foundation
import Kernels
import NumPyFiles
import TestSupport
import Testing

@Suite("emotion-cli predict")
struct PredictTests {
    static let model = Fixtures.model("torch1.10-opset11")
    /// float32 rounding through the whole of a tiny model; the engine's own tests are stricter.
    static let tolerance = 1e-5

    @Test("writes every golden signal's outputs as arrays", arguments: Fixtures.modelNames)
    func goldens(name: String) throws {
        let golden = try Golden(named: name)
        let scratch = try TemporaryFolder()
        for signal in golden.signals {
            let (input, output) = (scratch.file("signal.npy"), scratch.file("out.npz"))
            let samples = try golden.signal(signal)
            try NPYFile.write(try NPYArray(shape: [samples.count], float32: samples), to: input)
            let run = try CommandLineRun([
                "predict", "--model", Fixtures.model(name), "--outputs", golden.outputNames.joined(separator: ","),
                "--format", "npz", "--output", output, input,
            ])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.isEmpty)
            let archive = try NPZArchive(contentsOf: output)
            #expect(Set(archive.names) == Set(golden.outputNames + ["file", "start", "end"]))
            for outputName in golden.outputNames {
                let array = try archive.array(named: outputName)
                let values = try #require(array.float32)
                let expected = try golden.output(outputName, signal: signal)
                #expect(array.shape == [1, expected.count])
                let difference = zip(values, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
                let spiky = name.hasSuffix("spiky") ? 10.0 : 1
                #expect(difference <= Self.tolerance * spiky, "\(signal) \(outputName)")
            }
        }
    }

    @Test("is as exact on every instruction set, with tiles and with OpenBLAS", arguments: Backend.all)
    func backends(backend: Backend) throws {
        let options = ["--instructions", backend.instructions.rawValue, "--gemm", backend.products.rawValue]
        let instructions = backend.instructions.description
        try expectExact(
            options, backend: backend.products == .tiles ? ["\(instructions) tiles"] : ["OpenBLAS", instructions])
    }

    /// OpenBLAS's kernels for the instructions that this CPU has.
    static let openBLASCores: [String] =
        KernelSet.available.contains(.neon)
        ? ["ARMV8"]
        : ["Prescott", "Nehalem"] + (KernelSet.available.contains(.avx2) ? ["Haswell"] : [])
            + (KernelSet.available.contains(.avx512) ? ["SkylakeX"] : [])

    @Test("is as exact with every kernel of OpenBLAS", arguments: openBLASCores)
    func openBLAS(core: String) throws {
        try expectExact(
            ["--gemm", "openblas"], environment: ["OPENBLAS_CORETYPE": core], backend: ["OpenBLAS \(core)"])
    }

    /// Runs the models with these options, after it has looked that they are heeded.
    private func expectExact(
        _ options: [String], environment: [String: String] = [:], backend: [String]
    ) throws {
        let bench = try CommandLineRun(
            ["bench", "-m", Self.model, "--seconds", "0.1", "--runs", "1", "--json"] + options,
            environment: environment)
        for name in backend { #expect(bench.output.contains(name), "\(bench.output) \(bench.errors)") }
        for name in Fixtures.modelNames where !name.hasSuffix("spiky") {
            let golden = try Golden(named: name)
            let run = try CommandLineRun(
                [
                    "-m", Fixtures.model(name), "--format", "csv", "--outputs", "hidden_states",
                    Fixtures.speech("jfk.wav"),
                ] + options, environment: environment)
            let row = try #require(run.output.split(separator: "\n").last, "\(run.errors)")
            let values = row.split(separator: ",").dropFirst(3).compactMap { Double($0) }
            let expected = try golden.output("hidden_states", signal: "wav_jfk.wav")
            #expect(values.count == expected.count)
            let difference = zip(values, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= Self.tolerance, "\(name)")
        }
    }

    @Test("refuses instructions that aren't there, and says which are", arguments: ["predict", "bench"])
    func unsupportedInstructions(command: String) throws {
        let missing = try #require(InstructionSet.allCases.first { !KernelSet.available.contains($0) })
        let input = command == "predict" ? [Fixtures.speech("14b01Na.wav")] : []
        let run = try CommandLineRun([command, "-m", Self.model, "--instructions", missing.rawValue] + input)
        expectRefusal(run)
        for instructions in KernelSet.available { #expect(run.errors.contains(instructions.rawValue)) }
    }

    @Test("refuses tiles where there are none", .enabled(if: KernelSet.available.contains(.baseline)))
    func noTiles() throws {
        let run = try CommandLineRun([
            "-m", Self.model, "--instructions", "baseline", "--gemm", "tiles", Fixtures.speech("14b01Na.wav"),
        ])
        expectRefusal(run, containing: "OpenBLAS")
    }

    @Test("prints the same with any number of threads, with tiles", .enabled(if: !Backend.tiles.isEmpty))
    func threads() throws {
        let arguments = ["-m", Self.model, "--format", "csv", "--outputs", "hidden_states,logits"]
        let single = try CommandLineRun(arguments + ["--threads", "1", Fixtures.speech("jfk.wav")])
        #expect(single.status == 0)
        for threads in ["2", "3", "16"] {
            let run = try CommandLineRun(arguments + ["--threads", threads, Fixtures.speech("jfk.wav")])
            #expect(run.output == single.output, "\(threads) threads")
        }
    }

    @Test("prints JSON objects with file, start, end and the scores by name")
    func json() throws {
        let speech = [Fixtures.speech("14b01Na.wav"), Fixtures.speech("jfk.wav")]
        let run = try CommandLineRun(["predict", "--model", Self.model, "--format", "json"] + speech)
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        let rows = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [[String: Any]])
        #expect(rows.map { $0["file"] as? String } == speech)
        #expect(rows.allSatisfy { Set($0.keys) == ["file", "start", "end", "arousal", "dominance", "valence"] })
        #expect(rows[1]["start"] as? Double == 0)
        #expect(rows[1]["end"] as? Double == 11)

        let golden = try Golden(named: "torch1.10-opset11")
        let expected = try golden.output("logits", signal: "wav_jfk.wav")
        for (label, value) in zip(["arousal", "dominance", "valence"], expected) {
            let score = try #require(rows[1][label] as? Double)
            #expect(abs(score - value) <= Self.tolerance)
        }
    }

    @Test("is the default subcommand, and says the same in every format")
    func formats() throws {
        let speech = Fixtures.speech("14b01Na.wav")
        let lines = try CommandLineRun(["-m", Self.model, "--format", "jsonl", speech])
        let object = try #require(
            try JSONSerialization.jsonObject(with: lines.outputBytes) as? [String: Any])
        let table = try CommandLineRun(["-m", Self.model, "--format", "csv", speech])
        let rows = table.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(rows[0] == ["file", "start", "end", "arousal", "dominance", "valence"])
        #expect(rows.count == 2)
        #expect(Double(rows[1][3]) == object["arousal"] as? Double)
        let text = try CommandLineRun(["-m", Self.model, speech])
        let arousal = try #require(object["arousal"] as? Double)
        #expect(text.output.contains("arousal \(String(format: "%.4f", arousal))"))
        #expect([lines, table, text].allSatisfy { $0.status == 0 && $0.errors.isEmpty })
    }

    @Test("gives embeddings as a list in JSON and as columns in CSV")
    func embeddings() throws {
        let arguments = ["-m", Self.model, "--outputs", "hidden_states,logits", Fixtures.speech("14b01Na.wav")]
        let json = try CommandLineRun(arguments + ["--format", "jsonl"])
        let object = try #require(try JSONSerialization.jsonObject(with: json.outputBytes) as? [String: Any])
        let embedding = try #require(object["hidden_states"] as? [Double])
        #expect(embedding.count == 64)
        let table = try CommandLineRun(arguments + ["--format", "csv"])
        let rows = table.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(rows[0].count == 3 + 64 + 3)
        #expect(rows[0][3] == "hidden_states-0")
        #expect(rows[1][3..<67].compactMap(Double.init) == embedding)
    }

    @Test("reads standard input, folders and tables")
    func inputs() throws {
        let speech = Fixtures.speech("jfk.wav")
        let piped = try CommandLineRun(
            ["-m", Self.model, "--format", "csv", "-"], input: try Data(contentsOf: URL(filePath: speech)))
        let direct = try CommandLineRun(["-m", Self.model, "--format", "csv", speech])
        #expect(piped.status == 0)
        #expect(piped.output.replacingOccurrences(of: "\n-,", with: "\n\(speech),") == direct.output)

        let folder = URL(filePath: speech).deletingLastPathComponent().path(percentEncoded: false)
        let all = try CommandLineRun(["-m", Self.model, "--format", "csv", folder])
        let files = all.output.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
        #expect(
            files.map { ($0 as NSString).lastPathComponent } == [
                "14b01Na.wav", "19demarzo_0073.wav", "LJ002-0146.wav", "jfk.wav",
            ])

        let scratch = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: speech, toPath: scratch.file("a, b.wav"))
        let table = "file,start,end\n\"a, b.wav\",1.5,3\n\"a, b.wav\",0 days 00:00:02.250000,NaT\n\"a, b.wav\",,\n"
        try table.write(toFile: scratch.file("table.csv"), atomically: true, encoding: .utf8)
        let segments = try CommandLineRun(["-m", Self.model, "--format", "csv", scratch.file("table.csv")])
        #expect(segments.status == 0, "\(segments.errors)")
        let rows = segments.output.split(separator: "\n").map(String.init)
        #expect(rows[1].hasPrefix("\"a, b.wav\",0 days 00:00:01.500000,0 days 00:00:03,"))
        #expect(rows[2].hasPrefix("\"a, b.wav\",0 days 00:00:02.250000,0 days 00:00:11,"))
        #expect(
            rows[3].dropFirst("\"a, b.wav\"".count) == direct.output.split(separator: "\n")[1].dropFirst(speech.count))
    }

    @Test("continues past inputs that fail, each with one line, and exits with 1")
    func failures() throws {
        let scratch = try TemporaryFolder()
        try scratch.write([], to: "empty.wav")
        try scratch.write("not audio at all".utf8, to: "text.wav")
        try NPYFile.write(
            try NPYArray(shape: [399], float32: [Float](repeating: 0, count: 399)), to: scratch.file("short.npy"))
        try NPYFile.write(
            try NPYArray(shape: [400], float32: [Float](repeating: .nan, count: 400)), to: scratch.file("nan.npy"))
        try "a,b\n1,2\n".write(toFile: scratch.file("table.csv"), atomically: true, encoding: .utf8)
        let bad = ["missing.wav", "empty.wav", "text.wav", "short.npy", "nan.npy", "table.csv"].map(scratch.file)
        let run = try CommandLineRun(
            ["-m", Self.model, "--format", "csv"] + bad + [Fixtures.speech("14b01Na.wav")])
        #expect(run.status == 1)
        #expect(run.output.split(separator: "\n").count == 2)
        #expect(run.errorLines.count == bad.count)
        for (line, file) in zip(run.errorLines, bad) { #expect(line.hasPrefix("emotion-cli: error: \(file): ")) }
        #expect(run.errorLines[3].contains("400"))
    }

    @Test(
        "refuses what it can't do with one line, and exits with 2",
        arguments: [
            ["--outputs", "nothing"], ["--format", "xml"], ["--threads", "0"], ["--channel", "0"], ["--no-such-option"],
            ["--instructions", "mmx"], ["--gemm", "none"],
        ])
    func usage(arguments: [String]) throws {
        let run = try CommandLineRun(["predict", "-m", Self.model, Fixtures.speech("14b01Na.wav")] + arguments)
        expectRefusal(run)
    }

    @Test("says which model is missing or not understood, and exits with 2")
    func models() throws {
        let scratch = try TemporaryFolder()
        let speech = Fixtures.speech("14b01Na.wav")
        try scratch.write("<html>".utf8, to: "page.onnx")
        try scratch.write(try Data(contentsOf: URL(filePath: Self.model)).prefix(100_000), to: "cut.onnx")
        for model in ["none.onnx", "page.onnx", "cut.onnx", "."] {
            let run = try CommandLineRun(["-m", scratch.file(model), speech])
            expectRefusal(run, containing: scratch.path)
        }
        let without = try CommandLineRun([speech])
        #expect(without.status == 2)
        #expect(without.errors.contains("EMOTION_MODEL"))
        let named = try CommandLineRun([speech], environment: ["EMOTION_MODEL": Self.model])
        #expect(named.status == 0)
        let inDataFolder = try TemporaryFolder()
        let folder = URL(filePath: inDataFolder.file("emotion-cli/model"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Self.model, toPath: folder.appending(path: "model.onnx").path)
        let found = try CommandLineRun([speech], environment: ["XDG_DATA_HOME": inDataFolder.path])
        #expect(found.output == named.output)
    }

    @Test("says that the disk is full, and exits with 2", arguments: ["text", "csv", "json", "npz"])
    func fullDisk(format: String) throws {
        let run = try CommandLineRun(
            ["-m", Self.model, "--format", format, Fixtures.speech("14b01Na.wav")], outputPath: "/dev/full")
        expectRefusal(run, containing: "emotion-cli: error: standard output: ")
    }
}
