@testable import AudioInput
@testable import Corpus
@testable import ScoreTables

/// Tables of segments.
struct TableTarget: Target {
    let name = "tables"

    func run(_ input: Input) throws { examine(RecordingList(inputs: [try input.file("table.csv")]), input) }
}

/// Lists of files.
struct ListTarget: Target {
    let name = "lists"

    func run(_ input: Input) throws { examine(RecordingList(inputs: [], filesFrom: try input.file("list.txt")), input) }
}

private func examine(_ list: RecordingList, _ input: Input) {
    _ = list.fingerprint
    for entry in list.prefix(10_000) {
        switch entry {
        case .success(let recording):
            input.reached("recording")
            guard let segment = recording.segment else { continue }
            input.reached("segment")
            for style in TimeStyle.allCases { _ = style.text(segment.start) + style.text(segment.end ?? 0) }
        case .failure(let failure):
            input.reached("failure")
            _ = failure.description
        }
    }
}

/// The progress file of an unfinished run.
struct ProgressTarget: Target {
    let name = "progress"

    func run(_ input: Input) throws {
        let table = input.scratch.path + "/scores.csv"
        _ = try input.file("scores.csv", Array("file,start,end,score\n".utf8))
        _ = try input.file("scores.csv.progress")
        let columns = [OutputColumns(name: "logits", labels: ["score"], isLabelled: true)]
        let resumed = try ScoreTable(path: table, format: .csv, columns: columns, start: .resume)
        input.reached(resumed.isFinished ? "finished" : "resumed")
    }
}
