import AudioInput
import Foundation
import TestSupport
import Testing

@Suite struct SegmentTests {
    /// A resampled segment is filtered in other blocks than the whole, which changes the rounding of float sums: a few
    /// units in the last place at full scale.
    static let rounding: Float = 1e-6

    private static let segments = [
        Segment(start: 0), Segment(start: 0, end: 0.5), Segment(start: 0.7, end: 1.3), Segment(start: 0.25001, end: 2),
        Segment(start: 1.1), Segment(start: 1.9993, end: 2), Segment(start: 0.5, end: 99),
    ]

    /// Speech-like: tones that change, so that a shift or a wrong beginning shows.
    private func sweep(rate: Int) -> [Float] {
        (0..<2 * rate + 77).map { index in
            let time = Double(index) / Double(rate)
            return Float(0.5 * sin(2 * .pi * (100 + 900 * time) * time) + 0.3 * sin(2 * .pi * 3001 * time))
        }
    }

    private func check(_ path: String, tolerance: Float) throws {
        let whole = try AudioReader.read(path: path).samples
        for segment in Self.segments {
            let part = try AudioReader.read(path: path, segment: segment).samples
            let first = Int((segment.start * 16_000).rounded())
            let last = min(segment.end.map { Int(($0 * 16_000).rounded()) } ?? whole.count, whole.count)
            #expect(largestDifference(part, whole[first..<last]) <= tolerance, "\(segment) of \(path)")
        }
    }

    @Test(arguments: [8000, 11_025, 16_000, 22_050, 44_099, 44_100, 48_000, 96_000])
    func segmentsAreThoseOfTheWhole(rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(WAVBytes(float: sweep(rate: rate), rate: rate).bytes, to: "audio.wav")
        try check(path, tolerance: rate == 16_000 ? 0 : Self.rounding)
    }

    /// Where seeking lands between what the decoder can start from.
    @Test(arguments: [Encoder.flac, Encoder.vorbis, Encoder.opus, Encoder.mp3], [16_000, 48_000])
    func compressedSegmentsToo(format: Encoder.Format, rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("audio.\(format.testDescription)")
        try Encoder.write(sweep(rate: rate), rate: rate, as: format, to: path)
        try check(path, tolerance: Self.rounding)
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
