import AudioInput
import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite("Lists of recordings")
struct RecordingListTests {
    @Test("take inputs in their order, and what is not understood in its place")
    func order() throws {
        let folder = try TemporaryFolder()
        try folder.make(["f/1.wav", "f/2.wav"])
        let table = try folder.write(text: "file,start\nx.wav,1\ny.wav,?\n", to: "t.csv")
        let list = RecordingList(inputs: ["a.wav", "", table, "-", folder.file("f"), "-", "b.npy"])
        #expect(
            list.lines == [
                "a.wav", "! '': an empty name; a file or folder is expected", "x.wav 1.0-",
                "! y.wav: line 3 of \(table) has '?' as start, not seconds or a time such as 0 days 00:00:01.5", "-",
                folder.file("f/1.wav"), folder.file("f/2.wav"), "! standard input: it can be read only once", "b.npy",
            ])
        #expect(list.failureCount == 3)
        #expect(list.recordings.first { $0.name == "-" }?.path == "-")
        #expect(Array(list.indices) == Array(0..<9) && list.reversed().count == 9)
    }

    @Test("refuse standard input as a recording where it is the list of files")
    func standardInput() {
        // The list itself is empty: standard input is that of the tests.
        let list = RecordingList(inputs: ["-", "a.wav"], filesFrom: "/dev/null")
        #expect(list.lines == ["-", "a.wav", "! /dev/null: the list names no file"])
    }

    @Test("look for relative inputs in the root, and name them as they were given")
    func root() throws {
        let folder = try TemporaryFolder()
        try folder.make(["f/1.wav"])
        let table = try folder.write(text: "file\nx.wav\n/y.wav\n", to: "tables/t.csv")
        var options = InputOptions()
        options.root = folder.path
        let list = RecordingList(inputs: ["a.wav", "/b.wav", "f", table, "tables/t.csv", "-"], options: options)
        #expect(
            list.recordings.map(\.name) == ["a.wav", "/b.wav", "f/1.wav", "x.wav", "/y.wav", "x.wav", "/y.wav", "-"])
        #expect(
            folder.relative(list.recordings.map(\.path)) == [
                "a.wav", "/b.wav", "f/1.wav", "x.wav", "/y.wav", "x.wav", "/y.wav", "-",
            ])
        options.root = folder.path + "/"
        #expect(RecordingList(inputs: ["a.wav"], options: options).recordings.map(\.path) == [folder.file("a.wav")])
    }

    @Test("are empty where nothing is given")
    func empty() {
        #expect(RecordingList(inputs: []).isEmpty)
    }

    @Test("share a name between segments of one file that follow each other")
    func sharedNames() {
        var list = RecordingList()
        let segments: [Segment?] = [nil, Segment(start: 0), Segment(start: 1, end: 2), Segment(start: 0, end: 2)]
        for folder in ["", "/x", "/x", ""] {
            for segment in segments { list.append("long name.wav", segment, in: folder) }
        }
        list.append(
            RowFailure(file: "long name.wav", segment: Segment(start: 3, end: 1), reason: InputError.nameNotUTF8))
        list.append("long name.wav", nil, in: "")
        list.append("long name.wa", nil, in: "")
        #expect(list.recordings.prefix(16).map(\.segment) == segments + segments + segments + segments)
        let paths = ["long name.wav", "/x/long name.wav", "/x/long name.wav", "long name.wav"]
        #expect(list.recordings.prefix(16).map(\.path) == paths.flatMap { path in segments.map { _ in path } })
        #expect(list.failures.map(\.file) == ["long name.wav"])
        #expect(list.failures.map(\.segment) == [Segment(start: 3, end: 1)])
        #expect(list.failures.map { $0.reason as? InputError } == [.nameNotUTF8])
        #expect(list.recordings.suffix(2).map(\.name) == ["long name.wav", "long name.wa"])
    }

    @Test("have a fingerprint that tells other recordings, parts and orders, and not where they are")
    func fingerprint() {
        func fingerprint(_ fill: (inout RecordingList) -> Void) -> UInt64 {
            var list = RecordingList()
            fill(&list)
            return list.fingerprint
        }
        let lists: [(inout RecordingList) -> Void] = [
            { _ in },
            { $0.append("a", nil, in: "") },
            { $0.append("b", nil, in: "") },
            { $0.append(RowFailure(file: "a", reason: InputError.emptyList)) },
            { $0.append("a", Segment(start: 0), in: "") },
            { $0.append("a", Segment(start: 0, end: 1), in: "") },
            { $0.append("a", Segment(start: 1), in: "") },
            { list in ["a", "b"].forEach { list.append($0, nil, in: "") } },
            { list in ["b", "a"].forEach { list.append($0, nil, in: "") } },
            { $0.append("ab", nil, in: "") },
            { list in ["a", "a"].forEach { list.append($0, nil, in: "") } },
        ]
        #expect(Set(lists.map(fingerprint)).count == lists.count)
        #expect(fingerprint { $0.append("a", nil, in: "/x") } == fingerprint { $0.append("a", nil, in: "") })
        #expect(
            fingerprint { $0.append(RowFailure(file: "a", reason: InputError.emptyList)) }
                == fingerprint { $0.append(RowFailure(file: "a", reason: InputError.emptyTable)) })
    }
}
