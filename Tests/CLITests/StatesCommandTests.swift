import Foundation
import NumPyFiles
import TestSupport
import Testing

@Suite("emotion-cli states")
struct StatesCommandTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private static let speech = Fixtures.speech("14b01Na.wav")
    private static let names =
        (0..<7).map { "feature_extractor.conv_layers.\($0)" } + ["extract_features", "feature_projection"]
        + (0...2).map { "hidden_states.\($0)" } + ["last_hidden_state", "hidden_states", "logits"]
    /// The most that a state of a tiny model may differ from float64; the engine's own tests are stricter.
    private static let tolerance = 2e-5
    /// The same for peaked attention and outlier channels, of the state's size.
    private static let spiky = 1.1e-4

    /// The arrays that a run writes to a file.
    private func arrays(_ arguments: [String], status: Int32 = 0) throws -> NPZArchive {
        let folder = try TemporaryFolder()
        let run = try CommandLineRun(["states", "-o", folder.file("out.npz")] + arguments)
        #expect(run.status == status, "\(run.errors)")
        #expect(run.output.isEmpty)
        // The archive holds the file open; nothing else is left beside it.
        #expect(try folder.contents() == ["out.npz"])
        return try NPZArchive(contentsOf: folder.file("out.npz"))
    }

    @Test("writes the states of the goldens under their names", arguments: Fixtures.modelNames)
    func goldens(name: String) throws {
        let golden = try Golden(named: name)
        let scratch = try TemporaryFolder()
        let samples = try golden.signal(Golden.layerSignal)
        let input = scratch.file("signal.npy")
        try NPYFile.write(try NPYArray(shape: [samples.count], float32: samples), to: input)
        let archive = try arrays(["-m", Fixtures.model(name), input])
        let last = try #require(golden.layerNames.last { $0.hasPrefix("hidden_states.") })
        for layer in golden.layerNames {
            let isNormed = layer == last && name.hasPrefix("torch1.10")
            let array = try archive.array(named: isNormed ? "last_hidden_state" : layer)
            let expected = try golden.layer(layer)
            #expect(array.shape == [1] + expected.shape)
            let values = try #require(array.float32)
            let difference = zip(values, expected.values).map { abs(Double($0) - $1) }.max() ?? .infinity
            let scale = expected.values.map(abs).max() ?? 1
            #expect(difference <= (name.hasSuffix("spiky") ? Self.spiky * scale : Self.tolerance), "\(layer)")
        }
        for output in golden.outputNames { #expect(archive.contains(output)) }
    }

    @Test("writes everything but attention maps of one recording, at the top")
    func everything() throws {
        let archive = try arrays(["-m", Self.model, Self.speech])
        #expect(archive.names == Self.names)
        #expect(try archive.array(named: "feature_extractor.conv_layers.6").shape == [1, 128, 32])
        #expect(try archive.array(named: "hidden_states.0").shape == [1, 128, 64])
        #expect(try archive.array(named: "logits").shape == [1, 3])
        let prediction = try CommandLineRun([
            "-m", Self.model, "--format", "jsonl", "--outputs", "hidden_states", Self.speech,
        ])
        let object = try #require(
            try JSONSerialization.jsonObject(with: prediction.outputBytes) as? [String: Any])
        let embedding = try #require(object["hidden_states"] as? [Double])
        #expect(try archive.array(named: "hidden_states").float32 == embedding.map { Float($0) })
    }

    @Test("writes what is chosen, in forward order, and to standard output")
    func selection() throws {
        let chosen = ["--layers", "2,0", "--stages", "last_hidden_state,extract_features"]
        let run = try CommandLineRun(["states", "-m", Self.model, Self.speech] + chosen)
        #expect(run.status == 0, "\(run.errors)")
        let folder = try TemporaryFolder()
        let archive = try NPZArchive(contentsOf: try folder.write(run.outputBytes, to: "out.npz"))
        #expect(archive.names == ["extract_features", "hidden_states.0", "hidden_states.2", "last_hidden_state"])
    }

    @Test("writes the attention maps of the layers chosen, whose rows sum to 1")
    func attention() throws {
        let all = try arrays(["-m", Self.model, Self.speech, "--attention"])
        #expect(all.names == Self.names + ["attentions", "attention_layers"])
        let maps = try all.array(named: "attentions")
        #expect(maps.shape == [2, 4, 128, 128])
        #expect(try all.array(named: "attention_layers").elements == .int64([1, 2]))
        let values = try #require(maps.float32)
        for row in stride(from: 0, to: values.count, by: 128) {
            #expect(abs(values[row..<row + 128].reduce(0) { $0 + Double($1) } - 1) <= 1e-6)
        }
        let second = try arrays(["-m", Self.model, Self.speech, "--attention", "--layers", "0,2", "--threads", "3"])
        #expect(second.names == ["hidden_states.0", "hidden_states.2", "attentions", "attention_layers"])
        #expect(try second.array(named: "attention_layers").elements == .int64([2]))
        #expect(try second.array(named: "attentions").float32 == Array(values[(values.count / 2)...]))
    }

    @Test("writes several recordings under names of their own, and which they are; and continues past failures")
    func several() throws {
        let scratch = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Fixtures.speech("jfk.wav"), toPath: scratch.file("jfk.wav"))
        let table = "file,start,end\njfk.wav,1.5,3\njfk.wav,1.5,3\nmissing.wav,,\njfk.wav,2.25,\n"
        try table.write(toFile: scratch.file("table.csv"), atomically: true, encoding: .utf8)
        let archive = try arrays(
            ["-m", Self.model, "--layers", "1", Self.speech, scratch.file("table.csv"), Self.speech], status: 1)
        let names = ["14b01Na.wav", "jfk.wav@1.5-3.0", "jfk.wav@1.5-3.0#2", "jfk.wav@2.25-11.0", "14b01Na.wav#2"]
        #expect(archive.names == names.map { "\($0)/hidden_states.1" } + ["name", "file", "start", "end"])
        #expect(try archive.array(named: "name").strings == names)
        #expect(
            try archive.array(named: "file").strings == [Self.speech, "jfk.wav", "jfk.wav", "jfk.wav", Self.speech])
        #expect(try archive.array(named: "start").float64?[1...] == [1.5, 1.5, 2.25, 0])
        #expect(try archive.array(named: "end").float64?[1...3] == [3, 3, 11])
        #expect(try archive.array(named: "\(names[1])/hidden_states.1").shape == [1, 74, 64])
        let pair = try names[1...2].map { try archive.array(named: "\($0)/hidden_states.1") }
        #expect(pair[0] == pair[1])
    }

    @Test("pools many recordings into one array of layers")
    func pooled() throws {
        let folder = (Self.speech as NSString).deletingLastPathComponent
        let archive = try arrays(["-m", Self.model, "--pool", "mean", folder, "/nonexistent.wav"], status: 1)
        let outputs = ["last_hidden_state", "hidden_states", "logits"]
        #expect(archive.names == ["layers"] + outputs + ["layer", "file", "start", "end"])
        let layers = try archive.array(named: "layers")
        #expect(layers.shape == [4, 3, 64])
        #expect(try archive.array(named: "layer").elements == .int64([0, 1, 2]))
        #expect(try archive.array(named: "last_hidden_state") == (try archive.array(named: "hidden_states")))
        #expect(try archive.array(named: "file").strings?.count == 4)

        // The first recording's first layer, averaged here.
        let state = try arrays(["-m", Self.model, "--layers", "1", Self.speech]).array(named: "hidden_states.1")
        let values = try #require(state.float32)
        let means = (0..<64).map { channel in
            Float((0..<128).reduce(0.0) { $0 + Double(values[$1 * 64 + channel]) } / 128)
        }
        #expect(layers.float32?[64..<128] == means[...])

        let chosen = try arrays([
            "-m", Self.model, "--pool", "mean", "--layers", "2,0", "--layers", "extract_features", Self.speech,
        ])
        #expect(chosen.names == ["extract_features", "layers", "layer", "file", "start", "end"])
        #expect(try chosen.array(named: "extract_features").shape == [1, 32])
        #expect(try chosen.array(named: "layers").shape == [1, 2, 64])
        #expect(try chosen.array(named: "layers").float32?[..<64] == layers.float32?[..<64])
    }

    @Test("writes nothing where every input fails, and leaves an older file alone")
    func failures() throws {
        let folder = try TemporaryFolder()
        let short = folder.file("short.npy")
        try NPYFile.write(try NPYArray(shape: [399], float32: [Float](repeating: 0, count: 399)), to: short)
        let output = try folder.write([1, 2, 3], to: "out.npz")
        let run = try CommandLineRun(["states", "-m", Self.model, "-o", output, short, "/nonexistent.wav", "--force"])
        #expect(run.status == 1)
        #expect(run.errorLines.count == 2)
        #expect(run.errorLines[0].hasPrefix("emotion-cli: error: \(short): ") && run.errorLines[0].contains("400"))
        #expect(try Data(contentsOf: URL(filePath: output)) == Data([1, 2, 3]))
        #expect(try folder.contents() == ["out.npz", "short.npy"])
    }

    @Test("refuses attention maps that don't fit into memory, says how large they are, and writes the rest")
    func memory() throws {
        let folder = try TemporaryFolder()
        let long = folder.file("long.npy")
        // Half an hour: 89,999 frames, so two layers of four heads are 259 GB.
        try NPYFile.write(
            try NPYArray(shape: [28_800_000], float32: [Float](repeating: 0.01, count: 28_800_000)), to: long)
        let output = folder.file("out.npz")
        let run = try CommandLineRun(
            ["states", "-m", Self.model, "-o", output, "--attention", "--layers", "1-2", long, Self.speech])
        #expect(run.status == 1)
        #expect(run.errorLines.count == 1)
        #expect(run.errors.hasPrefix("emotion-cli: error: \(long): the states would take "))
        #expect(run.errors.contains("259.2 GB of it attention maps") && run.errors.contains("--layers"))
        let archive = try NPZArchive(contentsOf: output)
        #expect(archive.contains("14b01Na.wav/attentions") && !archive.contains("long.npy/attentions"))
    }

    @Test(
        "refuses what it can't do with one line, and exits with 2",
        arguments: [
            ["--layers", "3"], ["--layers", "x"], ["--stages", ""], ["--layers", "1-"], ["--pool", "max"],
            ["--attention", "--pool", "mean"], ["--attention", "--layers", "0"],
            ["--attention", "--stages", "last_hidden_state"], ["--channel", "0"],
            ["-o", "/nonexistent/out.npz"], ["-o", "/dev/full"], ["-m", "/nonexistent"],
        ])
    func usage(arguments: [String]) throws {
        let model = arguments.contains("-m") ? [] : ["-m", Self.model]
        let run = try CommandLineRun(["states", Self.speech] + model + arguments)
        expectRefusal(run)
    }
}
