import AudioInput
import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite("Tables")
struct SegmentTableTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func list(_ text: String) throws -> RecordingList { try list(bytes: text.utf8) }

    private func list(bytes: some Sequence<UInt8>) throws -> RecordingList {
        RecordingList(inputs: [try folder.write(bytes, to: "table.csv")])
    }

    @Test(
        "give files and their parts in audformat's forms",
        arguments: [
            ("file\na.wav\nb.wav", ["a.wav", "b.wav"]),
            (
                "file,start,end\na.wav,0.5,1.25\na.wav,,2\na.wav,3,\na.wav,,",
                ["a.wav 0.5-1.25", "a.wav 0.0-2.0", "a.wav 3.0-", "a.wav"]
            ),
            (
                "file,start,end,emotion\na.wav,0 days 00:00:00,0 days 00:00:01.898250,anger\na.wav,0 days,NaT,\n",
                ["a.wav 0.0-1.89825", "a.wav 0.0-"]
            ),
            ("file,start,end\na.wav,0 days 00:00:01.500000,\na.wav,NaT,NaT", ["a.wav 1.5-", "a.wav"]),
            ("file,start,end\na.wav,NaN,nan", ["a.wav"]),
            ("file,start,end\na.wav,0,1", ["a.wav 0.0-1.0"]),
            ("end,speaker,start,file\n2,s1,1,a.wav", ["a.wav 1.0-2.0"]),
            ("file,end\na.wav,1.5", ["a.wav 0.0-1.5"]),
            ("file,start\na.wav,1.5", ["a.wav 1.5-"]),
            (",file,start\n0,a.wav,1", ["a.wav 1.0-"]),
            ("file,start,end\na.wav, 1 , 2 ", ["a.wav 1.0-2.0"]),
            (" file , start\na.wav,1", ["a.wav 1.0-"]),
        ])
    func forms(text: String, lines: [String]) throws {
        #expect(try list(text).lines == lines)
    }

    @Test(
        "are read as CSV is written anywhere",
        arguments: [
            ("\u{feff}file\na.wav", ["a.wav"]),
            ("file,start\r\na.wav,1\r\nb.wav,2\r\n", ["a.wav 1.0-", "b.wav 2.0-"]),
            ("file\ra.wav\rb.wav", ["a.wav", "b.wav"]),
            ("\n\nfile\n\n  \na.wav\n\r\n\t\nb.wav\n\n", ["a.wav", "b.wav"]),
            ("\"file\",\"start\"\n\"a, b.wav\",\"1.5\"", ["a, b.wav 1.5-"]),
            ("file;start\na, b.wav;1", ["a, b.wav 1.0-"]),
            ("file\tstart\na; b.wav\t1", ["a; b.wav 1.0-"]),
            ("\"a,b\";file\n1;x.wav", ["x.wav"]),
            ("file\n\"a \"\"big\"\" name.wav\"", ["a \"big\" name.wav"]),
            ("file,start\n\"two\nlines.wav\",1\nb.wav,2", ["two\nlines.wav 1.0-", "b.wav 2.0-"]),
            ("file,start\n\"two\r\nlines.wav\",1", ["two\r\nlines.wav 1.0-"]),
            ("file\n5\" tape.wav\n it's.wav", ["5\" tape.wav", " it's.wav"]),
            ("file\n\"a\"b.wav\n\"a\" .wav", ["ab.wav", "a .wav"]),
            (
                "file\nline\u{2028}separator.wav\nvertical\u{b}tab.wav",
                ["line\u{2028}separator.wav", "vertical\u{b}tab.wav"]
            ),
            (
                "file,start\n\u{301}a.wav,1\nu\u{308}.wav,2\nü.wav,3",
                ["\u{301}a.wav 1.0-", "u\u{308}.wav 2.0-", "ü.wav 3.0-"]
            ),
            ("file,start\na.wav,1,,\nb.wav", ["a.wav 1.0-", "b.wav"]),
        ])
    func dialects(text: String, lines: [String]) throws {
        let found = try list(text).lines
        #expect(found.map { Array($0.utf8) } == lines.map { Array($0.utf8) })
    }

    @Test(
        "may begin with a spreadsheet's separator and with comments",
        arguments: [
            ("sep=;\nfile;start\na.wav;1", ["a.wav 1.0-"]),
            ("sep=|\r\nfile|start\r\na.wav|1", ["a.wav 1.0-"]),
            ("# made by hand, twice\n#\nfile;start\na.wav;1", ["a.wav 1.0-"]),
            ("#file,start\na.wav,1", ["a.wav 1.0-"]), ("# file\tstart\na.wav\t1", ["a.wav 1.0-"]),
        ])
    func preambles(text: String, lines: [String]) throws {
        #expect(try list(text).lines == lines)
    }

    @Test(
        "keep their good rows where one is bad, whose failure tells its line",
        arguments: [
            ("b.wav,x,2", "b.wav", "line 4 of TABLE has 'x' as start, not seconds"),
            ("b.wav,1,-2", "b.wav", "line 4 of TABLE has '-2' as end, not seconds"),
            ("b.wav,-1 days +23:59:59,", "b.wav", "line 4 of TABLE has '-1 days +23:59:59' as start"),
            ("b.wav,2,1", "b.wav", "line 4 of TABLE ends at 1.0 s, which is not after its start at 2.0 s"),
            ("b.wav,2,2", "b.wav", "line 4 of TABLE ends at 2.0 s"),
            ("b.wav,,0", "b.wav", "line 4 of TABLE ends at 0.0 s"),
            (",1,2", "TABLE", "line 4 of TABLE names no file"),
            ("\"\"", "TABLE", "line 4 of TABLE names no file"),
            ("b, c.wav,1,2", "b", "line 4 of TABLE has 4 fields, the header 3; a field with a comma needs quotes"),
            ("-,1,2", "-", "line 4 of TABLE names standard input"),
            ("b\0.wav,1,2", "b\0.wav", "line 4 of TABLE has a NUL character"),
            ("b.wav,\"\n\n\",2", "b.wav", "line 4 of TABLE has '\\n\\n' as start"),
        ])
    func badRow(row: String, file: String, reason: String) throws {
        let table = folder.file("table.csv")
        let list = try list("file,start,end\n\na.wav,0,1\n\(row)\nc.wav,2,3\n")
        #expect(list.recordings.map(\.name) == ["a.wav", "c.wav"])
        #expect(list.count == 3 && list.failureCount == 1)
        guard case .failure(let failure) = list[1] else {
            Issue.record("\(list.lines)")
            return
        }
        #expect(failure.file == file.replacingOccurrences(of: "TABLE", with: table))
        let expected = reason.replacingOccurrences(of: "TABLE", with: table)
        #expect("\(failure.reason)".hasPrefix(expected), "\(failure.reason)")
        #expect(failure.description.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count == 1)
    }

    @Test("tell the segment of a row that ends before it starts")
    func impossibleSegment() throws {
        #expect(try list("file,start,end\na.wav,2,1").failures.map(\.segment) == [Segment(start: 2, end: 1)])
    }

    @Test("count lines as an editor does, in quotes too")
    func lineNumbers() throws {
        let list = try list("file,start\r\n\"a\nb\r\nc\",1\r\n\r\nx.wav,bad\r\ny.wav,bad")
        #expect(list.reasons.map { $0.contains("line 6 ") || $0.contains("line 7 ") } == [true, true])
        #expect(list.reasons.first?.contains("line 6 ") == true)
    }

    @Test(
        "are one failure where they are no table of recordings",
        arguments: [
            ("", "the table is empty"), ("\n \n", "the table is empty"), ("\u{feff}", "the table is empty"),
            ("file,start,end\n", "the table has no rows"), ("file", "the table has no rows"),
            ("a,b\n1,2", "the table needs a column 'file'"), ("speaker\na.wav", "the table needs a column 'file'"),
            ("file,\"start\na.wav,1\n", "line 1 opens a quote that is not closed"),
        ])
    func noTable(text: String, reason: String) throws {
        let list = try list(text)
        #expect(list.count == 1)
        #expect(list.failures.first?.file == folder.file("table.csv"))
        #expect(list.reasons.first?.hasPrefix(reason) == true, "\(list.lines)")
    }

    @Test("say so where they aren't UTF-8", arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf32])
    func otherEncoding(encoding: String.Encoding) throws {
        let list = try list(bytes: try #require("file,start\nä.wav,1\n".data(using: encoding)))
        #expect(list.count == 1)
        #expect(list.reasons.first == "the table is not UTF-8 text")
    }

    @Test("keep the rows that can be read where some are in Latin-1, also where it is in a column of no use")
    func latin1() throws {
        let text = "file,start,comment\na.wav,1,schön\nä.wav,2,\nb.wav,3,\n"
        let list = try list(bytes: try #require(text.data(using: .isoLatin1)))
        #expect(list.recordings.map(\.name) == ["a.wav", "b.wav"])
        #expect(list.failures.map(\.file) == ["\u{fffd}.wav"])
        #expect(
            list.reasons.first?.hasSuffix("line 3 of \(folder.file("table.csv")) is not UTF-8 text") == true)
    }

    @Test("keep what comes before a quote that is never closed, and say that the rest was not read")
    func openQuote() throws {
        let list = try list("file\na.wav\n\"b.wav\nc.wav\nd.wav\n")
        #expect(list.recordings.map(\.name) == ["a.wav"])
        #expect(list.reasons == ["line 3 opens a quote that is not closed; what follows was not read"])
    }

    @Test("don't fill the memory with a quote that is never closed, or with a row that never ends")
    func endless() throws {
        let long = String(repeating: "x,\n", count: CSVReader.longestRecord)
        let quoted = try list("file\na.wav\n\"\(long)")
        #expect(quoted.count == 2 && quoted.failureCount == 1)

        let endless = try list("file\na.wav\n\(String(repeating: "x,", count: CSVReader.longestRecord))\nb.wav\n")
        #expect(endless.recordings.map(\.name) == ["a.wav", "b.wav"])
        #expect(endless.failures.count == 1)
        #expect(endless.reasons.first?.contains("line 3 of") == true)
        #expect(endless.reasons.first?.contains("is longer than 1048576 bytes") == true)
    }

    @Test("have files that are relative to them, or absolute")
    func places() throws {
        try folder.write(text: "file\na.wav\n../b.wav\n/c.wav\n", to: "sub/table.csv")
        let paths = RecordingList(inputs: [folder.file("sub/table.csv")]).recordings.map(\.path)
        #expect(paths == [folder.file("sub/a.wav"), folder.file("sub/../b.wav"), "/c.wav"])
    }

    @Test("that aren't there, or are folders, are one failure")
    func unreadable() throws {
        let missing = folder.file("missing.csv")
        #expect(RecordingList(inputs: [missing]).lines == ["! \(missing): the table can't be read: no such file"])
        try FileManager.default.createDirectory(atPath: folder.file("folder.csv"), withIntermediateDirectories: true)
        try folder.make(["folder.csv/a.wav"])
        #expect(
            RecordingList(inputs: [folder.file("folder.csv")]).recordings.map(\.name) == [
                folder.file("folder.csv/a.wav")
            ])
    }

    /// More than fits into a buffer, so that fields lie across its end.
    @Test("of any length are read whole, in little memory")
    func long() throws {
        let count = 50_000
        var text = "file,start,end\n"
        for index in 0..<count {
            text += "speaker\(index % 7)/\"\(index / 3).wav,0 days 00:00:0\(index % 10).898250,\n"
        }
        let list = try list(text)
        #expect(list.count == count && list.failureCount == 0)
        for (index, element) in list.enumerated() where index % 997 == 0 || index == count - 1 {
            let recording = try element.get()
            #expect(recording.name == "speaker\(index % 7)/\"\(index / 3).wav")
            #expect(recording.segment == Segment(start: Double("\(index % 10).89825") ?? -1))
        }
    }
}
