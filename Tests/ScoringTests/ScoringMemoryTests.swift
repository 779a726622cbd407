import AudioInput
import Corpus
import Foundation
import Machine
import NumPyFiles
import Synchronization
import TestSupport
import Testing
import W2V2Engine

@testable import Scoring

@Suite("Memory for scoring")
struct ScoringMemoryTests {
    private func model(threads: Int = 1) throws -> EmotionModel {
        try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"), options: EngineOptions(threads: threads))
    }

    private static func silence(seconds: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let count = seconds * Signal.sampleRate * 2
        func number(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(value >> (8 * $0) & 255) } }
        bytes += Array("RIFF".utf8) + number(36 + count, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + number(1, 2)
        bytes += number(1, 2) + number(16000, 4) + number(32000, 4) + number(2, 2) + number(16, 2)
        return bytes + Array("data".utf8) + number(count, 4) + [UInt8](repeating: 0, count: count)
    }

    #if os(Linux)
        @Test(
            "is what scoring takes in truth, to a quarter and 10 MB",
            arguments: [(60, 1), (120, 1), (300, 1), (120, 2), (120, 3)])
        func truth(seconds: Int, threads: Int) async throws {
            // Peaks are those of a process: each has its own.
            await #expect(processExitsWith: .success) { [seconds = seconds as Int, threads = threads as Int] in
                let (taken, expected) = try ScoringMemoryTests.peak(seconds: seconds, threads: threads)
                #expect(taken <= 1.02 * expected, "\(taken) of \(expected) bytes")
                #expect(expected <= 1.25 * taken + 1e7, "\(taken) of \(expected) bytes")
            }
        }

        /// How much more is resident at most while a recording is decoded and scored, and how much more is expected.
        private static func peak(seconds: Int, threads: Int) throws -> (taken: Double, expected: Double) {
            let model = try EmotionModel(
                contentsOf: Fixtures.model("torch1.10-opset11"), options: EngineOptions(threads: threads))
            _ = try model.predict([Float](repeating: 0.1, count: 16_000))
            let folder = try TemporaryFolder()
            let file = try folder.write(silence(seconds: seconds), to: "silence.wav")
            let memory = ScoringMemory(of: model, threads: threads, available: { nil })
            let before = try resident("VmRSS:")
            let recording = Recording(name: "silence.wav", path: file)
            let excerpt = try Excerpt(reading: recording, channel: nil, minimumSamples: 1, memory: memory)
            _ = try model.predict(excerpt.samples)
            return (Double(try resident("VmHWM:") - before), Double(memory.bytes(samples: seconds * 16_000)))
        }

        private static func resident(_ name: String) throws -> Int {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name) })
            return try #require(Int(line.filter(\.isNumber))) * 1024
        }
    #endif

    @Test("grows with the recording and the threads, and doesn't overflow")
    func sizes() throws {
        let memory = ScoringMemory(of: try model(), threads: 1)
        let more = ScoringMemory(of: try model(), threads: 4)
        #expect(memory.bytes(samples: 0) < 8_000_000)
        for samples in [400, 16_000, 1_000_000, 1 << 31] {
            #expect(memory.bytes(samples: 2 * samples) > memory.bytes(samples: samples))
            #expect(more.bytes(samples: samples) > memory.bytes(samples: samples))
        }
        #expect(memory.bytes(samples: 1 << 61) == .max)
        let rest = ScoringMemory(of: try model(), threads: 1, rest: { $0 * 10 })
        #expect(rest.bytes(samples: 1000) == memory.bytes(samples: 1000) + 10_000)
        #expect(ScoringMemory(of: try model(), threads: 1, rest: { _ in .max }).bytes(samples: 1000) == .max)
    }

    @Test("that is missing is an error before anything is decoded, and in the words of the recording")
    func refusal() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.silence(seconds: 120), to: "a.wav")
        let recording = Recording(name: "a.wav", path: path)
        let memory = ScoringMemory(of: try model(), threads: 1, available: { 20_000_000 })
        let error = #expect(throws: AudioError.self) {
            try Excerpt(reading: recording, channel: nil, minimumSamples: 400, memory: memory)
        }
        let message = try #require(error).description
        let needed = Int((Double(memory.bytes(samples: 120 * 16_000)) / 1e6).rounded(.up))
        #expect(message.hasSuffix(": 2 min need \(needed) MB of memory at once, and less is free"), "\(message)")
        #expect(error?.reason.isSystemFailure == false)
        // A part of it fits.
        let part = Recording(name: "a.wav", path: path, segment: Segment(start: 1, end: 3))
        #expect(throws: Never.self) {
            try Excerpt(reading: part, channel: nil, minimumSamples: 400, memory: memory)
        }
        var reader = try ExcerptReader(
            recording, channel: nil, windowing: Windowing(maximumDuration: 5), minimumSamples: 400, memory: memory)
        #expect(try reader.next()?.samples.count == 80_000)
        reader = try ExcerptReader(
            Recording(name: "a.wav", path: path, segment: Segment(start: 0, end: 1)), channel: nil,
            windowing: Windowing(minimumDuration: 100), minimumSamples: 400, memory: memory)
        #expect(throws: AudioError.self) { try reader.next() }
    }

    @Test("of recordings that don't fit together is theirs one after the other, and windows share it")
    func together() throws {
        let folder = try TemporaryFolder()
        for index in 0..<6 { try folder.write(Self.silence(seconds: 10 + index), to: "\(index).wav") }
        let recordings = RecordingList(inputs: [folder.path])
        let model = try model()
        for windows in [nil, Windowing.Windows(duration: 3)] {
            let run = CorpusRun(
                recordings, windowing: Windowing(windows: windows), channels: .mean, minimumSamples: 400)
            let needed = ScoringMemory(of: model, threads: 1).bytes(samples: 15 * 16_000)
            for free in [needed, needed + needed / 2, 10 * needed] {
                let scorer = ExcerptScorer(
                    model, Parallelism(jobs: 3, threads: 1, cores: 3), outputs: ["logits"], available: { free })
                var rows = 0
                try run.run(on: scorer) { result, _, _ in
                    _ = try result.get()
                    rows += 1
                }
                #expect(rows == (windows == nil ? 6 : 42))
            }
            let scorer = ExcerptScorer(
                model, Parallelism(jobs: 3, threads: 1, cores: 3), outputs: ["logits"], available: { 1000 })
            var failures = 0
            try run.run(on: scorer) { result, _, _ in
                let failure = #expect(throws: RowFailure.self) { try result.get() }
                guard case .needsMemory? = failure?.reason as? AudioError.Reason else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                failures += 1
            }
            #expect(failures == (windows == nil ? 6 : 42))
        }
    }

    @Test("of a long recording is given back when it is scored")
    func givenBack() throws {
        let model = try model()
        let workspace = Workspace(for: model.architecture)
        _ = try model.predict([Float](repeating: 0.1, count: 16_000 * 60), workspace: workspace)
        let large = workspace.byteCount
        #expect(large > 5_000_000)
        #expect(large + 60 * 16_000 * 4 < ScoringMemory(of: model, threads: 1).bytes(samples: 60 * 16_000))
        workspace.release(above: large)
        #expect(workspace.byteCount == large)
        workspace.release(above: large - 1)
        #expect(workspace.byteCount < 1000)
        let signal = noise(16_000)
        #expect(try model.predict(signal, workspace: workspace) == model.predict(signal))
    }
}
