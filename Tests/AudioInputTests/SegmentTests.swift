import AudioInput
import Foundation
import TestSupport
import Testing

@Suite struct SegmentTests {
    /// A resampled segment is filtered in other blocks than the whole, which changes the rounding of float sums: a few
    /// units in the last place at full scale.
    static let rounding = 1e-6

    private static let segments = [
        Segment(start: 0), Segment(start: 0, end: 0.5), Segment(start: 0.7, end: 1.3), Segment(start: 0.25001, end: 2),
        Segment(start: 1.1), Segment(start: 1.9995, end: 2), Segment(start: 0.5, end: 99),
    ]

    /// Speech-like: tones that change, so that a shift or a wrong beginning shows.
    private func sweep(rate: Int) -> [Float] {
        (0..<2 * rate + 77).map { index in
            let time = Double(index) / Double(rate)
            return Float(0.5 * sin(2 * .pi * (100 + 900 * time) * time) + 0.3 * sin(2 * .pi * 3001 * time))
        }
    }

    /// The samples of `whole`, which begins `dropped` frames after the recording does.
    private func part(_ segment: Segment, of whole: [Float], rate: Int, dropped: Int = 0) -> ArraySlice<Float> {
        func samples(_ frames: Double) -> Int { Int((frames * 16_000 / Double(rate)).rounded()) }
        func frames(_ seconds: Double) -> Double { (seconds * Double(rate)).rounded(.toNearestOrEven) }
        let first = samples(frames(segment.start) - Double(dropped))
        let last = segment.end.map { first + samples(frames($0 - segment.start)) }
        return whole[first..<min(last ?? whole.count, whole.count)]
    }

    /// For segments that begin on a sample of the whole file's.
    private func check(_ path: String, rate: Int = 16_000, tolerance: Double) throws {
        let whole = try AudioReader.read(path: path).samples
        for segment in Self.segments {
            let samples = try AudioReader.read(path: path, segment: segment).samples
            let expected = part(segment, of: whole, rate: rate)
            #expect(largestDifference(samples, expected) <= tolerance, "\(segment) of \(path)")
        }
    }

    /// A segment that begins between two samples of the whole file's has those of a file that begins so many frames
    /// later.
    @Test(arguments: [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
    func segmentsBeginOnTheNearestFrame(rate: Int) throws {
        let folder = try TemporaryFolder()
        let frames = sweep(rate: rate)
        let path = try folder.write(WAVBytes(float: frames, rate: rate).bytes, to: "audio.wav")
        for segment in Self.segments + [Segment(start: 1.23457, end: 1.87654), Segment(start: 0.51234)] {
            let period = rate / greatestCommonDivisor(rate, 16_000)
            let dropped = Int((segment.start * Double(rate)).rounded(.toNearestOrEven)) % period
            let later = try folder.write(
                WAVBytes(float: Array(frames[dropped...]), rate: rate).bytes, to: "later-\(dropped).wav")
            let whole = try AudioReader.read(path: later).samples
            let samples = try AudioReader.read(path: path, segment: segment).samples
            let expected = part(segment, of: whole, rate: rate, dropped: dropped)
            #expect(largestDifference(samples, expected) <= (rate == 16_000 ? 0 : Self.rounding), "\(segment)")
        }
    }

    private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

    /// A length is rounded, not an end: as audiofile does it, whose segments have so many frames.
    @Test(arguments: [(0.4, 10.8, 10), (0.6, 10.4, 10), (10.5, 14.5, 4), (3, 5.5, 2)])
    func lengthsAreRounded(start: Double, end: Double, count: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(WAVBytes(float: sweep(rate: 16_000), rate: 16_000).bytes, to: "audio.wav")
        let segment = Segment(start: start / 16_000, end: end / 16_000)
        #expect(try AudioReader.read(path: path, segment: segment).samples.count == count)
    }

    /// A time ends where the file's last frame does, whatever became of it in resampling.
    @Test func aDurationIsThatOfTheFrames() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(WAVBytes(float: sweep(rate: 22_050), rate: 22_050).bytes, to: "audio.wav")
        for (segment, frames) in [
            (nil, 44_177), (Segment(start: 1), 22_127), (Segment(start: 0.5, end: 1), 11_025),
            (Segment(start: 1, end: 99), 22_127),
        ] {
            let stream = try SignalStream(path: path, segment: segment)
            while try !stream.next().isEmpty {}
            #expect(stream.decodedDuration == Double(frames) / 22_050)
        }
    }

    /// Where seeking lands between what the decoder can start from.
    @Test(arguments: [Encoder.flac, Encoder.vorbis, Encoder.opus, Encoder.mp3], [16_000, 48_000])
    func compressedSegmentsToo(format: Encoder.Format, rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("audio.\(format.testDescription)")
        try Encoder.write(sweep(rate: rate), rate: rate, as: format, to: path)
        try check(path, rate: rate, tolerance: Self.rounding)
    }

    @Test func numPySegmentsAreSlices() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("signal.npy")
        try NumPySignalTests.write(sweep(rate: 16_000), shape: [1, 32_077], to: path)
        try check(path, tolerance: 0)
    }

    private static let impossible: [(Double, Double?)] = [
        (-1, nil), (0, 0), (1, 0.5), (.nan, nil), (.infinity, nil), (0, .nan), (0, -1),
    ]

    @Test(arguments: impossible)
    func impossibleSegmentsAreRefused(start: Double, end: Double?) {
        let error = #expect(throws: AudioError.self) {
            try AudioReader.read(path: Fixtures.speech("jfk.wav"), segment: Segment(start: start, end: end))
        }
        guard case .invalidSegment = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [11.0, 12, 1e6, 1e300])
    func aSegmentBehindTheEndIsRefused(start: Double) {
        let path = Fixtures.speech("jfk.wav")
        let error = #expect(throws: AudioError.self) {
            try AudioReader.read(path: path, segment: Segment(start: start))
        }
        guard case .segmentBeyondEnd(_, count: 176_000) = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        if start == 12 {
            #expect(
                error?.description
                    == "\(path): the segment starts at 12.000 s, but the file ends at 11.000 s")
        }
    }
}
