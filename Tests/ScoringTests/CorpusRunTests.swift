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

    /// A row or a failure, and the position after it.
    private typealias Outcome = (result: Result<Row, RowFailure>, position: RunPosition)

    private func run(
        _ recordings: RecordingList, _ windowing: Windowing, jobs: Int = 2, from position: RunPosition = RunPosition(),
        stages: [Stage] = []
    ) throws -> [Outcome] {
        var rows: [Outcome] = []
        let run = CorpusRun(
            recordings, windowing: windowing, channel: nil, minimumSamples: model.architecture.minimumSamples)
        try run.run(on: scorer(jobs: jobs, stages: stages), from: position) { result, position, _ in
            rows.append((result, position))
        }
        return rows
    }

    private func scorer(jobs: Int, stages: [Stage] = []) -> ExcerptScorer {
        ExcerptScorer(
            model, Parallelism(jobs: jobs, threads: 1, cores: 2), outputs: model.architecture.outputs, stages: stages)
    }

    private func file(_ outcome: Outcome) -> String {
        switch outcome.result {
        case .success(let row): row.file
        case .failure(let failure): failure.file
        }
    }

    private func place(_ outcome: Outcome) -> [Int] { [outcome.position.recording, outcome.position.window] }

    @Test("rows are in the inputs' order and have the model's own numbers", arguments: [1, 2, 5])
    func whole(jobs: Int) throws {
        let counts: [Int?] = [16000, 400, nil, 30000, 399, 5000, 7001, 8000, 16000]
        let stages: [Stage] = [.positionalEmbedding, .encoderLayer(1)]
        let rows = try run(recordings(counts), Windowing(), jobs: jobs, stages: stages)
        #expect(rows.map(file) == counts.indices.map { folder.file("\($0).npy") })
        #expect(rows.map(place) == counts.indices.map { [$0 + 1, 0] })
        #expect(rows.last?.position.rows == 7)
        #expect(rows.last?.position.failures == 2)
        for (index, count) in counts.enumerated() {
            guard let count, count >= 400 else {
                let failure = #expect(throws: RowFailure.self) { try rows[index].result.get() }
                let expected: AudioError.Reason = count.map { .tooShort(samples: $0, minimum: 400) } ?? .notFound
                #expect(failure?.reason as? AudioError.Reason == expected)
                continue
            }
            let row = try rows[index].result.get()
            let samples = noise(count, seed: UInt64(index))
            let states = try model.states(samples, StateSelection(stages: Set(stages)))
            #expect(row.values == (try model.predict(samples).values) + states.states.compactMap(\.meanOverTime))
            #expect(row.end == Double(count) / 16000)
        }
    }

    @Test("a run from any place on gives the rows that come after it")
    func resumed() throws {
        let recordings = try recordings([40000, nil, 20000, 3000, 16000])
        let windowing = Windowing(windows: .init(duration: 0.5, hop: 0.25))
        let rows = try run(recordings, windowing)
        // (40000 - 8000) / 4000 + 1, one failure, (20000 - 8000) / 4000 + 1, one failure, 3.
        #expect(rows.count == 9 + 1 + 4 + 1 + 3)
        // What overlaps counts once.
        #expect(rows.last?.position.audioSeconds == 2.5 + 1.25 + 1)
        for (index, row) in rows.enumerated() {
            let rest = try run(recordings, windowing, from: row.position)
            #expect(rest.map(place) == rows[(index + 1)...].map(place), "after row \(index)")
            for (again, before) in zip(rest, rows[(index + 1)...]) {
                #expect(file(again) == file(before))
                #expect(again.position.rows == before.position.rows)
                #expect(again.position.failures == before.position.failures)
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
            let failure = #expect(throws: RowFailure.self) { try half.last?.result.get() }
            #expect(failure?.reason as? AudioError.Reason == .nonFinite(position: 31.25))
            #expect(failure.map { "\($0.reason)" }?.hasPrefix("not a number or infinite at 31.250 s") == true)
        }
    }

    @Test("a request to stop ends a run without a gap")
    func stopped() throws {
        let recordings = try recordings(Array(repeating: 16000, count: 40))
        let stop = StopRequest()
        var positions: [RunPosition] = []
        let run = CorpusRun(
            recordings, windowing: Windowing(), channel: nil, minimumSamples: model.architecture.minimumSamples)
        try run.run(on: scorer(jobs: 2), stop: stop) { _, position, _ in
            positions.append(position)
            if positions.count == 5 { stop.request() }
        }
        #expect(positions.count >= 5 && positions.count < 40)
        #expect(positions.map(\.recording) == Array(1...positions.count))
    }

    @Test("notices come with a recording's last window, and are the same after a resume")
    func notices() throws {
        let path = folder.file("loud.npy")
        // What is noticed lies in the first window.
        let samples = (0..<80_000).map { Float($0 < 8_000 ? 20_000 : 0.01) * ($0 % 9 < 4 ? 1 : -1) }
        try NPYFile.write(NPYArray(shape: [samples.count], float32: samples), to: path)
        let recordings = RecordingList(inputs: [path, path], filesFrom: nil, options: InputOptions())
        let windowing = Windowing(windows: .init(duration: 1, hop: 1))
        func notices(_ outcomes: [Outcome]) throws -> [[String]] { try outcomes.map { try $0.result.get().notices } }
        let outcomes = try run(recordings, windowing)
        let notice = AudioNotice.outOfRange(peak: 20_000).description
        let expected = (0..<10).map { $0 % 5 == 4 ? [notice] : [] }
        #expect(try notices(outcomes) == expected)
        for (index, outcome) in outcomes.enumerated() {
            #expect(try notices(run(recordings, windowing, from: outcome.position)) == Array(expected[(index + 1)...]))
        }
    }
}
