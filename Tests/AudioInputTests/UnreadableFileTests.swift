import AudioInput
import Foundation
import TestSupport
import Testing

/// Everything that can be wrong with a file: one clear line each.
@Suite struct UnreadableFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(_ path: String, minimumSamples: Int = 1) -> AudioError? {
        #expect(throws: AudioError.self) { try AudioReader.read(path: path, minimumSamples: minimumSamples) }
    }

    @Test func filesThatCannotBeOpened() throws {
        let missing = folder.file("missing.wav")
        #expect(error(missing)?.description == "\(missing): no such file")
        #expect(error(folder.path)?.reason == .isDirectory)
        #expect(error("")?.reason == .notFound)
    }

    @Test(.disabled(if: getuid() == 0, "root may read everything"))
    func filesWithoutPermission() throws {
        let path = try folder.write([1, 2, 3], to: "secret.wav")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        #expect(error(path)?.reason == .permissionDenied)
    }

    @Test func filesWithoutAudio() throws {
        #expect(try error(folder.write([], to: "empty.wav"))?.reason == .empty)
        #expect(
            try error(folder.write(Array("Lorem ipsum dolor sit amet".utf8), to: "text.wav"))?.reason
                == .otherKind("a text file"))
        let noise = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ 7) }
        #expect(try error(folder.write(noise, to: "noise.mp3"))?.reason == .notAudio)
        #expect(try error(folder.write(WAVBytes(int16: []).bytes, to: "none.wav"))?.reason == .noSamples)
    }

    /// libsndfile 1.2.0 closes the descriptor of a file that it refuses; closed once more, it would be another file's.
    @Test func aRefusedFileLeavesTheOthersAlone() async throws {
        let text = try folder.write(Array("Lorem ipsum dolor sit amet".utf8), to: "refused.txt")
        let audio = try folder.write(WAVBytes(int16: [Int16](repeating: 77, count: 1000)).bytes, to: "audio.wav")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<500 { #expect(self.error(text)?.reason == .otherKind("a text file")) } }
                group.addTask {
                    for _ in 0..<500 {
                        let signal = try AudioReader.read(path: audio)
                        #expect(signal.samples.count == 1000)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aHeaderThatPromisesMoreThanThereIs() throws {
        let whole = WAVBytes(int16: [Int16](repeating: 1, count: 1000)).bytes
        let path = try folder.write(whole.prefix(544), to: "cut.wav")
        #expect(
            error(path)?.description
                == "\(path): truncated: its header promises 2000 bytes of audio, but there are 500")
        // As little as is missing here is a notice, as long as it is less than half.
        for count in 0..<whole.count {
            let path = try folder.write(whole.prefix(count), to: "cut.wav")
            if count < 44 + 1000 {
                #expect(error(path) != nil, "\(count) bytes")
            } else {
                let notices = try AudioReader.read(path: path).notices
                let words = notices.first?.description ?? ""
                #expect(words.hasPrefix("its header declares 0.06"), "\(count) bytes: \(words)")
            }
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func samplesThatAreNotFinite(value: Float) throws {
        var samples = [Float](repeating: 0.5, count: 1000)
        samples[400] = value
        #expect(
            try error(folder.write(WAVBytes(float: samples).bytes, to: "a.wav"))?.reason == .nonFinite(position: 0.025))
        #expect(
            try error(folder.write(WAVBytes(float: samples, rate: 8000).bytes, to: "b.wav"))?.reason
                == .nonFinite(position: 0.05))
    }

    @Test func samplesTooLargeToResample() throws {
        let samples = (0..<8000).map { $0 % 8 < 4 ? Float.greatestFiniteMagnitude : -Float.greatestFiniteMagnitude }
        let path = try folder.write(WAVBytes(float: samples, rate: 8000).bytes, to: "a.wav")
        guard case .nonFinite = error(path)?.reason else {
            Issue.record("accepted")
            return
        }
    }

    @Test func signalsShorterThanTheModelNeeds() throws {
        let path = try folder.write(WAVBytes(int16: [Int16](repeating: 1, count: 160)).bytes, to: "short.wav")
        #expect(
            error(path, minimumSamples: 400)?.description
                == "\(path): 160 samples at 16 kHz (10 ms) are too short; the model needs at least 400 (25 ms)")
        #expect(try AudioReader.read(path: path, minimumSamples: 160).samples.count == 160)
    }

    /// A FLAC header may promise 2^36 frames; nothing is set aside for them.
    @Test func aPromiseOfDaysIsRefusedAtOnce() throws {
        let path = folder.file("long.flac")
        try Encoder.write(sine(440, rate: 16_000, count: 1000), rate: 16_000, as: Encoder.flac, to: path)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        // The low 36 bits of the eight bytes from 18 on, in the STREAMINFO block.
        bytes[21] |= 0x0F
        guard case .tooLong = try error(folder.write(bytes, to: "long.flac"))?.reason else {
            Issue.record("accepted")
            return
        }
    }
}

/// What is read from memory or from a stream is first copied to the temporary folder.
@Suite struct TemporaryCopyTests {
    @Test func aFullTemporaryFolderIsNamed() {
        #expect(
            AudioError(file: "a.mp3", reason: .cannotCopy(code: ENOSPC)).description
                == "a.mp3: cannot be copied to the temporary folder: No space left on device")
    }

    @Test func aShortWriteIsNotTakenForAnUnreadableRecording() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            #if os(Linux)
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #else
                setrlimit(RLIMIT_FSIZE, &limit)
            #endif
            let bytes = WAVBytes(int16: [Int16](repeating: 77, count: 1000)).bytes
            #expect(throws: AudioError(file: "memory", reason: .cannotCopy(code: EFBIG))) {
                try AudioReader.read(bytes, name: "memory")
            }
            let pipe = Pipe()
            try pipe.fileHandleForWriting.write(contentsOf: bytes)
            try pipe.fileHandleForWriting.close()
            dup2(pipe.fileHandleForReading.fileDescriptor, STDIN_FILENO)
            #expect(throws: AudioError(file: "standard input", reason: .cannotCopy(code: EFBIG))) {
                try AudioReader.read(path: "-")
            }
        }
    }
}

@Suite(.serialized) struct StandardInputTests {
    private let wav = WAVBytes(int16: [Int16](repeating: 77, count: 100_000))

    /// A named pipe: as `-` and `<(command)` are, it cannot seek and has no size.
    @Test func audioComesThroughAPipe() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let bytes = wav.bytes
        let writer = Task.detached { try Data(bytes).write(to: URL(filePath: path)) }
        #expect(try AudioReader.read(path: path).samples == [Float](repeating: 77 / 32768, count: 100_000))
        try await writer.value
    }

    @Test func aDashIsStandardInput() throws {
        let folder = try TemporaryFolder()
        func read(_ bytes: [UInt8]) throws -> Signal {
            let path = try folder.write(bytes, to: "input.wav")
            let saved = dup(STDIN_FILENO)
            let input = open(path, O_RDONLY)
            dup2(input, STDIN_FILENO)
            close(input)
            defer {
                dup2(saved, STDIN_FILENO)
                close(saved)
            }
            return try AudioReader.read(path: "-")
        }
        #expect(try read(wav.bytes).samples == [Float](repeating: 77 / 32768, count: 100_000))
        let error = #expect(throws: AudioError.self) { try read([]) }
        #expect(error?.description == "standard input: empty; an audio file is expected")
    }
}
