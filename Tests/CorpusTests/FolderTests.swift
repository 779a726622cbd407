import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite("Folders")
struct FolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func names(recursive: Bool = false, globs: [String] = []) -> [String] {
        var options = InputOptions()
        options.isRecursive = recursive
        options.globs = globs
        return folder.relative(RecordingList(inputs: [folder.path], options: options).recordings.map(\.name))
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: target)
    }

    @Test("give their audio files by name, and nothing that is hidden or below them")
    func flat() throws {
        try folder.make([
            "b.wav", "a.FLAC", "ü.ogg", "B.wav", "10.wav", "9.wav", "notes.txt", "wav", ".hidden.wav", "._b.wav",
            "table.csv",
            "sub/c.wav", "trap.wav/d.wav", "line\nbreak.wav", "space .wav",
        ])
        #expect(names() == ["10.wav", "9.wav", "B.wav", "a.FLAC", "b.wav", "line\nbreak.wav", "space .wav", "ü.ogg"])
    }

    @Test("give every audio file, also those that only ffmpeg reads")
    func audio() throws {
        let names = [
            "a.wave", "b.SPH", "c.nist", "d.voc", "e.mp2", "f.rf64", "g.m4a", "h.MP4", "i.webm", "j.wma", "k.amr",
            "l.aac", "m.spx", "n.ape", "o.wv", "p.mkv", "q.3gp", "r.raw",
        ]
        try folder.make(names + ["s.txt", "t.json", "u.TextGrid", "v.png", ".w.m4a"])
        #expect(self.names() == names)
    }

    @Test("give all files below them, each folder's where its name stands")
    func recursive() throws {
        try folder.make([
            "b.wav", "a/z.wav", "a/y/x.wav", "a/y.wav", "c/.d/e.wav", ".git/f.wav", "c/d/e/f/g.wav", "empty/readme.txt",
        ])
        #expect(names(recursive: true) == ["a/y/x.wav", "a/y.wav", "a/z.wav", "b.wav", "c/d/e/f/g.wav"])
    }

    @Test(
        "give the files that match a pattern",
        arguments: [
            (["*.wav"], ["a1.wav", "a2.wav", "über.wav"]), (["*"], ["A3.WAV", "a1.wav", "a2.wav", "data", "über.wav"]),
            (["a?.wav"], ["a1.wav", "a2.wav"]), (["?ber.*"], ["über.wav"]), (["[äöü]ber.wav"], ["über.wav"]),
            (["[aA][!1]*"], ["A3.WAV", "a2.wav"]), (["a1*", "*2*", "a*"], ["a1.wav", "a2.wav"]), (["data"], ["data"]),
            ([".*.wav"], [".a4.wav"]), (["a1.wa"], []), (["[a"], []),
        ])
    func globs(patterns: [String], files: [String]) throws {
        try folder.make(["a1.wav", "a2.wav", "A3.WAV", ".a4.wav", "data", "über.wav", "sub/a1.txt"])
        #expect(names(globs: patterns) == files)
    }

    @Test("match patterns below them too, without their own names")
    func recursiveGlob() throws {
        try folder.make(["x/x1.wav", "y/x2.wav", "y/z.wav"])
        #expect(names(recursive: true, globs: ["x*"]) == ["x/x1.wav", "y/x2.wav"])
    }

    @Test("that link to each other end, and are entered once")
    func loops() throws {
        try folder.make(["a/b/c.wav", "d.wav"])
        try link("a/b/up", to: "..")
        try link("a/self", to: ".")
        try link("top", to: folder.path)
        try link("b", to: "a/b")
        #expect(names(recursive: true) == ["a/b/c.wav", "d.wav"])
    }

    @Test("follow links to files and folders; a link to nothing stays, so that it fails where it stands")
    func links() throws {
        let other = try TemporaryFolder()
        try other.make(["speech.wav", "deep/er.wav"])
        try folder.make(["m.wav"])
        try link("a.wav", to: other.file("speech.wav"))
        try link("dangling.wav", to: "/nonexistent.wav")
        try link("linked", to: other.file("deep"))
        #expect(names() == ["a.wav", "dangling.wav", "m.wav"])
        #expect(names(recursive: true) == ["a.wav", "dangling.wav", "linked/er.wav", "m.wav"])
    }

    @Test("pass over what can't hold a recording")
    func specialFiles() throws {
        try folder.make(["a.wav"])
        try #require(mkfifo(folder.file("pipe.wav"), 0o600) == 0)
        #expect(names() == ["a.wav"])
    }

    @Test(
        "without any file are a failure that says what was looked for",
        arguments: [
            (false, [], true, "there is no audio file in this folder"),
            (true, [], false, "there is no audio file in this folder or below it"),
            (true, ["*.x", "y"], false, "there is no file that matches *.x or y in this folder or below it"),
        ] as [(Bool, [String], Bool, String)])
    func nothing(recursive: Bool, globs: [String], hasSubfolders: Bool, reason: String) throws {
        try folder.make(["sub/readme.txt"])
        var options = InputOptions()
        options.isRecursive = recursive
        options.globs = globs
        let list = RecordingList(inputs: ["a.wav", folder.path, "b.wav"], options: options)
        #expect(list.lines == ["a.wav", "! \(folder.path): \(reason)", "b.wav"])
        guard case InputError.noFile(_, recursive, hasSubfolders)? = list.failures.first?.reason else {
            Issue.record("\(list.failures)")
            return
        }
    }

    @Test("that can't be read are failures in their place", .enabled(if: geteuid() != 0, "root may read everything"))
    func unreadable() throws {
        try folder.make(["a/1.wav", "b/2.wav", "c/3.wav"])
        chmod(folder.file("b"), 0)
        defer { chmod(folder.file("b"), 0o700) }
        var options = InputOptions()
        options.isRecursive = true
        let list = RecordingList(inputs: [folder.path], options: options)
        #expect(list.recordings.count == 2)
        #expect(list.lines[1] == "! \(folder.file("b")): the folder can't be read: no permission to read it")
    }

    /// A link that leads nowhere is what root can't read either.
    @Test("have files whose names are not UTF-8, which are failures in their place")
    func invalidName() throws {
        try folder.make(["a.wav", "c.wav"])
        let path = Array(folder.file("").utf8) + [0x62, 0xff] + Array(".wav".utf8)
        let descriptor = open(path.map(CChar.init(bitPattern:)) + [0], O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        close(descriptor)
        let list = RecordingList(inputs: [folder.path])
        #expect(folder.relative(list.recordings.map(\.name)) == ["a.wav", "c.wav"])
        #expect(list.lines[1] == "! \(folder.file("b\u{fffd}.wav")): its name is not UTF-8 text; rename it")
    }

    @Test("are named as they were given, whatever slashes end them")
    func slashes() throws {
        try folder.make(["a/b.wav"])
        #expect(RecordingList(inputs: [folder.file("a/")]).lines == [folder.file("a/b.wav")])
    }

    @Test("in folders in folders, as deep as a path can be, are searched")
    func deep() throws {
        let levels = (0..<400).map { _ in "deep" }.joined(separator: "/")
        try folder.make(["\(levels)/a.wav"])
        #expect(names(recursive: true) == ["\(levels)/a.wav"])
    }
}
