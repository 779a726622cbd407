import AudioInput
import Foundation
import TestSupport
import Testing

/// Segments that share a decoder have the samples of segments that don't.
@Suite struct SharedDecoderTests {
    private static let seconds = 20

    private static func noise(rate: Int) -> [Float] {
        var state: UInt32 = 1
        return (0..<seconds * rate).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            let noise = Float(Int32(bitPattern: state)) / 8_589_934_592
            return noise + Float(0.3 * sin(Double(index * index % 1_000_003) / 1000))
        }
    }

    enum Kind: CaseIterable {
        case wav, flac, endlessFLAC, vorbis, opus, mp3, untaggedMP3, damagedMP3
    }

    private func write(_ kind: Kind, rate: Int, in folder: TemporaryFolder) throws -> String {
        let samples = Self.noise(rate: rate)
        let path = folder.file("audio")
        switch kind {
        case .wav: return try folder.write(WAVBytes(float: samples, rate: rate).bytes, to: "audio")
        case .flac, .endlessFLAC:
            try Encoder.write(samples, rate: rate, as: Encoder.flac, to: path)
            if kind == .flac { return path }
            var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            // The low 36 bits of the eight bytes from 18 on: the length is unknown.
            bytes[21] &= 0xF0
            for index in 22..<26 { bytes[index] = 0 }
            return try folder.write(bytes, to: "endless")
        case .vorbis: try Encoder.write(samples, rate: rate, as: Encoder.vorbis, to: path)
        case .opus: try Encoder.write(samples, rate: rate, as: Encoder.opus, to: path)
        case .mp3: return try folder.write(MP3Bytes(samples, rate: rate).tagged, to: "audio")
        case .untaggedMP3: return try folder.write(MP3Bytes(samples, rate: rate).untagged, to: "audio")
        case .damagedMP3:
            var bytes = try MP3Bytes(samples, rate: rate).untagged
            for index in stride(from: 5000, to: bytes.count, by: 7001) { bytes[index] ^= 0x5A }
            return try folder.write(bytes, to: "audio")
        }
        return path
    }

    private func samples(_ path: String, _ segment: Segment?, _ keeper: KeptFile?) throws -> [Float] {
        let stream = try SignalStream(path: path, segment: segment, keeper: keeper)
        return try stream.readAll(minimumSamples: 1).signal.samples
    }

    @Test(arguments: Kind.allCases, [16_000, 48_000])
    func theSamplesAreTheSame(kind: Kind, rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = try write(kind, rate: rate, in: folder)
        let keeper = KeptFile()
        var random = SystemRandomNumberGenerator()
        var start = 0.0
        for index in 0..<40 {
            // Most go forward, overlapping or not; some anywhere.
            start =
                index % 8 == 7 ? .random(in: 0..<17, using: &random) : start + .random(in: -0.4..<1.5, using: &random)
            if start < 0 || start > 19 { start = 0.2 }
            let end = index % 13 == 12 ? nil : start + .random(in: 0.05..<1.2, using: &random)
            let segment = Segment(start: start, end: end)
            let shared = try samples(path, segment, keeper)
            #expect(try shared == samples(path, segment, nil), "\(kind) at \(rate) Hz: \(segment)")
        }
    }

    /// However the decoder came to them.
    @Test(arguments: [Kind.mp3, .untaggedMP3, .damagedMP3])
    func segmentsOfMP3AreSlices(kind: Kind) throws {
        let folder = try TemporaryFolder()
        let path = try write(kind, rate: 16_000, in: folder)
        let whole = try samples(path, nil, nil)
        for first in stride(from: 0, to: whole.count - 5000, by: 7919) {
            let segment = Segment(start: Double(first) / 16_000, end: Double(first + 5000) / 16_000)
            #expect(try samples(path, segment, nil) == Array(whole[first..<first + 5000]), "from \(first)")
        }
    }

    @Test func aFileThatHasChangedIsReadAgain() throws {
        let folder = try TemporaryFolder()
        let keeper = KeptFile()
        let segment = Segment(start: 0.1, end: 0.2)
        for value in [Int16(100), 200] {
            let wav = WAVBytes(int16: [Int16](repeating: value, count: 8000 + Int(value)))
            let path = try folder.write(wav.bytes, to: "audio.wav")
            #expect(try samples(path, segment, keeper) == [Float](repeating: Float(value) / 32768, count: 1600))
        }
    }

    @Test func aFailureLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        let keeper = KeptFile()
        var values = [Float](repeating: 0.25, count: 48_000)
        values[20_000] = .nan
        let path = try folder.write(WAVBytes(float: values).bytes, to: "audio.wav")
        for _ in 0..<2 {
            #expect(throws: AudioError.self) { try samples(path, Segment(start: 1, end: 2), keeper) }
            #expect(throws: AudioError.self) { try samples(path, Segment(start: 9), keeper) }
            let rest = try samples(path, Segment(start: 2, end: 2.5), keeper)
            #expect(rest == [Float](repeating: 0.25, count: 8000))
        }
    }
}
