import AudioInput
import Corpus
import ScoreTables
import TestSupport

/// A run of rows and failures, as a program would write it.
struct SampleRun {
    /// What a program does with a table, one after another.
    enum Step {
        case row(Row)
        case failure(RowFailure)
        /// A recording ended.
        case end
    }

    /// Why something failed, in words.
    struct Reason: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    static let columns = [
        OutputColumns(name: "logits", labels: ["arousal", "dominance", "valence"], isLabelled: true),
        OutputColumns(name: "hidden_states", labels: (0..<5).map { "hidden_states-\($0)" }, isLabelled: false),
    ]

    /// Recordings of no, one or three windows, some of which fail, with awkward names.
    static let steps: [Step] = (0..<12).flatMap { recording -> [Step] in
        let names = ["plain.wav", "a, b.wav", "say \"hi\".wav", "größe 日本.flac", "two\nlines.wav", "\u{1F600}.wav"]
        let file = "\(recording)/\(names[recording % names.count])"
        if recording % 5 == 3 {
            return [.failure(RowFailure(file: file, reason: Reason("\(file): no such file"))), .end]
        }
        let windows = [1, 3, 0][recording % 3]
        let rows = (0..<windows).map { window -> Step in
            let start = Double(window) * 1.5
            if recording % 4 == 1, window == 1 {
                let segment = Segment(start: start, end: start + 3)
                return .failure(RowFailure(file: file, segment: segment, reason: Reason("not finite")))
            }
            let notices = recording % 4 == 0 && window + 1 == windows ? notices : []
            return .row(row(file, start: start, seed: recording * 10 + window, notices: notices))
        }
        return rows + [.end]
    }

    /// What is doubtful about some of them.
    static let notices = ["all samples are zero", "samples up to 3, or \"more\""]

    static func row(_ file: String, start: Double = 0, seed: Int, notices: [String] = []) -> Row {
        let values = columns.map { column in
            column.labels.indices.map { index in Float((seed * 31 + index * 7) % 101) / 101 }
        }
        return Row(file: file, start: start, end: start + 3.0625, values: values, notices: notices)
    }

    /// The positions after each step.
    static let positions: [RunPosition] = {
        var position = RunPosition()
        return steps.map { step in
            switch step {
            case .row:
                position.window += 1
                position.rows += 1
                position.audioSeconds += 0.1
            case .failure:
                position.window += 1
                position.failures += 1
            case .end:
                position.recording += 1
                position.window = 0
            }
            return position
        }
    }()

    static let identity = RunIdentity(facts: [
        RunIdentity.Fact(name: "model", value: "a1b2"), RunIdentity.Fact(name: "--window", value: "4.0"),
    ])

    /// Every kind of file that survives: the format, and what FILE is called.
    static let files = [
        "out.txt", "out.csv", "out.json", "out.jsonl", "out.npz", "out.csv.gz", "out.json.gz", "out.jsonl.gz",
    ]

    static func table(
        _ path: String, start: RunStart = .resume, identity: RunIdentity = identity, times: TimeStyle? = nil,
        replacesForeign: Bool = false
    ) throws -> ScoreTable {
        let format = RowFormat(extensionOf: path) ?? .csv
        return try ScoreTable(
            path: path, format: format, columns: columns, times: times, identity: identity, start: start,
            replacesForeign: replacesForeign)
    }

    /// Continues from where the table is, for at most `most` steps.
    static func go(on table: ScoreTable, steps most: Int = .max) throws {
        let done = table.position == RunPosition() ? 0 : (positions.firstIndex(of: table.position) ?? steps.count) + 1
        for index in done..<min(steps.count, most == .max ? steps.count : done + most) {
            switch steps[index] {
            case .row(let row): try table.append(row, then: positions[index])
            case .failure(let failure): try table.append(failure, then: positions[index])
            case .end: try table.advance(to: positions[index])
            }
        }
    }

    /// The files that an undisturbed run leaves in a folder, by name.
    static func undisturbed(_ name: String, times: TimeStyle? = nil) throws -> [String: [UInt8]] {
        let folder = try TemporaryFolder()
        let table = try table(folder.file(name), times: times)
        try go(on: table)
        try table.finish()
        return try folder.files()
    }
}
