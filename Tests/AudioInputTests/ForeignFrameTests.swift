import AudioInput
import CSndfile
import Foundation
import TestSupport
import Testing

/// Bytes that look like MPEG frames in files that are none, and what lies behind audio whose end its container gives.
@Suite struct ForeignFrameTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Small negative samples with the high byte first look like the headers of frames.
    private static let quiet = (0..<80_000).map { index in Float(-(index * 7919 % 31 + 1)) / 32768 }

    @Test(arguments: [
        ("avr", SF_FORMAT_AVR), ("htk", SF_FORMAT_HTK), ("pvf", SF_FORMAT_PVF), ("paf", SF_FORMAT_PAF),
        ("ircam", SF_FORMAT_IRCAM), ("mat4", SF_FORMAT_MAT4), ("aiff", SF_FORMAT_AIFF), ("au", SF_FORMAT_AU),
    ])
    func samplesAreNoFrames(name: String, container: Int) throws {
        let path = folder.file(name)
        let format = Encoder.Format(name, container | Int(SF_ENDIAN_BIG), SF_FORMAT_PCM_16)
        do { try Encoder.write(Self.quiet, rate: 16_000, as: format, to: path) } catch {
            try Encoder.write(
                Self.quiet, rate: 16_000, as: Encoder.Format(name, container, SF_FORMAT_PCM_16), to: path)
        }
        #expect(try AudioReader.read(path: path).samples == Self.quiet)
    }

    @Test func whatGoesOnBehindFLACIsAnError() throws {
        let path = folder.file("a.flac")
        try Encoder.write(sine(440, rate: 16_000, count: 48_000), rate: 16_000, as: Encoder.flac, to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let whole = try AudioReader.read(bytes, name: "whole")
        #expect(whole.notices.isEmpty)
        for tail in [[UInt8](repeating: 0, count: 30_000), MP3Bytes.id3v1, MP3Bytes.id3(30_000)] {
            #expect(try AudioReader.read(bytes + tail, name: "tag") == whole)
        }
        let error = #expect(throws: AudioError.self) { try AudioReader.read(bytes + bytes + bytes, name: "joined") }
        guard case .further? = error?.reason else {
            Issue.record("\(error.map { "\($0)" } ?? "")")
            return
        }
    }

    /// Not that of the block that was asked for last.
    @Test func damageIsWhereItIs() throws {
        let rate = 16_000
        let path = folder.file("a.flac")
        try Encoder.write(noise(160_000).map { $0 / 2 }, rate: rate, as: Encoder.flac, to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for share in [0.3, 0.5, 0.8] {
            let place = Int(share * Double(bytes.count))
            let error = #expect(throws: AudioError.self) { try AudioReader.read(Array(bytes[..<place]), name: "cut") }
            guard case .damaged(let position, _)? = error?.reason else {
                Issue.record("\(error.map { "\($0)" } ?? "")")
                continue
            }
            // Frames have 4096 samples.
            #expect(position <= share * 10 && position > share * 10 - 0.6, "\(position) s of \(share * 10) s")
        }
    }

    @Test func theLastFrameOfMP3MayBeCut() throws {
        let mp3 = try MP3Bytes(sine(440, rate: 16_000, count: 48_000), rate: 16_000)
        let cut = try AudioReader.read(mp3.untagged.dropLast(30), name: "cut")
        #expect(cut.notices == [.incompleteEnd])
        #expect(cut.samples.count == (mp3.frames.count - 1) * 576)
    }
}
