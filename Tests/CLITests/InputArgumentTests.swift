import Foundation
import NumPyFiles
import TestSupport
import Testing

/// What inputs become is tested with the module Corpus; here, that the command line hands it all on.
@Suite("Inputs on the command line")
struct InputArgumentTests {
    static let model = Fixtures.model("torch1.10-opset11")

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a", "b"] {
            let path = folder.file("sub/deep/\(name).wav")
            try FileManager.default.createDirectory(
                atPath: folder.file("sub/deep"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: Fixtures.speech("14b01Na.wav"), toPath: path)
        }
    }

    /// The names of the recordings whose states were written.
    private func files(_ arguments: [String], input: String = "", status: Int32 = 0) throws -> [String] {
        let output = folder.file("out.npz")
        let run = try CommandLineRun(
            ["states", "-m", Self.model, "-o", output, "--pool", "mean", "--layers", "0"] + arguments,
            input: Data(input.utf8))
        #expect(run.status == status, "\(run.errors)")
        return try NPZArchive(contentsOf: output).array(named: "file").strings ?? []
    }

    @Test("are folders with all below them")
    func recursive() throws {
        let found = ["a", "b"].map { folder.file("sub/deep/\($0).wav") }
        #expect(try files(["--recursive", folder.file("sub")]) == found)
        #expect(try files(["--recursive", "--glob", "b*", "--glob", "c*", folder.file("sub")]) == [found[1]])
    }

    @Test("are looked for in a root, from a table and from a list on standard input")
    func root() throws {
        let table = try folder.write(
            "file,start,end\ndeep/a.wav,0 days 00:00:01.5,0 days 2 s\ndeep/b.wav,1,NaT\n".utf8, to: "t.csv")
        let root = ["--root", folder.file("sub")]
        #expect(try files(root + ["deep"]) == ["deep/a.wav", "deep/b.wav"])
        #expect(try files(root + [table], status: 1) == ["deep/b.wav"])
        #expect(
            try files(root + ["deep/a.wav", "--files-from", "-"], input: "\ndeep/b.wav\r\n") == [
                "deep/a.wav", "deep/b.wav",
            ])
    }

    @Test(
        "are needed, and have to make sense",
        arguments: [
            [], ["--recursive"], ["--root", "", "a.wav"], ["--files-from", ""], ["--glob", "", "a.wav"],
            ["--glob", "a/*.wav", "a.wav"],
        ])
    func usage(arguments: [String]) throws {
        expectRefusal(try CommandLineRun(["states", "-m", Self.model] + arguments))
    }
}
