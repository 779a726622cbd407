import AudioInput
import CSndfile
import Foundation
import TestSupport
import Testing

@Suite struct CompressedTests {
    /// In decibels. The encoders' default settings leave 39 to 42 on a sine.
    private static let lossyBound = 35.0
    private static let lossless = [
        Encoder.flac, Encoder.aiff, Encoder.au, Encoder.caf, Encoder.w64, Encoder.rf64,
    ]
    private static let lossy = [Encoder.vorbis, Encoder.opus, Encoder.mp3]

    @Test(arguments: lossless)
    func losslessFormatsAreExact(format: Encoder.Format) throws {
        let folder = try TemporaryFolder()
        let samples = (0..<20_011).map { Int16(truncatingIfNeeded: $0 &* 7919) }
        let path = folder.file("audio.\(format.testDescription)")
        try Encoder.write(int16: samples, rate: 16_000, as: format, to: path)
        #expect(try AudioReader.read(path: path).samples == samples.map { Float($0) / 32768 })
    }

    @Test(arguments: lossy)
    func lossyFormatsAreCloseAndNotShifted(format: Encoder.Format) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("audio.\(format.testDescription)")
        try Encoder.write(sine(440, rate: 48_000, count: 96_000), rate: 48_000, as: format, to: path)
        let signal = try AudioReader.read(path: path).samples
        #expect(signalToNoise(signal, sine(440, rate: 16_000, count: 32_000)) > Self.lossyBound)
    }

    /// A file cut anywhere is refused, whatever its format: what is left of it is not the recording. If only a few samples
    /// are missing, and it is known that they are all, that is a notice.
    @Test(arguments: lossless + lossy)
    func whatIsCutShortIsRefused(format: Encoder.Format) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("audio.\(format.testDescription)")
        try Encoder.write(sine(440, rate: 16_000, count: 16_000), rate: 16_000, as: format, to: path)
        let whole = try Data(contentsOf: URL(filePath: path))
        // CAF ends with a chunk of padding that may be missing.
        let audioEnd = whole.count - (format.testDescription == "caf" ? 4096 : 0)
        for count in [1, 10, 40, 60, 200, 1000, audioEnd / 3, audioEnd / 2] {
            let cut = try folder.write(whole.prefix(count), to: "cut")
            let error = #expect(throws: AudioError.self, "\(count) of \(whole.count) bytes") {
                try AudioReader.read(path: cut)
            }
            #expect(error?.file == cut)
        }
        for count in [audioEnd - 300, audioEnd - 2] {
            let cut = try folder.write(whole.prefix(count), to: "cut")
            do throws(AudioError) {
                let notices = try AudioReader.read(path: cut).notices
                #expect(notices.first?.description.hasPrefix("its header declares") == true, "\(notices)")
            } catch {
                #expect(error.file == cut)
            }
        }
    }

    @Test(arguments: [Encoder.flac, Encoder.vorbis, Encoder.mp3])
    func damageIsNoTrap(format: Encoder.Format) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("audio.\(format.testDescription)")
        try Encoder.write(sine(440, rate: 16_000, count: 16_000), rate: 16_000, as: format, to: path)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for start in stride(from: 0, to: whole.count - 40, by: whole.count / 12) {
            var damaged = whole
            for index in start..<start + 40 { damaged[index] ^= UInt8(truncatingIfNeeded: index &* 37 | 1) }
            // Decoders conceal what they can; what they give must be finite and of a sane length.
            if let signal = try? AudioReader.read(path: folder.write(damaged, to: "damaged")) {
                #expect(signal.samples.allSatisfy { $0.isFinite })
            }
        }
    }
}

/// MP3 files without a tag that tells their length.
@Suite struct UntaggedMP3Tests {
    private let rate = 44_100

    /// The file without its first frame, which has the tag.
    private func untagged(_ samples: [Float], in folder: TemporaryFolder) throws -> [UInt8] {
        let path = folder.file("tagged.mp3")
        try Encoder.write(samples, rate: rate, as: Encoder.mp3, to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let next = try #require((4..<bytes.count - 1).first { bytes[$0] == 0xFF && bytes[$0 + 1] == bytes[1] })
        return Array(bytes[next...])
    }

    /// Half sine, half noise: its frames have very different sizes.
    private var changing: [Float] {
        var state: UInt32 = 1
        return sine(1000, rate: rate, count: 2 * rate).enumerated().map { index, value in
            state = state &* 1_664_525 &+ 1_013_904_223
            return index % 30_000 < 15_000 ? value : Float(Int32(bitPattern: state)) / 4_294_967_296
        }
    }

    @Test func aVariableBitRateIsReadToTheEnd() throws {
        let folder = try TemporaryFolder()
        let bytes = try untagged(changing, in: folder)
        let path = try folder.write(bytes, to: "untagged.mp3")
        let signal = try AudioReader.read(path: path)
        // 88,200 frames, the encoder's delay, rounded up to whole MP3 frames of 1152.
        #expect(abs(signal.duration - 2.03) < 0.02)
        // An ID3 tag before and behind changes nothing.
        let id3 = Array("ID3".utf8) + [4, 0, 0, 0, 0, 1, 0] + [UInt8](repeating: 0, count: 128)
        let id3v1 = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
        let named = try folder.write(id3 + bytes + id3v1, to: "named.mp3")
        #expect(try AudioReader.read(path: named) == signal)
    }

    @Test func whatLibsndfileReadsIsReadTheSame() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(untagged(changing, in: folder), to: "untagged.mp3")
        var info = SF_INFO()
        let file = try #require(sf_open(path, Int32(SFM_READ), &info))
        defer { sf_close(file) }
        // At its own rate, so that nothing but the decoder is between the two.
        var plain = [Float](repeating: 0, count: 20_000)
        #expect(sf_readf_float(file, &plain, 20_000) == 20_000)
        let rateIs16k = try folder.write(WAVBytes(float: plain, rate: rate).bytes, to: "plain.wav")
        let expected = try AudioReader.read(path: rateIs16k).samples.prefix(6000)
        let signal = try AudioReader.read(path: path).samples.prefix(6000)
        #expect(largestDifference(signal, expected) <= SegmentTests.rounding)
    }

    @Test func segmentsAreThoseOfTheWhole() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(untagged(changing, in: folder), to: "untagged.mp3")
        let whole = try AudioReader.read(path: path).samples
        let part = try AudioReader.read(path: path, segment: Segment(start: 1, end: 1.5)).samples
        #expect(largestDifference(part, whole[16_000..<24_000]) <= SegmentTests.rounding)
        let tail = try AudioReader.read(path: path, segment: Segment(start: 1.5, end: 100)).samples
        #expect(largestDifference(tail, whole[24_000...]) <= SegmentTests.rounding)
        let error = #expect(throws: AudioError.self) {
            try AudioReader.read(path: path, segment: Segment(start: 3))
        }
        #expect(error?.reason == .segmentBeyondEnd(first: 48_000, count: whole.count))
    }
}
