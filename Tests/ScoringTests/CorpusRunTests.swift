import AudioInput
import Corpus
import NumPyFiles
import Synchronization
import TestSupport
import Testing
import W2V2Engine

@testable import Scoring

@Suite struct CorpusRunTests {
    private let folder: TemporaryFolder
    private let model: EmotionModel

    init() throws {
        folder = try TemporaryFolder()
        model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"), options: EngineOptions(threads: 2))
    }

    /// Lists recordings by their names in a list; a recording of noise is made for each count.
    private func recordings(_ counts: [Int?]) throws -> RecordingList {
        let paths = try counts.enumerated().map { index, count in
            let path = folder.file("\(index).npy")
            if let count {
                try NPYFile.write(NPYArray(shape: [count], float32: noise(count, seed: UInt64(index))), to: path)
            }
            return path
        }
        return RecordingList(inputs: paths, filesFrom: nil, options: InputOptions())
    }

    private func run(
        _ recordings: RecordingList, _ windowing: Windowing, jobs: Int = 2, from place: Place = Place(),
        stages: [Stage] = []
    ) throws -> [CorpusRow] {
        var rows: [CorpusRow] = []
        let run = CorpusRun(
            recordings, windowing: windowing, channel: nil, minimumSamples: model.architecture.minimumSamples)
        let scorer = ExcerptScorer(
            model, Parallelism(jobs: jobs, threads: 1, cores: 2), stages: stages)
        try run.run(on: scorer, from: place) { rows.append($0) }
        return rows
    }

    @Test("rows are in the inputs' order and have the model's own numbers", arguments: [1, 2, 5])
    func whole(jobs: Int) throws {
        let counts: [Int?] = [16000, 400, nil, 30000, 399, 5000, 7001, 8000, 16000]
        let stages: [Stage] = [.positionalEmbedding, .encoderLayer(1)]
        let rows = try run(recordings(counts), Windowing(), jobs: jobs, stages: stages)
        #expect(rows.map(\.file) == counts.indices.map { folder.file("\($0).npy") })
        #expect(rows.map(\.next) == counts.indices.map { Place(recording: $0 + 1) })
        for (index, count) in counts.enumerated() {
            guard let count, count >= 400 else {
                let failure = #expect(throws: ScoringFailure.self) { try rows[index].result.get() }
                #expect(failure?.reason.contains(count == nil ? "no such file" : "too short") == true)
                continue
            }
            let scored = try rows[index].result.get()
            let samples = noise(count, seed: UInt64(index))
            #expect(scored.prediction == (try model.predict(samples)))
            #expect(scored.end == Double(count) / 16000)
            let states = try model.states(samples, StateSelection(stages: Set(stages)))
            #expect(scored.means == states.states.compactMap(\.meanOverTime))
        }
    }

    @Test("a run from any place on gives the rows that come after it")
    func resumed() throws {
        let recordings = try recordings([40000, nil, 20000, 3000, 16000])
        let windowing = Windowing(windows: .init(duration: 0.5, hop: 0.25))
        let rows = try run(recordings, windowing)
        // (40000 - 8000) / 4000 + 1, one failure, (20000 - 8000) / 4000 + 1, one failure, 3.
        #expect(rows.count == 9 + 1 + 4 + 1 + 3)
        for (index, row) in rows.enumerated() {
            let rest = try run(recordings, windowing, from: row.next)
            #expect(rest.map(\.next) == rows[(index + 1)...].map(\.next), "after row \(index)")
            for (again, before) in zip(rest, rows[(index + 1)...]) {
                #expect(again.file == before.file)
                #expect((try? again.result.get()) == (try? before.result.get()))
            }
        }
    }

    @Test("what came before the damage is scored, then the failure is told")
    func damaged() throws {
        let path = folder.file("0.npy")
        var samples = noise(600_000)
        samples[500_000] = .nan
        try NPYFile.write(NPYArray(shape: [samples.count], float32: samples), to: path)
        let recordings = RecordingList(inputs: [path, path], filesFrom: nil, options: InputOptions())
        let rows = try run(recordings, Windowing(windows: .init(duration: 4, hop: 4)))
        // Pieces of 2^18 samples: the second has the damage.
        let whole = (1 << 18) / 64000
        #expect(rows.count == 2 * (whole + 1))
        for half in [rows.prefix(whole + 1), rows.suffix(whole + 1)] {
            #expect(half.dropLast().allSatisfy { (try? $0.result.get()) != nil })
            let failure = #expect(throws: ScoringFailure.self) { try half.last?.result.get() }
            #expect(failure?.reason.hasPrefix("not a number or infinite at 31.250 s") == true)
        }
    }

    @Test("a request to stop ends a run without a gap")
    func stopped() throws {
        let recordings = try recordings(Array(repeating: 16000, count: 40))
        let stop = StopRequest()
        var rows: [CorpusRow] = []
        let run = CorpusRun(
            recordings, windowing: Windowing(), channel: nil, minimumSamples: model.architecture.minimumSamples)
        try run.run(on: ExcerptScorer(model, Parallelism(jobs: 2, threads: 1, cores: 2)), stop: stop) {
            rows.append($0)
            if rows.count == 5 { stop.request() }
        }
        #expect(rows.count >= 5 && rows.count < 40)
        #expect(rows.map(\.next.recording) == Array(1...rows.count))
    }
}
