import AudioInput
import NumPyFiles
import TestSupport
import Testing

/// What samples show that can't be meant.
@Suite("Samples") struct SampleNoticeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func notices(
        _ samples: [Float], channels: Int = 1, rate: Int = 16_000, channel: Int? = nil, segment: Segment? = nil
    ) throws -> [AudioNotice] {
        let wav = WAVBytes(float: samples, channels: channels, rate: rate)
        return try AudioReader.read(path: folder.write(wav.bytes, to: "a.wav"), channel: channel, segment: segment)
            .notices
    }

    private func numPyNotices(_ samples: [Float], segment: Segment? = nil) throws -> [AudioNotice] {
        let path = folder.file("a.npy")
        try NPYFile.write(NPYArray(shape: [samples.count], float32: samples), to: path)
        return try AudioReader.read(path: path, segment: segment).notices
    }

    private let speech = sine(200, rate: 16_000, count: 32_000).map { $0 * 0.5 }

    /// Frames of these channels.
    private func interleaved(_ channels: [[Float]]) -> [Float] {
        channels[0].indices.flatMap { index in channels.map { $0[index] } }
    }

    @Test("of channels that cancel each other") func cancelled() throws {
        let opposite = interleaved([speech, speech.map { -$0 }])
        #expect(try notices(opposite, channels: 2) == [.cancelledChannels])
        #expect(try notices(opposite, channels: 2, rate: 44_100) == [.cancelledChannels])
        // Nearly, and with a constant beside.
        #expect(
            try notices(interleaved([speech, speech.map { 0.01 - 0.99 * $0 }]), channels: 2) == [.cancelledChannels])
        let four = interleaved([speech, speech.map { -$0 }, speech, speech.map { -$0 }])
        #expect(try notices(four, channels: 4) == [.cancelledChannels])
        // One of them alone, equal ones, one that is silent, and two that have nothing to do with each other.
        let other = sine(333, rate: 16_000, count: 32_000).map { $0 * 0.4 }
        let silent = [Float](repeating: 0, count: speech.count)
        #expect(try notices(opposite, channels: 2, channel: 1).isEmpty)
        for second in [speech, silent, other] {
            #expect(try notices(interleaved([speech, second]), channels: 2).isEmpty)
        }
        #expect(try notices(interleaved([silent, silent]), channels: 2) == [.silence])
    }

    @Test("that are all zero") func silence() throws {
        let zeros = [Float](repeating: 0, count: 20_000)
        #expect(try notices(zeros) == [.silence])
        #expect(try notices(zeros, rate: 8_000) == [.silence])
        #expect(try numPyNotices(zeros) == [.silence])
        #expect(try notices(zeros + [0.001]).isEmpty)
        // Only what is asked for counts.
        #expect(try notices(zeros + speech, segment: Segment(start: 0, end: 1)) == [.silence])
        #expect(try notices(zeros + speech, segment: Segment(start: 1.5, end: 3)).isEmpty)
    }

    @Test("that were not divided by 32768") func outOfRange() throws {
        let large = speech.map { ($0 * 32_768).rounded() }
        for notices in [try notices(large), try numPyNotices(large)] {
            guard case .outOfRange(let peak)? = notices.first else {
                Issue.record("\(notices)")
                continue
            }
            #expect(abs(peak - 8_192) < 50)
        }
        // Decoders of lossy formats exceed full scale, and some float files do.
        #expect(try notices(speech.map { $0 * 7 }).isEmpty)
        #expect(try notices(interleaved([large, large]), channels: 2).count == 1)
    }

    @Test("fewer than the segment asks for") func segmentCut() throws {
        #expect(try notices(speech, segment: Segment(start: 0, end: 103)) == [.segmentCut(end: 103, found: 2)])
        #expect(try notices(speech, segment: Segment(start: 1, end: 3)) == [.segmentCut(end: 3, found: 2)])
        #expect(try numPyNotices(speech, segment: Segment(start: 1, end: 3)) == [.segmentCut(end: 3, found: 2)])
        for end in [1.5, 2, 2.9] {
            #expect(try notices(speech, segment: Segment(start: 1, end: end)).isEmpty)
            #expect(try numPyNotices(speech, segment: Segment(start: 1, end: end)).isEmpty)
        }
    }
}
