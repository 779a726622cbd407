import AudioInput
import Corpus
import TestSupport
import Testing

@testable import WorkerRequests
@testable import emotion_cli

@Suite("A worker's requests")
struct WorkerRequestTests {
    private func request(_ line: String, number: Int = 1) throws(WorkerRequestError) -> WorkerRequest {
        try WorkerRequest(line: Array(line.utf8), number: number)
    }

    private func error(_ line: String, number: Int = 1) -> WorkerRequestError? {
        do throws(WorkerRequestError) {
            let request = try request(line, number: number)
            Issue.record("understood: \(request)")
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "name a file, and a part of it as numbers or as times",
        arguments: [
            (#"{"file": "a.wav"}"#, "a.wav", nil),
            (#"{"id":1,"file":"a.wav","start":1.5,"end":2}"#, "a.wav", Segment(start: 1.5, end: 2)),
            (
                #"{"end":"0 days 00:00:02.250000","start":"1.5","file":"a.wav"}"#, "a.wav",
                Segment(start: 1.5, end: 2.25)
            ),
            (#"{"file":"a.wav","start":null,"end":null}"#, "a.wav", nil),
            (#"{"file":"a.wav","start":"","end":"NaT"}"#, "a.wav", nil),
            (#"{"file":"a.wav","start":2e0}"#, "a.wav", Segment(start: 2)),
            (#"{"file":"a.wav","start":0}"#, "a.wav", Segment(start: 0)),
            (#"{"file":"a.wav","end":0.25}"#, "a.wav", Segment(start: 0, end: 0.25)),
            (#"{"file":"a.wav","start":9007199254740993}"#, "a.wav", Segment(start: 0x1p53)),
            (#"{"file":"\"\u00e4\\\/\t\ud83d\ude00.wav"}"#, "\"ä\\/\t😀.wav", nil),
            (#"{"file":"ä😀.wav","id":{"end":[1,{}]}}"#, "ä😀.wav", nil),
            (#"{"file":"a.wav","start":1,"duration":0.5}"#, "a.wav", Segment(start: 1, end: 1.5)),
            (#"{"file":"a.wav","duration":"1500ms"}"#, "a.wav", Segment(start: 0, end: 1.5)),
            (#"{"file":"a.wav","file":"b.wav","start":1,"start":null}"#, "b.wav", nil),
            (#"{"\u0066ile":"a.wav"}"#, "a.wav", nil),
            (" \t{ \"file\" :\r\n\"a.wav\" , \"start\":1 } \r\n", "a.wav", Segment(start: 1)),
        ])
    func understood(line: String, file: String, segment: Segment?) throws {
        let request = try request(line)
        #expect(request.file == file)
        #expect(request.segment == segment)
    }

    @Test(
        "have any JSON value as id, which comes back as it was written",
        arguments: [
            "0", "-0", "12345678901234567890123456789012345678901234567890", "1.0", "1.10", "1e5", "-1.25E-3", "1e999",
            "0.1000000000000000055511151231257827", "\"\"", "\"a\"", #""\u00e4\/\"\\\n""#, #""\ud800""#, "\"ä😀\"",
            "true",
            "false", "null", "[]", "{}", "[1, 2,  [3]]", #"{"b": 1, "a": {"file": "x"}, "b": 2}"#, "\"line\u{2028}\"",
        ])
    func identity(id: String) throws {
        #expect(try request("{\"id\": \(id) ,\"file\":\"a.wav\"}").id.json == id)
        #expect(try request("{\"file\":\"a.wav\",\"id\":\(id)}").id.json == id)
        #expect(error("{\"id\":\(id)}")?.id.json == id)
    }

    @Test("have null as id where there is none")
    func noIdentity() throws {
        #expect(try request(#"{"file": "a.wav"}"#).id.json == "null")
        #expect(error(#"{"fil": "a.wav"}"#)?.id.json == "null")
    }

    @Test("are recordings that are looked for in the root")
    func recording() throws {
        let relative = try request(#"{"file": "a/b.wav", "start": 1}"#)
        let segment = Segment(start: 1)
        #expect(relative.recording(root: nil) == Recording(name: "a/b.wav", path: "a/b.wav", segment: segment))
        #expect(relative.recording(root: "/c") == Recording(name: "a/b.wav", path: "/c/a/b.wav", segment: segment))
        let absolute = try request(#"{"file": "/b.wav"}"#)
        #expect(absolute.recording(root: "/c") == Recording(name: "/b.wav", path: "/b.wav"))
    }

    @Test(
        "that are no JSON are refused with their line and the byte from which on they are none",
        arguments: [
            ("{", 2), ("{\"file\"", 8), ("{\"file\":", 9), ("{\"file\":\"a.wav\"", 16), ("{\"file\":\"a.wav\",}", 17),
            ("{\"file\":\"a.wav", 15), ("{\"file\":\"a.wav\"}x", 17), ("{\"file\":\"a.wav\"} {", 18), ("{file:1}", 2),
            ("{'file':1}", 2), ("{\"a\":01}", 7), ("{\"a\":1.}", 8), ("{\"a\":.5}", 6), ("{\"a\":+1}", 6),
            ("{\"a\":1e}", 8), ("{\"a\":-}", 7), ("{\"a\":nul}", 9), ("{\"a\":NaN}", 6), ("{\"a\":\"\\x\"}", 8),
            ("{\"a\":\"\\u12g4\"}", 11), ("{\"a\":\"\t\"}", 7), ("{\"a\":[1,]}", 9), ("{\"a\":[1 2]}", 9),
            ("{\"a\" 1}", 6),
            ("{,}", 2), ("]", 1), ("[1", 3), ("\"a", 3), ("\u{feff}{}", 1), ("{}\0", 3), ("1 2", 3), ("a.wav", 1),
        ])
    func notJSON(line: String, byte: Int) {
        let error = error(line, number: 3)
        #expect(error?.reason == .notJSON(line: 3, byte: byte))
        #expect(error?.id == RequestID.none)
        #expect(error?.description.hasPrefix("line 3: not JSON at byte \(byte); ") == true)
    }

    @Test("are refused where they are nested too deeply", arguments: ["[", "{\"a\":"])
    func deep(opening: String) {
        let error = error("{\"id\":1,\"file\":\"a.wav\",\"x\":" + String(repeating: opening, count: 100_000))
        guard case .notJSON(line: 1, _) = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "are refused in one line that says what is wrong",
        arguments: [
            ("", "null", "line 7: blank; "), (" \t\r\n", "null", "line 7: blank; "),
            ("[]", "null", "line 7: not a JSON object; "), ("\"a.wav\"", "null", "line 7: not a JSON object; "),
            ("null", "null", "line 7: not a JSON object; "), ("{}", "null", "line 7: no file; "),
            (#"{"id":5}"#, "5", "line 7: no file; "), (#"{"id":5,"file":""}"#, "5", "line 7: no file; "),
            (#"{"id":5,"file":null}"#, "5", "line 7: no file; "), (#"{"id":5,"file":["a"]}"#, "5", "line 7: no file; "),
            (#"{"id":5,"file":"\ud800.wav"}"#, "5", "line 7: no file; "),
            (#"{"id":5,"file":"-"}"#, "5", "standard input holds the requests"),
            (
                #"{"id":5,"file":"a","channel":2}"#, "5",
                "line 7: unknown key 'channel', which is the worker's own option; a request may have id, file, start, end "
                    + "and duration"
            ),
            (#"{"id":5,"file":"a","End":4}"#, "5", "line 7: unknown key 'End', perhaps 'end'; "),
            (#"{"id":5,"path":"a"}"#, "5", "line 7: unknown key 'path', perhaps 'file'; "),
            (#"{"id":5,"file":"a","speaker":{}}"#, "5", "line 7: unknown key 'speaker'; a request may have"),
            (#"{"id":5,"file":"a","end":2,"duration":1}"#, "5", "a: both end and duration; "),
            (#"{"id":5,"file":"a","start":1,"duration":0}"#, "5", "a: ends at 1.0 s, which is not after its start"),
            (#"{"id":5,"file":"a\u0000b"}"#, "5", #"a\0b: a NUL character"#),
            (#"{"id":5,"file":"a","start":-1}"#, "5", "a: start is -1, not seconds or a time such as "),
            (#"{"id":5,"file":"a","end":true}"#, "5", "a: end is true, not seconds"),
            (#"{"id":5,"file":"a","end":"soon"}"#, "5", "a: end is \"soon\", not seconds"),
            (#"{"id":5,"file":"a","end":1e999}"#, "5", "a: end is 1e999, not seconds"),
            (#"{"id":5,"file":"a","end":[1]}"#, "5", "a: end is [1], not seconds"),
            (
                #"{"id":5,"file":"a\nb","start":2,"end":1}"#, "5",
                #"a\nb: ends at 1.0 s, which is not after its start at 2.0 s"#
            ),
            (#"{"id":5,"file":"a","start":2,"end":2}"#, "5", "a: ends at 2.0 s"),
            (#"{"id":5,"file":"a","end":0}"#, "5", "a: ends at 0.0 s"),
        ])
    func refused(line: String, id: String, message: String) {
        let error = error(line, number: 7)
        #expect(error?.id.json == id)
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
        #expect(error?.description.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count == 1)
    }

    @Test(
        "are refused where they are not UTF-8",
        arguments: [[0xff], [0x22, 0xc3, 0x22], [0xfe, 0xff, 0, 0x7b]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: WorkerRequestError(id: .none, .notUTF8(line: 2))) { try WorkerRequest(line: bytes, number: 2) }
    }

    @Test("are read a line each, as long as there are any, whatever is wrong with one")
    func reader() throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "x", count: WorkerRequestReader.longestLine)
        let lines = [
            #"{"id":1,"file":"a.wav"}"#, "", #"{"id":2}"#, "{\"id\":3,\"file\":\"\(long)\"}",
            #"{"id":4,"file":"b.wav"}"#,
        ]
        var reader = try WorkerRequestReader(try folder.write(lines.joined(separator: "\n").utf8, to: "requests"))
        var answers: [String] = []
        while let request = try reader.next() {
            switch request {
            case .success(let request): answers.append("\(request.id.json) \(request.file)")
            case .failure(let error): answers.append("\(error.id.json) \(error.description.prefix { $0 != ";" })")
            }
        }
        #expect(
            answers == [
                "1 a.wav", "null line 2: blank", "2 line 3: no file", "null line 4: longer than 1048576 bytes",
                "4 b.wav",
            ])
    }

    @Test("an id comes back on one line, whatever is between its tokens")
    func idOnOneLine() throws {
        let line = Array("{\"id\": [1,\r2,\r\n {\"a\":\t\"b\\n\"}], \"file\": \"a.wav\"}".utf8)
        let request = try WorkerRequest(line: line, number: 1)
        #expect(request.id.json == "[1, 2,   {\"a\":\t\"b\\n\"}]")
    }
}
