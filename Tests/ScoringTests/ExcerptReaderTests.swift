import AudioInput
import Corpus
import NumPyFiles
import TestSupport
import Testing

@testable import Scoring

/// Signals are ramps: sample n has the value n, so that a window shows where it was cut.
@Suite struct ExcerptReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func ramp(_ count: Int, segment: Segment? = nil) throws -> Recording {
        let path = folder.file("ramp.npy")
        try NPYFile.write(NPYArray(shape: [count], float32: (0..<count).map(Float.init)), to: path)
        return Recording(name: "ramp", path: path, segment: segment)
    }

    private func excerpts(
        _ recording: Recording, _ windowing: Windowing, minimumSamples: Int = 1, skipping count: Int = 0
    ) throws -> [Excerpt] {
        var reader = try ExcerptReader(
            recording, channel: nil, windowing: windowing, minimumSamples: minimumSamples)
        try reader.skip(count)
        var excerpts: [Excerpt] = []
        while let excerpt = try reader.next() { excerpts.append(excerpt) }
        #expect(try reader.next() == nil, "the end stays the end")
        return excerpts
    }

    struct Case: Sendable {
        let samples: Int
        let window: Double?
        let hop: Double?
        var minimum: Double?
        var maximum: Double?
        let count: Int
        /// Start and end in seconds, first and last sample.
        let last: (Double, Double, Float, Float)
        /// In samples.
        let length: Int
    }

    @Test(
        "cuts as audinterface 1.4.0 does",
        arguments: [
            Case(samples: 32000, window: 1, hop: nil, count: 3, last: (1, 2, 16000, 31999), length: 16000),
            Case(samples: 40000, window: 1, hop: 0.25, count: 7, last: (1.5, 2.5, 24000, 39999), length: 16000),
            Case(samples: 39999, window: 0.3, hop: 0.1, count: 22, last: (2.1, 2.4, 33600, 38399), length: 4800),
            Case(samples: 16000, window: 1, hop: 1, count: 1, last: (0, 1, 0, 15999), length: 16000),
            Case(samples: 16001, window: 0.7, hop: 1.1, count: 1, last: (0, 0.7, 0, 11199), length: 11200),
            Case(samples: 50000, window: 2.3, hop: 0.7, count: 2, last: (0.7, 3, 11200, 47999), length: 36800),
            Case(samples: 48000, window: 0.5, hop: 0.75, count: 4, last: (2.25, 2.75, 36000, 43999), length: 8000),
            Case(
                samples: 8000, window: 1, hop: 0.5, minimum: 1.5, count: 2, last: (0.5, 1.5, 0, 0), length: 16000),
            Case(
                samples: 80000, window: 1, hop: 0.5, maximum: 2.2, count: 3, last: (1, 2, 16000, 31999),
                length: 16000),
            Case(
                samples: 80000, window: nil, hop: nil, maximum: 2.2, count: 1, last: (0, 2.2, 0, 35199),
                length: 35200),
            Case(samples: 8000, window: nil, hop: nil, minimum: 1.3, count: 1, last: (0, 1.3, 0, 0), length: 20800),
        ])
    func asTheReference(expected: Case) throws {
        let windowing = Windowing(
            windows: expected.window.map { .init(duration: $0, hop: expected.hop) },
            minimumDuration: expected.minimum, maximumDuration: expected.maximum)
        let excerpts = try excerpts(ramp(expected.samples), windowing)
        #expect(excerpts.count == expected.count)
        let last = try #require(excerpts.last)
        #expect(last.start == expected.last.0)
        #expect(last.end == expected.last.1)
        #expect(last.samples.first == expected.last.2)
        #expect(last.samples.last == expected.last.3)
        #expect(excerpts.allSatisfy { $0.samples.count == expected.length })
    }

    /// Longer than the pieces that a file is read in.
    @Test(
        "cuts long recordings as short ones",
        arguments: [(1.0, 0.5), (20, 10), (3, 7), (0.1, 0.1), (40, 40), (17.3, 0.9)], [0.0, 0.4])
    func long(window: (Double, Double), start: Double) throws {
        let count = 700_001
        let segment = start == 0 ? nil : Segment(start: start, end: 43)
        let (first, end) = (Int(start * 16000), segment == nil ? count : 43 * 16000)
        let (length, hop) = (Int(window.0 * 16000), Int(window.1 * 16000))
        let expected = stride(from: first, through: end - length, by: hop).map { Float($0) }
        let recording = try ramp(count, segment: segment)
        let windowing = Windowing(windows: .init(duration: window.0, hop: window.1))
        let excerpts = try excerpts(recording, windowing)
        #expect(excerpts.map { $0.samples[0] } == expected)
        for excerpt in excerpts {
            #expect(excerpt.samples == (0..<length).map { excerpt.samples[0] + Float($0) })
            #expect(abs(excerpt.start * 16000 - Double(excerpt.samples[0])) < 1e-4)
        }
        // What is skipped changes nothing of what comes after it.
        for skipped in [1, excerpts.count - 1, excerpts.count] where skipped >= 0 && skipped <= excerpts.count {
            #expect(try self.excerpts(recording, windowing, skipping: skipped) == Array(excerpts[skipped...]))
        }
    }

    @Test(
        "a last window is padded where that is asked for",
        arguments: [
            // Samples, window, hop, then the windows' first samples, and how much of the last one is the recording's.
            (16000, 1.0, 0.5, [0], 16000), (16001, 1, 0.5, [0, 8000], 8001), (24000, 1, 0.5, [0, 8000], 16000),
            (8000, 1, 0.5, [0], 8000), (30000, 1, 1, [0, 16000], 14000), (20000, 0.5, 1, [0, 16000], 4000),
            (9000, 0.5, 1, [0], 8000),
        ] as [(Int, Double, Double, [Int], Int)])
    func padding(samples: Int, window: Double, hop: Double, firsts: [Int], heard: Int) throws {
        let windowing = Windowing(windows: .init(duration: window, hop: hop, padsLast: true))
        let excerpts = try excerpts(ramp(samples), windowing)
        #expect(excerpts.map { Int($0.samples[0]) } == firsts)
        let last = try #require(excerpts.last)
        #expect(last.samples.count == Int(window * 16000))
        #expect(last.samples[heard...].allSatisfy { $0 == 0 })
        #expect(last.samples[..<heard].last == Float((firsts.last ?? 0) + heard - 1))
        #expect(last.end == Double((firsts.last ?? 0) + heard) / 16000)
    }

    @Test("a recording without a window says so")
    func tooShortForAWindow() throws {
        let recording = try ramp(15999)
        let error = #expect(throws: ExcerptError.self) {
            try excerpts(recording, Windowing(windows: .init(duration: 1)))
        }
        #expect(error?.description == "0.9999375 s is shorter than a window of 1.0 s")
    }

    @Test("a recording too short for the model is refused, unless it is padded")
    func tooShortForTheModel() throws {
        let recording = try ramp(399)
        let error = #expect(throws: AudioError.self) {
            try excerpts(recording, Windowing(), minimumSamples: 400)
        }
        #expect(error?.reason == .tooShort(samples: 399, minimum: 400))
        let padded = try excerpts(recording, Windowing(minimumDuration: 0.5), minimumSamples: 400)
        #expect(padded.map(\.samples.count) == [8000])
    }

    @Test("a segment ends where its table says, a whole recording where it ends")
    func ends() throws {
        #expect(try excerpts(ramp(16000), Windowing()).map(\.end) == [1])
        #expect(try excerpts(ramp(16000, segment: Segment(start: 0.5, end: 0.75)), Windowing()).map(\.end) == [0.75])
        #expect(try excerpts(ramp(16000, segment: Segment(start: 0.5)), Windowing()).map(\.end) == [1])
        for end in [1.0001, 1.5, 103] {
            let excerpts = try excerpts(ramp(16000, segment: Segment(start: 0.5, end: end)), Windowing())
            #expect(excerpts.map(\.end) == [1])
            #expect(excerpts[0].notices.contains(.segmentCut(end: end, found: 1)) == (end == 103))
        }
        let cut = Windowing(maximumDuration: 0.25)
        #expect(try excerpts(ramp(16000, segment: Segment(start: 0.5, end: 0.75)), cut).map(\.end) == [0.75])
        #expect(try excerpts(ramp(16000, segment: Segment(start: 0.5, end: 0.9)), cut).map(\.end) == [0.75])
    }

    @Test(
        "impossible durations are refused",
        arguments: [
            Windowing(windows: .init(duration: 0.01)), Windowing(windows: .init(duration: .nan)),
            Windowing(windows: .init(duration: -1)), Windowing(windows: .init(duration: 1, hop: 0)),
            Windowing(windows: .init(duration: 1, hop: .infinity)), Windowing(windows: .init(duration: 1e9)),
            Windowing(minimumDuration: 0), Windowing(maximumDuration: 0.001), Windowing(maximumDuration: .nan),
            Windowing(minimumDuration: 3, maximumDuration: 2),
        ])
    func impossible(windowing: Windowing) {
        #expect(throws: WindowingError.self) { try windowing.check(minimumSamples: 400) }
    }
}
