import Corpus
import Foundation
import ScoreTables
import Testing
import WorkerRequests

@testable import emotion_cli

@Suite("A worker's answers")
struct WorkerAnswerTests {
    private static let scores = OutputColumns(
        name: "logits", labels: ["arousal", "dominance", "valence"], isLabelled: true)
    private static let embedding = OutputColumns(
        name: "hidden_states", labels: (0..<4).map { "hidden_states-\($0)" }, isLabelled: false)

    @Test("are objects with id, file, start, end, then the scores by name and embeddings as lists")
    func row() {
        let row = Row(file: "a.wav", start: 0, end: 2.57, values: [[0.5, -0.25, 1], [1, 2, 3, 4.5]])
        let answer = WorkerAnswer.row(RequestID(json: #"{"n": [1]}"#), row, [Self.scores, Self.embedding])
        #expect(
            answer.line == #"{"id": {"n": [1]}, "file": "a.wav", "start": 0.0, "end": 2.57, "#
                + #""arousal": 0.5, "dominance": -0.25, "valence": 1.0, "hidden_states": [1.0, 2.0, 3.0, 4.5]}"#)
    }

    @Test("are objects with id and error for a failure")
    func failure() {
        let answer = WorkerAnswer.failure(RequestID(json: "\"x\""), "a \"b\".wav: no such file")
        #expect(answer.line == #"{"id": "x", "error": "a \"b\".wav: no such file"}"#)
        let error = WorkerRequestError(id: .none, .noObject(line: 3))
        let refused = WorkerAnswer(RowFailure(file: "", reason: error), of: error.id)
        #expect(
            refused.line == #"{"id": null, "error": "line 3: not a JSON object; "#
                + #"an object such as {\"id\": 1, \"file\": \"a.wav\"} is expected"}"#)
    }

    @Test("have the shortest numbers that read back as the same, and null for what is not finite")
    func numbers() throws {
        let values: [Float] = [
            0.1, 1 / 3, -0.0, .pi, 1e-20, 3.4e38, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 16_777_216, 1e16,
        ]
        let columns = OutputColumns(name: "x", labels: [], isLabelled: false)
        let row = Row(file: "a", start: 1e-7, end: 123_456.789, values: [values + [.nan, .infinity, -.infinity]])
        let line = WorkerAnswer.row(.none, row, [columns]).line
        #expect(line.contains("[0.1, 0.33333334, -0.0, 3.1415925, 1e-20, ") && line.contains(", null, null, null]"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["start"] as? Double == 1e-7)
        #expect(object["end"] as? Double == 123_456.789)
        let numbers = try #require(object["x"] as? [Any])
        #expect(numbers.prefix(values.count).map { ($0 as? Double).map(Float.init) } == values)
    }

    @Test(
        "are one line of JSON whatever a file is called",
        arguments: [
            "", "a b.wav", "ä😀.wav", "\"", "\\", "a\nb\r\n\tc", "\u{0}\u{1}\u{1f}\u{7f}", "\u{2028}\u{2029}\u{85}",
            "u\u{308}",
        ])
    func names(name: String) throws {
        let row = Row(file: name, start: 0, end: 1, values: [])
        for answer in [WorkerAnswer.row(.none, row, []), .failure(.none, name)] {
            #expect(!answer.line.utf8.contains { $0 < 0x20 })
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(answer.line.utf8)) as? [String: Any])
            let text = try #require(object["file"] as? String ?? object["error"] as? String)
            #expect(Array(text.utf8) == Array(name.utf8))
        }
    }
}
