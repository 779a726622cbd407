import AudioInput
import Corpus
import ScoreTables
import WorkerRequests

/// Tables of segments.
struct TableTarget: Target {
    let name = "tables"

    func run(_ input: Input) throws {
        examine(RecordingList(inputs: [try input.file("table.csv")]), input)
        let text = String(decoding: input.bytes.prefix(64), as: UTF8.self)
        if TimeText.seconds(text) != nil { input.reached("time") }
    }
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

/// A worker's requests, one to a line.
struct RequestTarget: Target {
    let name = "requests"

    func run(_ input: Input) throws {
        for (number, line) in input.bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                let request = try WorkerRequest(line: Array(line), number: number + 1)
                input.reached("request")
                _ = request.recording(root: "/a")
                guard !request.id.json.utf8.contains(UInt8(ascii: "\r")) else { fatalError("an id on several lines") }
                if request.segment != nil { input.reached("segment") }
            } catch {
                _ = error.description
            }
        }
    }
}

/// What lies beside a table: the progress file of an unfinished run, or what a finished one was of.
struct ProgressTarget: Target {
    let name = "progress"

    func run(_ input: Input) throws {
        let table = input.scratch.path + "/scores.csv"
        _ = try input.file("scores.csv", Array("file,start,end,score\n".utf8))
        let isProgress = input.bytes.starts(with: "emotion-cli progress".utf8)
        _ = try input.file("scores.csv." + (isProgress ? "progress" : "run"))
        let columns = [OutputColumns(name: "logits", labels: ["score"], isLabelled: true)]
        let resumed = try ScoreTable(
            path: table, format: .csv, columns: columns, start: isProgress ? .resume : .retry)
        input.reached(resumed.isFinished ? "finished" : "resumed")
    }
}
