import Foundation
import TestSupport
import Testing

@testable import AudioInput

@Suite("Formats that ffmpeg reads")
struct FFmpegTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let isInstalled = FFmpeg.installed() != .missing

    /// `name` chooses the format.
    private func encode(_ name: String, _ options: [String] = []) throws -> String {
        guard case .program(let program) = FFmpeg.installed() else { return "" }
        let path = folder.file(name)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments =
            ["-nostdin", "-loglevel", "error", "-y", "-i", Fixtures.speech("jfk.wav")] + options + ["file:\(path)"]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return path
    }

    private func read(
        _ path: String, segment: Segment? = nil, ffmpeg: FFmpeg = .installed()
    ) throws -> (samples: [Float], notices: [AudioNotice]) {
        let stream = try SignalStream(path: path, segment: segment, decoding: AudioDecoding(ffmpeg: ffmpeg))
        let signal = try stream.readAll(minimumSamples: 1).signal
        return (signal.samples, signal.notices)
    }

    private func reason(_ path: String, ffmpeg: FFmpeg = .installed()) -> AudioError.Reason? {
        #expect(throws: AudioError.self) { try read(path, ffmpeg: ffmpeg) }?.reason
    }

    @Test(
        "have the samples that the encoder was given, or nearly", .enabled(if: isInstalled),
        arguments: [
            ("a.tta", [], 0), ("a.wv", [], 0), ("a.mov", ["-c:a", "pcm_s16le"], 0), ("a.mka", ["-c:a", "flac"], 0),
            ("-dash a.m4a", [], 0.02), ("concat:a.mp4", [], 0.02), ("a.aac", [], 0.02), ("a.wma", [], 0.02),
            ("a.oga", ["-c:a", "flac"], 0), ("a.avi", ["-c:a", "pcm_s16le"], 0),
        ] as [(String, [String], Float)])
    func formats(name: String, options: [String], tolerance: Float) throws {
        let original = try AudioReader.read(path: Fixtures.speech("jfk.wav")).samples
        let (samples, _) = try read(encode(name, options))
        if tolerance == 0 {
            #expect(samples == original)
        } else {
            #expect(abs(samples.count - original.count) < 2048)
        }
    }

    @Test("are at their own rate and with their own channels until then", .enabled(if: isInstalled))
    func ratesAndChannels() throws {
        let path = try encode("a.tta", ["-ar", "8000", "-ac", "2"])
        let wav = try encode("a.wav", ["-ar", "8000", "-ac", "2"])
        #expect(try read(path).samples == AudioReader.read(path: wav).samples)
        let segment = Segment(start: 2.5, end: 4)
        #expect(try read(path, segment: segment).samples == AudioReader.read(path: wav, segment: segment).samples)
        #expect(throws: AudioError.self) { try read(path, segment: Segment(start: 100)) }
    }

    @Test("that are cut short are an error or a notice", .enabled(if: isInstalled))
    func cut() throws {
        for name in ["a.tta", "a.wv", "a.m4a", "a.webm", "a.aac", "a.mka", "a.wma"] {
            let whole = try [UInt8](Data(contentsOf: URL(filePath: encode(name))))
            for length in [1, 50, whole.count / 3, whole.count / 2, whole.count - 5000] {
                let path = try folder.write(whole.prefix(length), to: "cut")
                if let (_, notices) = try? read(path) { #expect(!notices.isEmpty, "\(name), \(length) bytes") }
            }
        }
    }

    @Test("are named if ffmpeg is missing or not to be used")
    func needed() throws {
        let path = try folder.write("\0\0\0\u{20}ftypM4A \0\0\0\0".utf8, to: "a.m4a")
        #expect(reason(path, ffmpeg: .missing) == .needsFFmpeg("M4A (MPEG-4 audio)", isMissing: true))
        #expect(reason(path, ffmpeg: .unused) == .needsFFmpeg("M4A (MPEG-4 audio)", isMissing: false))
        #expect(
            AudioError(file: "a", reason: .needsFFmpeg("AAC audio", isMissing: true)).description
                == "a: AAC audio; ffmpeg reads it, and is not installed")
        #expect(FFmpeg.installed(searchPath: folder.path) == .missing)
        #expect(FFmpeg.installed(searchPath: nil) == .missing)
    }

    @Test("without audio in them say so", .enabled(if: isInstalled))
    func noAudio() throws {
        let path = try folder.write("\0\0\0\u{20}ftypM4A \0\0\0\0".utf8, to: "a.m4a")
        guard case .ffmpegFailed? = reason(path) else {
            Issue.record("not refused")
            return
        }
    }

    /// A program in ffmpeg's place.
    private func script(_ lines: String) throws -> FFmpeg {
        let path = try folder.write("#!/bin/sh\n\(lines)\n".utf8, to: "ffmpeg")
        chmod(path, 0o755)
        return .program(path)
    }

    /// As ffmpeg writes it: an AU file of unknown length, here of 1000 zeros.
    private static let output =
        #"printf '.snd\0\0\0\030\377\377\377\377\0\0\0\006\0\0\076\200\0\0\0\001'; head -c 4000 /dev/zero"#

    @Test("are decoded by a process whose failures are errors and whose warnings are notices")
    func failures() throws {
        let path = try folder.write("TTA1\0".utf8, to: "a.tta")
        func outcome(_ lines: String) throws -> (samples: [Float], notices: [AudioNotice]) {
            try read(path, ffmpeg: script(lines))
        }
        #expect(try outcome(Self.output).samples.count == 1000)
        #expect(try outcome(Self.output).notices == [.silence])
        let warned = try outcome(Self.output + "; echo '[tta @ 0x1] [error] Invalid data found' >&2")
        #expect(warned.notices == [.decoder("ffmpeg: Invalid data found", count: 1), .silence])
        for (lines, words) in [
            (Self.output + "; exit 3", "ffmpeg: exit status 3"), (Self.output + "; kill -9 $$", "ended by signal 9"),
            (Self.output + "; echo '[mov @ 0x1] [warning] stream 0: partial file' >&2", "partial file"),
            (Self.output + "; echo '[info]   Duration: 00:00:09.00, start: 0' >&2", "promises 144000 frames"),
            ("exit 0", "ffmpeg finds no audio"), ("echo nonsense", "ffmpeg finds no audio"),
            ("echo '[error] Stream map matches no streams.' >&2; exit 1", "no audio stream"),
        ] {
            let reason = reason(path, ffmpeg: try script(lines))
            #expect(reason.map { "\($0)".contains(words) } == true, "\(lines): \(String(describing: reason))")
        }
        #expect(reason(path, ffmpeg: .program("/nonexistent")) == .ffmpegNotStarted(code: ENOENT))
    }

    @Test("are decoded by a process that has this one's file, and nothing else of it")
    func isolation() throws {
        let path = try folder.write("TTA1 and more".utf8, to: "a.tta")
        let seen = folder.file("seen")
        _ = try read(
            path,
            ffmpeg: script("{ cat; echo; ls /proc/self/fd | wc -l; ulimit -v; ulimit -t; } > '\(seen)'; " + Self.output)
        )
        let lines = try String(contentsOfFile: seen, encoding: .utf8).split(separator: "\n")
        // ls has a descriptor of its own, for the folder.
        #expect(lines == ["TTA1 and more", "4", "1048576", "3600"])
    }

    @Test("are decoded by a process that is ended if it says nothing for too long, and with the stream")
    func bounds() throws {
        var limits = BoundedProcess.Limits()
        limits.silence = 0.3
        let path = try folder.write("TTA1\0".utf8, to: "a.tta")
        guard case .program(let program) = try script("while :; do echo still here >&2; sleep 0.1; done") else {
            return
        }
        let start = ContinuousClock.now
        #expect(throws: AudioError.Reason.self) {
            try FFmpegStream(InputFile(path), demuxer: "tta", program: program, limits: limits)
        }
        #expect(ContinuousClock.now - start < .seconds(10))

        let mark = folder.file("mark")
        guard case .program(let endless) = try script("echo $$ > '\(mark)'; " + Self.output + "; exec cat /dev/zero")
        else {
            return
        }
        var stream: FFmpegStream? = try FFmpegStream(InputFile(path), demuxer: "tta", program: endless)
        #expect(try stream?.read(atMost: 10).count == 10 * (stream?.channelCount ?? 0))
        let process = try #require(pid_t(String(contentsOfFile: mark, encoding: .utf8).split(separator: "\n")[0]))
        #expect(kill(process, 0) == 0)
        stream = nil
        #expect(kill(process, 0) != 0)
    }
}
