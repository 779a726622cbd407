import AudioInput
import Foundation
import TestSupport
import Testing

/// WAV files whose header gives another length than they have.
@Suite("A WAV header") struct WAVLengthTests {
    private static let count = 176_000
    private static let samples = (0..<count).map { Int16(truncatingIfNeeded: $0 &* 7919) }
    private static let values = samples.map { Float($0) / 32768 }
    private static let byteCount = 2 * count

    /// The file with another size of its data and, if it is given, of itself.
    private func wav(data: UInt32, riff: UInt32? = nil, tail: [UInt8] = []) -> [UInt8] {
        var bytes = WAVBytes(int16: Self.samples).bytes
        bytes.replaceSubrange(40..<44, with: little(data))
        if let riff { bytes.replaceSubrange(4..<8, with: little(riff)) }
        return bytes + tail
    }

    private func read(_ bytes: [UInt8], acceptsTruncated: Bool = false) throws -> Signal {
        let folder = try TemporaryFolder()
        return try AudioReader.read(path: folder.write(bytes, to: "a.wav"), acceptsTruncated: acceptsTruncated)
    }

    private func reason(_ bytes: [UInt8]) -> AudioError.Reason? {
        #expect(throws: AudioError.self) { try read(bytes) }?.reason
    }

    @Test(
        "that gives no length that can be meant: all is audio",
        arguments: [
            0, 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFDB, 0x7FFF_FFFF, 0x7FFF_F000, 0x7FFF_F024, 0x7FFF_FFDB, 0x8000_0000,
            0x7F00_0000, 2_000_000_000, 1_000_000_000, 4_000_000_000, 1_999_999_964, 0x4000_0000, 0x3FFF_FFDC,
            0x2000_0000, 0x1000_0000, 0x0800_0000, 0xABCD_1234,
        ] as [UInt32])
    func placeholders(data: UInt32) throws {
        for riff in [nil, 0, 8, data, 0xFFFF_FFFF] as [UInt32?] {
            let signal = try read(wav(data: data, riff: riff))
            #expect(signal.samples == Self.values)
            #expect(signal.notices == [.length(declared: nil, found: 11)])
        }
    }

    @Test("without a length and without audio has no samples")
    func noAudio() {
        var bytes = WAVBytes(int16: []).bytes
        #expect(reason(bytes) == .noSamples)
        bytes.replaceSubrange(4..<8, with: [0, 0, 0, 0])
        #expect(reason(bytes) == .noSamples)
    }

    @Test(
        "that promises a little too much: a notice",
        arguments: [1, 2, 3, 8, 16, 36, 44, 100, 3_000])
    func aLittleTooMuch(difference: Int) throws {
        let signal = try read(wav(data: UInt32(Self.byteCount + difference)))
        #expect(signal.samples == Self.values)
        let declared = 11 + Double(difference) / 32_000
        guard case .length(let found?, 11)? = signal.notices.first, signal.notices.count == 1 else {
            Issue.record("\(signal.notices)")
            return
        }
        #expect(abs(found - declared) < 1e-9)
        // It shows that they differ.
        let words = signal.notices[0].description.split(separator: " ")
        #expect(words[3] != words[6], "\(signal.notices[0])")
    }

    @Test(
        "that promises much more: an error, or what there is",
        arguments: [
            528_000, 352_000 + 6_000, 0x7EFF_FFFF / 100, 30_000_000, 100_000_000, 0x0100_0001, 0x4000_0002, 999_999_998,
        ] as [UInt32])
    func muchMore(data: UInt32) throws {
        #expect(reason(wav(data: data)) == .truncated(declared: Int(data), found: Self.byteCount, unit: .bytes))
        let signal = try read(wav(data: data), acceptsTruncated: true)
        #expect(signal.samples == Self.values)
        #expect(signal.notices == [.length(declared: Double(data) / 32_000, found: 11)])
    }

    /// As far as it can be known: a file of 2.5 GB, of which as many bytes are missing as there are.
    @Test("near the largest lengths is one, if the file comes near it")
    func largeFiles() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("large.wav")
        for size in [2_500_000_123, 2_147_500_000, 4_200_000_001] as [Int] {
            try folder.write(Array(WAVBytes(int16: [1]).bytes[..<40]) + little(UInt32(size)), to: "large.wav")
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.truncate(atOffset: UInt64(size / 2))
            try file.close()
            let error = #expect(throws: AudioError.self) { try AudioReader.read(path: path) }
            #expect(error?.reason == .truncated(declared: size, found: size / 2 - 44, unit: .bytes))
        }
    }

    // MARK: Less than there is

    private static let declared = 32_000

    @Test("that promises much less: an error, or as far as it says")
    func muchLess() throws {
        let bytes = wav(data: UInt32(Self.declared))
        let further = Self.byteCount - Self.declared
        let reason = reason(bytes)
        #expect(reason == .further(declared: Self.declared, further: further))
        #expect(
            reason?.description == "its header promises 32000 bytes of audio, but 320000 more follow that are no chunk")
        let signal = try read(bytes, acceptsTruncated: true)
        #expect(signal.samples == Array(Self.values[..<16_000]))
        #expect(signal.notices == [.furtherBytes(further)])
    }

    @Test("that promises a little less: a notice", arguments: [1, 2, 3, 100, 3_000])
    func aLittleLess(difference: Int) throws {
        let signal = try read(wav(data: UInt32(Self.byteCount - difference)))
        #expect(signal.samples == Array(Self.values[..<(Self.count - (difference + 1) / 2)]))
        #expect(signal.notices == [.furtherBytes(difference)])
    }

    private static func chunk(_ name: String, _ count: Int, size: Int? = nil) -> [UInt8] {
        Array(name.utf8) + little(UInt32(size ?? count)) + [UInt8](repeating: 0x55, count: count)
    }

    @Test(
        "and chunks, tags or zeros behind the audio: nothing to say",
        arguments: [
            [UInt8](repeating: 0, count: 50_000), [0], chunk("LIST", 4), chunk("LIST", 4) + chunk("odd!", 3) + [0],
            chunk("odd!", 3), chunk("id3 ", 0), chunk("bext", 10, size: 602), chunk("LIST", 4) + [0, 0, 0],
            Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125),
        ])
    func healthyTails(tail: [UInt8]) throws {
        let signal = try read(WAVBytes(int16: Self.samples).bytes + tail)
        #expect(signal.samples == Self.values)
        #expect(signal.notices.isEmpty, "\(signal.notices)")
    }

    @Test("and another recording behind the audio: both")
    func joined() throws {
        let one = WAVBytes(int16: Self.samples).bytes
        let signal = try read(one + one + one)
        #expect(signal.samples == Self.values + Self.values + Self.values)
        #expect(signal.notices == [.joined(count: 3)])
        // Cut short within the last.
        guard case .truncated? = reason(one + one[..<100_000]) else {
            Issue.record("accepted")
            return
        }
    }

    // MARK: Malformed

    @Test("with hundreds of thousands of empty chunks is not walked to its end", .timeLimit(.minutes(1)))
    func emptyChunks() throws {
        let empty = [UInt8](repeatElement(Self.chunk("abcd", 0), count: 500_000).joined())
        let whole = WAVBytes(int16: [Int16](repeating: 5, count: 1000)).bytes
        guard case .further? = reason(whole + empty) else {
            Issue.record("accepted")
            return
        }
        guard case .damagedHeader? = reason(Array(whole[..<36] + empty + whole[36...])) else {
            Issue.record("accepted")
            return
        }
    }

    @Test("of any kind ends in a signal or in an error")
    func noTraps() throws {
        let folder = try TemporaryFolder()
        let list = WAVBytes(int16: [Int16](repeating: 5, count: 1000)).bytes + Self.chunk("LIST", 4)
        let sizes: [UInt32] = [
            0, 1, 2, 3, 7, 8, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFF7, 0xFFFF_FFFE, .max,
        ]
        for name in ["RIFF", "RIFX", "RF64", "FORM", "riff", "caff"] {
            for place in [4, 16, 40, list.count - 8] {
                for size in sizes {
                    var bytes = list
                    bytes.replaceSubrange(0..<4, with: name.utf8)
                    bytes.replaceSubrange(place..<place + 4, with: little(size))
                    let path = try folder.write(bytes, to: "a.wav")
                    for accepts in [false, true] {
                        if let signal = try? AudioReader.read(path: path, acceptsTruncated: accepts) {
                            #expect(signal.samples.count <= bytes.count)
                        }
                    }
                }
            }
        }
    }
}
