import AudioInput
import CSndfile
import Foundation
import TestSupport
import Testing

/// MP3 files as they are found: with what doesn't belong, and with tags that are wrong.
@Suite struct MP3Tests {
    private let folder: TemporaryFolder
    private let mp3: MP3Bytes
    /// Of the untagged file.
    private let plain: Signal
    /// Of the tagged one.
    private let trimmed: Signal
    /// A frame has 576 samples at this rate.
    private static let rate = 16_000

    init() throws {
        folder = try TemporaryFolder()
        mp3 = try MP3Bytes(sine(440, rate: Self.rate, count: 48_000), rate: Self.rate)
        plain = try AudioReader.read(mp3.untagged, name: "untagged")
        trimmed = try AudioReader.read(mp3.tagged, name: "tagged")
    }

    private func read(_ bytes: [UInt8]) throws -> Signal { try AudioReader.read(bytes, name: "changed") }

    @Test func aTagTrimsWhatTheEncoderAdded() {
        #expect(trimmed.samples.count == 48_000)
        #expect(plain.samples.count == mp3.frames.count * 576)
        #expect(Array(plain.samples[1105...].prefix(48_000)) == trimmed.samples)
    }

    /// Libsndfile decodes with the same library.
    @Test(arguments: [16_000, 44_100])
    func libsndfileGivesTheSame(rate: Int) throws {
        let mp3 = try MP3Bytes(sine(440, rate: rate, count: 60_001), rate: rate)
        let path = try folder.write(mp3.tagged, to: "tagged.mp3")
        var info = SF_INFO()
        let file = try #require(sf_open(path, Int32(SFM_READ), &info))
        defer { sf_close(file) }
        var samples = [Float](repeating: 0, count: 60_001)
        #expect(info.frames == 60_001)
        #expect(sf_readf_float(file, &samples, 60_001) == 60_001)
        let wav = try folder.write(WAVBytes(float: samples, rate: rate).bytes, to: "same.wav")
        #expect(try largestDifference(read(mp3.tagged).samples, AudioReader.read(path: wav).samples[...]) <= 1e-6)
    }

    @Test func whatLiesBeforeAndBehindIsPassedOver() throws {
        let junk = (0..<1500).map { UInt8($0 * 7 % 251) }
        let zeros = [UInt8](repeating: 0, count: 129)
        let ape = Array("APETAGEX".utf8) + little(UInt32(2000), UInt32(32), UInt32(0), UInt32(0), UInt32(0), UInt32(0))
        let before: [[UInt8]] = [
            [0], zeros, junk, MP3Bytes.id3(300), MP3Bytes.id3(300) + MP3Bytes.id3(10), MP3Bytes.id3(300) + zeros,
            zeros + MP3Bytes.id3(300), MP3Bytes.id3(300, declared: 290), MP3Bytes.id3(300, declared: 0),
            MP3Bytes.id3(20, declared: 100_000), [UInt8](repeating: 0xFF, count: 1000),
        ]
        for bytes in before {
            #expect(try read(bytes + mp3.untagged) == plain, "\(bytes.count) bytes: \(bytes.prefix(12))")
            #expect(try read(bytes + mp3.tagged) == trimmed, "\(bytes.count) bytes: \(bytes.prefix(12))")
        }
        for bytes in [MP3Bytes.id3v1, zeros, ape, ape + MP3Bytes.id3v1] {
            #expect(try read(mp3.untagged + bytes) == plain, "\(bytes.count) bytes: \(bytes.prefix(12))")
            #expect(try read(mp3.tagged + bytes) == trimmed, "\(bytes.count) bytes: \(bytes.prefix(12))")
        }
        let signal = try read(mp3.tagged + MP3Bytes.id3v1 + junk)
        #expect(signal.samples == trimmed.samples)
        #expect(signal.notices == [.furtherBytes(junk.count)])
    }

    @Test func whatLiesBetweenIsPassedOver() throws {
        let (first, second) = (mp3.frames[..<40].joined(), mp3.frames[40...].joined())
        for bytes in [MP3Bytes.id3(200), MP3Bytes.id3(200, declared: 20)] {
            #expect(try read(first + bytes + second) == plain)
        }
        for bytes in [[1], (0..<700).map { UInt8($0 % 251) }] {
            let signal = try read(first + bytes + second)
            #expect(signal.samples == plain.samples)
            #expect(signal.notices == [.damagedFrames(count: 1, first: 40 * 576 / 16_000.0)])
        }
    }

    @Test func wrongLengthsInATagDoNotCut() throws {
        for (frames, bytes) in [(0, nil), (nil, 0), (0, 0), (10, nil), (10, 1000), (1000, mp3.tagged.count)] {
            let signal = try read(mp3.tag(frames: frames, bytes: bytes) + mp3.untagged)
            #expect(signal.samples.starts(with: trimmed.samples), "\(frames ?? -1), \(bytes ?? -1)")
        }
        for more in 1...2 {
            let count = mp3.frames.count
            let bytes = mp3.frames[..<(count - more)].joined()
            #expect(abs(try read(mp3.tag + bytes).samples.count - 48_000) <= 576 * more)
            #expect(try read(mp3.tag(frames: count + more) + mp3.untagged).samples.starts(with: trimmed.samples))
        }
        let half = mp3.tag + mp3.frames[..<40].joined()
        let error = #expect(throws: AudioError.self) { try read(half) }
        #expect(error?.reason == .truncated(declared: 48_000, found: 40 * 576 - 1105, unit: .frames))
    }

    @Test func joinedFilesAreReadToTheEnd() throws {
        for between in [[], MP3Bytes.id3v1, MP3Bytes.id3(100), MP3Bytes.id3v1 + MP3Bytes.id3(100)] {
            let untagged = try read(mp3.untagged + between + mp3.untagged)
            #expect(untagged.samples.count == 2 * plain.samples.count)
            let tagged = try read(mp3.tagged + between + mp3.tagged)
            #expect(tagged.samples.count == 2 * plain.samples.count - 1105)
            #expect(Array(tagged.samples) == Array(untagged.samples[1105...]))
            // Frames of the first part lie in the filters for two frames.
            let second = untagged.samples[(plain.samples.count + 1152)...]
            #expect(largestDifference(second, plain.samples[1152...]) <= SegmentTests.rounding)
        }
    }

    @Test func aChangeOfTheRateIsAnError() throws {
        let other = try MP3Bytes(sine(440, rate: 22_050, count: 44_100), rate: 22_050)
        let error = #expect(throws: AudioError.self) { try read(mp3.untagged + other.untagged) }
        guard case .damaged(let position, _) = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(position == plain.duration)
    }

    @Test func otherContainersAreNotSearched() throws {
        for magic in ["PK\u{3}\u{4}", "fLaC", "FORM", "RIFF"] {
            #expect(throws: AudioError.self) { try read(Array(magic.utf8) + [0, 0, 0, 0] + mp3.untagged) }
        }
    }

    @Test(arguments: [UInt16(0x50), 0x55])
    func mpegInWAVIsWhole(tag: UInt16) throws {
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
            Array(name.utf8) + little(UInt32(content.count)) + content + (content.count % 2 == 0 ? [] : [0])
        }
        let format = little(tag, UInt16(1)) + little(UInt32(16_000), UInt32(4000)) + little(UInt16(1), UInt16(0))
        for content in [mp3.untagged, mp3.tagged] {
            let chunks = chunk("fmt ", format) + chunk("fact", little(UInt32(99_999))) + chunk("data", content)
            let bytes = chunk("RIFF", Array("WAVE".utf8) + chunks)
            #expect(try read(bytes) == (content == mp3.tagged ? trimmed : plain))
            #expect(throws: AudioError.self) { try read(bytes.dropLast(2000)) }
        }
    }
}

extension MP3Tests {
    private func read(_ bytes: some Sequence<UInt8>) throws -> Signal { try read(Array(bytes)) }
}
