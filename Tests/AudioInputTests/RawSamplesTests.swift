import Foundation
import TestSupport
import Testing

@testable import AudioInput

@Suite("Samples without a header")
struct RawSamplesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ bytes: [UInt8], _ encoding: RawFormat.Encoding, rate: Int = 16_000, channels: Int = 1, channel: Int? = nil,
        segment: Segment? = nil
    ) throws -> [Float] {
        let format = RawFormat(encoding, sampleRate: rate, channelCount: channels)
        return try SignalStream(
            path: folder.write(bytes, to: "a.raw"), channel: channel, segment: segment,
            decoding: AudioDecoding(raw: format)
        ).readAll(minimumSamples: 1).signal.samples
    }

    private func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number) { Array($0) }
    }

    @Test("are decoded in every encoding")
    func encodings() throws {
        #expect(try read([0x80, 0x40], .s8) == [-1, 0.5])
        #expect(try read([0x00, 0xC0], .u8) == [-1, 0.5])
        #expect(try read([0x00, 0x80, 0x00, 0x40], .s16le) == [-1, 0.5])
        #expect(try read([0x80, 0x00, 0x40, 0x00], .s16be) == [-1, 0.5])
        #expect(try read([0, 0, 0x80, 0, 0, 0x40], .s24le) == [-1, 0.5])
        #expect(try read([0x80, 0, 0, 0x40, 0, 0], .s24be) == [-1, 0.5])
        #expect(try read(bytes(Int32.min.littleEndian) + bytes(Int32(0x4000_0000).littleEndian), .s32le) == [-1, 0.5])
        #expect(try read(bytes(Int32.min.bigEndian) + bytes(Int32(0x4000_0000).bigEndian), .s32be) == [-1, 0.5])
        let floats = [Float(-1.5), 0.25].map(\.bitPattern)
        #expect(try read(floats.flatMap { bytes($0.littleEndian) }, .f32le) == [-1.5, 0.25])
        #expect(try read(floats.flatMap { bytes($0.bigEndian) }, .f32be) == [-1.5, 0.25])
        let doubles = [-1.5, 0.25].map(\.bitPattern)
        #expect(try read(doubles.flatMap { bytes($0.littleEndian) }, .f64le) == [-1.5, 0.25])
        #expect(try read(doubles.flatMap { bytes($0.bigEndian) }, .f64be) == [-1.5, 0.25])
        // The loudest negative and positive values of G.711.
        #expect(try read([0x00, 0x80], .mulaw) == [-32_124.0 / 32_768, 32_124.0 / 32_768])
        #expect(try read([0x2A, 0xAA], .alaw) == [-32_256.0 / 32_768, 32_256.0 / 32_768])
    }

    @Test("are mixed, picked, cut and resampled as any recording")
    func channelsAndSegments() throws {
        let stereo: [UInt8] = [0, 0x40, 0, 0, 0, 0x20, 0, 0x40]
        #expect(try read(stereo, .s16le, channels: 2) == [0.25, 0.375])
        #expect(try read(stereo, .s16le, channels: 2, channel: 1) == [0, 0.5])
        let ramp = (0..<16_000).flatMap { bytes(Int16($0).littleEndian) }
        #expect(
            try read(ramp, .s16le, segment: Segment(start: 0.5, end: 0.75))
                == (8000..<12_000).map { Float($0) / 32_768 })
        #expect(try read(ramp, .s16le, rate: 8000).count == 32_000)
    }

    @Test("that end within a frame, or have a header, are refused")
    func refused() throws {
        let error = #expect(throws: AudioError.self) { try read([1, 2, 3], .s16le) }
        #expect(error?.reason == .partialFrame(bytes: 3, frame: 2))
        #expect(throws: AudioError.self) { try read([1, 2, 3, 4, 5, 6], .s16le, channels: 2) }
        #expect(throws: AudioError.self) { try read([], .s16le) }
        let wav = #expect(throws: AudioError.self) { try read(WAVBytes(int16: [1, 2, 3, 4]).bytes, .s16le) }
        #expect(wav?.reason == .rawWithHeader("a WAV file"))
    }
}
