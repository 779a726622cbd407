import AudioInput
import CSndfile
import Foundation
import TestSupport
import Testing

/// The lengths that containers declare, in each of libsndfile's formats.
@Suite("Of a file") struct ContainerLengthTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let format: Encoder.Format
        var rate = 16_000
        /// Whether its audio ends where it does.
        var endsWithAudio = true
        var testDescription: String { format.testDescription }
    }

    private static func kind(
        _ name: String, _ container: Int, _ encoding: Int = SF_FORMAT_PCM_16, rate: Int = 16_000,
        endsWithAudio: Bool = true
    ) -> Kind {
        Kind(format: Encoder.Format(name, container, encoding), rate: rate, endsWithAudio: endsWithAudio)
    }

    static let measured = [
        kind("wav", SF_FORMAT_WAV), kind("rf64", SF_FORMAT_RF64), kind("w64", SF_FORMAT_W64),
        kind("aiff", SF_FORMAT_AIFF), kind("caf", SF_FORMAT_CAF, endsWithAudio: false), kind("au", SF_FORMAT_AU),
        kind("nist", SF_FORMAT_NIST), kind("voc", SF_FORMAT_VOC), kind("avr", SF_FORMAT_AVR),
        kind("svx", SF_FORMAT_SVX), kind("mat4", SF_FORMAT_MAT4), kind("mat5", SF_FORMAT_MAT5),
        kind("sds", SF_FORMAT_SDS), kind("htk", SF_FORMAT_HTK), kind("mpc2k", SF_FORMAT_MPC2K),
        kind("xi", SF_FORMAT_XI, SF_FORMAT_DPCM_16, rate: 44_100),
        kind("wve", SF_FORMAT_WVE, SF_FORMAT_ALAW, rate: 8_000),
    ]
    static let unmeasured = [
        kind("PVF", SF_FORMAT_PVF), kind("PAF", SF_FORMAT_PAF), kind("IRCAM", SF_FORMAT_IRCAM),
    ]

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func whole(_ kind: Kind, count: Int = 16_000) throws -> [UInt8] {
        let path = folder.file("whole")
        try Encoder.write(sine(440, rate: kind.rate, count: count), rate: kind.rate, as: kind.format, to: path)
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    private func read(_ bytes: some Sequence<UInt8>, acceptsTruncated: Bool = false) throws -> Signal {
        try AudioReader.read(path: folder.write(Array(bytes), to: "changed"), acceptsTruncated: acceptsTruncated)
    }

    @Test("that is whole, nothing is said", arguments: measured)
    func healthy(kind: Kind) throws {
        let signal = try read(whole(kind))
        #expect(abs(signal.duration - 16_000 / Double(kind.rate)) < 0.005)
        #expect(signal.notices.isEmpty, "\(signal.notices)")
    }

    @Test("that is cut short, an error says so; or what there is, is read", arguments: measured)
    func cut(kind: Kind) throws {
        let bytes = try whole(kind)
        let all = try read(bytes).samples
        for share in [0.3, 0.6, 0.9] {
            let part = bytes.prefix(Int(Double(bytes.count) * share))
            let error = #expect(throws: AudioError.self) { try read(part) }
            guard case .truncated? = error?.reason else {
                Issue.record("\(share): \(error.map { "\($0)" } ?? "")")
                continue
            }
            let signal = try read(part, acceptsTruncated: true)
            guard case .length(let declared?, let found)? = signal.notices.first else {
                Issue.record("\(share): \(signal.notices)")
                continue
            }
            #expect(declared > found)
            // Headers, and padding behind the audio, are some of the bytes.
            #expect(abs(signal.duration / (16_000 / Double(kind.rate)) - share) < 0.1)
            #expect(abs(signal.duration - found) < 0.001)
            // The resampler has silence behind the end.
            let inner = signal.samples.dropLast(200)
            #expect(largestDifference(Array(inner), all.prefix(inner.count)) < 1e-3)
        }
    }

    @Test("that lacks a little at its end, a notice says so", arguments: measured.filter(\.endsWithAudio))
    func aLittleIsMissing(kind: Kind) throws {
        let signal = try read(whole(kind).dropLast(100))
        guard case .length(let declared?, let found)? = signal.notices.first else {
            Issue.record("\(signal.notices)")
            return
        }
        #expect(declared > found && declared - found < 0.02)
    }

    @Test(
        "that goes on behind its audio with what is none, an error says so",
        arguments: [
            "wav", "rf64", "w64", "aiff", "au", "nist", "avr", "svx", "voc",
        ])
    func further(name: String) throws {
        let kind = try #require(Self.measured.first { $0.testDescription == name })
        let bytes = try whole(kind)
        let junk = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 29 | 0x80) }
        let error = #expect(throws: AudioError.self) { try read(bytes + junk) }
        guard case .further? = error?.reason else {
            Issue.record("\(error.map { "\($0)" } ?? "")")
            return
        }
        #expect(try read(bytes + junk, acceptsTruncated: true).samples == read(bytes).samples)
        #expect(try read(bytes + [UInt8](repeating: 0, count: 20_000)).notices.isEmpty)
    }

    @Test("in a format that declares no length, that is said", arguments: unmeasured)
    func noLength(kind: Kind) throws {
        #expect(try read(whole(kind)).notices == [.noLength(format: kind.testDescription)])
    }

    @Test("whose writer didn't know its length, all is read")
    func unknown() throws {
        for (name, place, count) in [("au", 8, 4), ("caf", 0, 8), ("w64", 0, 8), ("aiff", 0, 4), ("rf64", 0, 4)] {
            let kind = try #require(Self.measured.first { $0.testDescription == name })
            var bytes = try whole(kind)
            let all = try read(bytes).samples
            var place = place
            if place == 0 {
                let chunk = Array((name == "aiff" ? "SSND" : "data").utf8)
                let start = try #require(bytes.indices.first { bytes[$0...].starts(with: chunk) })
                place = start + (name == "w64" ? 16 : 4)
            }
            let largest: [UInt8] = [UInt8](repeating: 0xFF, count: count)
            bytes.replaceSubrange(
                place..<place + count, with: name == "w64" ? largest.dropLast() + [0x7F] : largest[...])
            if name == "rf64" { bytes.replaceSubrange(28..<36, with: [UInt8](repeating: 0xFF, count: 8)) }
            let signal = try read(bytes)
            #expect(signal.samples.starts(with: all), "\(name)")
            guard case .length(nil, _)? = signal.notices.first else {
                Issue.record("\(name): \(signal.notices)")
                continue
            }
        }
    }

    @Test("with a damaged header, there is a signal or an error", arguments: measured + unmeasured)
    func noTraps(kind: Kind) throws {
        let bytes = try whole(kind, count: 600)
        for place in 0..<min(320, bytes.count) {
            for value: UInt8 in [0, 0x7F, 0x80, 0xFF] where bytes[place] != value {
                var changed = bytes
                changed[place] = value
                for accepts in [false, true] {
                    if let signal = try? read(changed, acceptsTruncated: accepts) {
                        #expect(signal.samples.allSatisfy { $0.isFinite })
                    }
                }
            }
        }
        for count in stride(from: 0, to: min(400, bytes.count), by: 3) {
            _ = try? read(bytes.prefix(count), acceptsTruncated: true)
        }
    }

    @Test("of zeros or of empty parts, nothing is walked to its end", .timeLimit(.minutes(1)))
    func emptyParts() throws {
        let zeros = [UInt8](repeating: 0, count: 20_000_000)
        let voice = Array("Creative Voice File\u{1A}".utf8) + [26, 0, 0x0A, 1, 0x29, 0x11]
        let matlab = Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 0x20, count: 105) + [0, 1, 0x49, 0x4D]
        let matrix = little(UInt32(0), 1, 1, 0, 11) + Array("samplerate\0".utf8) + [UInt8](repeating: 0, count: 8)
        let blocks = [UInt8](repeatElement([3, 0, 0, 0], count: 5_000_000).joined())
        for bytes in [zeros, voice + blocks, matlab + zeros, matrix + zeros] {
            #expect(throws: AudioError.self) { try read(bytes) }
        }
    }
}
