import Foundation
import TestSupport
import Testing

@Suite("Pictures")
struct PictureTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private static let speech = Fixtures.speech("14b01Na.wav")

    /// The text of the picture that a command writes.
    private func picture(_ arguments: [String], option: String) throws -> String {
        let folder = try TemporaryFolder()
        let run = try CommandLineRun(arguments + [option, folder.file("picture.svg")])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try folder.contents() == ["picture.svg"])
        return try String(contentsOfFile: folder.file("picture.svg"), encoding: .utf8)
    }

    @Test("of an architecture has its stages and shapes")
    func architecture() throws {
        let svg = try picture(["inspect", Self.model], option: "--chart")
        #expect(svg.hasPrefix("<?xml") || svg.hasPrefix("<svg"))
        for text in ["conv layer 6", "2 × encoder layer", "[49, 64]", "[3199, 32]", "head: logits"] {
            #expect(svg.contains(text) || svg.contains(text.replacing("3199", with: "3,199")), "\(text)")
        }
    }

    @Test("of a profile has each layer")
    func profile() throws {
        let svg = try picture(
            ["profile", "-m", Self.model, "--seconds", "0.5", "--repeats", "1"], option: "--chart")
        for text in [
            "conv layer 0", "conv layer 6", "feature projection", "encoder layer 1", "softmax", "FLOP/byte", "ms",
        ] {
            #expect(svg.contains(text), "\(text)")
        }
        #expect(!svg.contains("feature extractor"))
    }

    @Test("of attention has a map for each head, and nothing else is written")
    func attention() throws {
        let svg = try picture(
            ["states", "-m", Self.model, Self.speech, "--layers", "2"], option: "--attention-chart")
        #expect(svg.contains("encoder layer 2"))
        #expect(svg.contains(">head 4<") && !svg.contains(">head 5<"))
    }

    @Test("of attention leave the arrays as they are")
    func attentionAndArrays() throws {
        let folder = try TemporaryFolder()
        let arguments = ["states", "-m", Self.model, Self.speech, "--layers", "2", "-o"]
        #expect(try CommandLineRun(arguments + [folder.file("alone.npz")]).status == 0)
        let run = try CommandLineRun(
            arguments + [folder.file("both.npz"), "--attention-chart", folder.file("chart.svg")])
        #expect(run.status == 0, "\(run.errors)")
        let files = ["alone.npz", "both.npz"].map { URL(filePath: folder.file($0)) }
        #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
    }

    @Test("name the file that can't be written")
    func unwritable() throws {
        let path = "/nonexistent/chart.svg"
        let run = try CommandLineRun(["inspect", Self.model, "--chart", path])
        #expect(run.status == 2)
        #expect(run.errors == "emotion-cli: error: \(path): No such file or directory\n")
    }

    @Test("name the file that can't be written, before any work")
    func unwritableBefore() throws {
        let folder = try TemporaryFolder()
        let path = "/nonexistent/chart.svg"
        let (window, model) = (["--window", "1"], ["-m", Self.model, Self.speech])
        for command in [
            ["predict"] + model + window + ["--chart", path], ["profile"] + model + ["--chart", path],
            ["states"] + model + ["--layers", "2", "-o", "s.npz", "--attention-chart", path],
            ["inspect", Self.model, "--chart", path],
        ] {
            let run = try CommandLineRun(command, folder: URL(filePath: folder.path))
            expectRefusal(run, containing: "emotion-cli: error: \(path): No such file or directory")
        }
        #expect(try folder.contents().isEmpty)
    }

    @Test("replace only pictures, whichever command drew them")
    func older() throws {
        let folder = try TemporaryFolder()
        for name in ["chart.svg", "chart.png"] {
            let inspect = ["inspect", Self.model, "--chart", folder.file(name)]
            let first = try CommandLineRun(inspect)
            if first.errors.contains("librsvg") { continue }
            #expect(first.status == 0, "\(first.errors)")
            let drawn = try Data(contentsOf: URL(filePath: folder.file(name)))
            #expect(try CommandLineRun(inspect).status == 0)
            #expect(try Data(contentsOf: URL(filePath: folder.file(name))) == drawn)
            try folder.write("<?xml version=\"1.0\"?>\n<svg/>".utf8, to: name)
            expectRefusal(
                try CommandLineRun(inspect), containing: "already exists and is not a picture",
                "replace it with --force")
            #expect(try CommandLineRun(inspect + ["--force"]).status == 0)
            #expect(try Data(contentsOf: URL(filePath: folder.file(name))) == drawn)
        }
    }

    @Test(
        "are refused before any work",
        arguments: [
            (["inspect", model, "--chart", "x.gif"], "x.gif: a picture is written as .svg or .png"),
            (["states", "-m", model, speech, speech, "--layers", "1", "--attention-chart", "x.svg"], "one recording"),
            (["states", "-m", model, speech, "--attention-chart", "x.svg"], "one encoder layer"),
            (["states", "-m", model, speech, "--layers", "0", "--attention-chart", "x.svg"], "no encoder layer"),
            (["states", "-m", model, speech, "--pool", "mean", "--attention-chart", "x.svg"], "leave out one"),
        ])
    func refused(arguments: [String], reason: String) throws {
        let folder = try TemporaryFolder()
        let run = try CommandLineRun(arguments, folder: URL(filePath: folder.path))
        expectRefusal(run, containing: reason)
        #expect(try folder.contents().isEmpty)
    }
}
