import Foundation
import TestSupport
import Testing

@Suite("emotion-cli worker")
struct WorkerCommandTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private static let speech = Fixtures.speech("14b01Na.wav")

    private func answers(_ requests: [String], _ arguments: [String] = []) throws -> [[String: Any]] {
        let run = try CommandLineRun(
            ["worker", "--model", Self.model] + arguments,
            input: Data(requests.map { $0 + "\n" }.joined().utf8))
        #expect(run.status == 0, "\(run.errors)")
        return try run.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    @Test("answers in the requests' order, with their ids", arguments: ["1", "3"])
    func order(jobs: String) throws {
        let requests = (0..<40).map { index in
            index % 7 == 3
                ? #"{"id": \#(index), "file": "missing-\#(index).wav"}"#
                : #"{"id": \#(index), "file": "\#(Self.speech)", "start": \#(Double(index) / 50), "end": "\#(2.5)"}"#
        }
        let answers = try answers(requests, ["--jobs", jobs])
        #expect(answers.compactMap { $0["id"] as? Int } == Array(0..<40))
        for (index, answer) in answers.enumerated() {
            if index % 7 == 3 {
                #expect(answer["error"] as? String == "missing-\(index).wav: no such file")
                #expect(answer.count == 2)
            } else {
                #expect(answer["file"] as? String == Self.speech)
                #expect(answer["start"] as? Double == Double(index) / 50)
                #expect(answer["end"] as? Double == 2.5)
            }
        }
    }

    @Test("gives the numbers that predict gives")
    func numbers() throws {
        let answer = try #require(
            answers(
                [#"{"file": "14b01Na.wav"}"#],
                ["--root", Fixtures.speech(""), "--outputs", "logits,hidden_states"]
            ).first)
        let run = try CommandLineRun([
            "predict", "--model", Self.model, "--format", "jsonl", "--outputs", "logits,hidden_states",
            Self.speech,
        ])
        let row = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        for name in ["arousal", "dominance", "valence", "start", "end"] {
            #expect(answer[name] as? Double == row[name] as? Double && row[name] != nil, "\(name)")
        }
        #expect(answer["hidden_states"] as? [Double] == row["hidden_states"] as? [Double])
        #expect((answer["hidden_states"] as? [Double])?.count == 64)
        #expect(answer["id"] is NSNull)
    }

    @Test("what is no request is answered, and the next one too")
    func malformed() throws {
        let long = #"{"file": ""# + String(repeating: "x", count: 3 << 20) + #""}"#
        let answers = try answers([
            "", "score this", "[1]", #"{"id": "a"}"#, long, #"{"id": "b", "file": "\#(Self.speech)"}"#,
        ])
        #expect(answers.count == 6)
        for (line, answer) in answers.dropLast().enumerated() {
            #expect((answer["error"] as? String)?.hasPrefix("line \(line + 1): ") == true)
        }
        #expect(answers[3]["id"] as? String == "a")
        #expect((answers[4]["error"] as? String)?.hasPrefix("line 5: longer than 1048576 bytes; ") == true)
        #expect(answers[5]["arousal"] is Double)
    }

    @Test("each answer comes before the next request does")
    func conversation() throws {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = CommandLineRun.program
        process.arguments = ["worker", "--model", Self.model]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        for index in 0..<5 {
            try input.fileHandleForWriting.write(
                contentsOf: Data(#"{"id": \#(index), "file": "\#(Self.speech)"}\#n"#.utf8))
            var line = Data()
            while line.last != UInt8(ascii: "\n") {
                let piece = output.fileHandleForReading.availableData
                try #require(!piece.isEmpty, "the worker ended")
                line.append(piece)
            }
            #expect(String(decoding: line, as: UTF8.self).hasPrefix(#"{"id": \#(index), "file""#))
        }
        // Without an end of input, a signal ends it.
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 128 + SIGTERM)
    }

    @Test("nothing to do is done at once")
    func empty() throws {
        #expect(try answers([]).isEmpty)
    }

    @Test("a reader that went away is one line")
    func closedOutput() throws {
        let run = try CommandLineRun(
            ["worker", "--model", Self.model], input: Data(#"{"file": "\#(Self.speech)"}"#.utf8),
            outputPath: "/dev/full")
        expectRefusal(run, containing: "standard output")
    }
}
