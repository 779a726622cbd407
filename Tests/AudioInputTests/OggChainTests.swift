import AudioInput
import Foundation
import TestSupport
import Testing

/// Ogg files of several recordings, and what is wrong with their pages.
@Suite("An Ogg file") struct OggChainTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func ogg(
        _ format: Encoder.Format, rate: Int = 16_000, count: Int = 16_000, frequency: Double = 440
    ) throws -> [UInt8] {
        let path = folder.file("one")
        try Encoder.write(sine(frequency, rate: rate, count: count), rate: rate, as: format, to: path)
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    private func read(_ bytes: [UInt8], segment: Segment? = nil, acceptsTruncated: Bool = false) throws -> Signal {
        try AudioReader.read(
            path: folder.write(bytes, to: "a.ogg"), segment: segment, acceptsTruncated: acceptsTruncated)
    }

    @Test("of several recordings is all of them", arguments: [Encoder.vorbis, Encoder.opus])
    func chain(format: Encoder.Format) throws {
        let parts = [
            try ogg(format), try ogg(format, count: 23_000, frequency: 700),
            try ogg(format, count: 300, frequency: 200),
        ]
        // The same stream number twice, too.
        for chain in [parts, [parts[0], parts[0]], [parts[2], parts[1], parts[0]]] {
            let signal = try read(Array(chain.joined()))
            #expect(try signal.samples == chain.flatMap { try read($0).samples })
            #expect(signal.notices == [.joined(count: chain.count)])
        }
        let second = try read(parts[1]).samples
        let segment = Segment(start: 1.25, end: 1.75)
        let across = try read(parts[0] + parts[1], segment: segment).samples
        #expect(largestDifference(across, second[4_000..<12_000]) < 1e-3)
    }

    @Test("whose rate changes is an error, or the first part of it", arguments: [Encoder.vorbis, Encoder.opus])
    func anotherRate(format: Encoder.Format) throws {
        let first = try ogg(format)
        let bytes = try first + ogg(format, rate: 24_000, count: 24_000)
        let error = #expect(throws: AudioError.self) { try read(bytes) }
        #expect(error?.description.contains("its sample rate or number of channels changes") == true)
        let signal = try read(bytes, acceptsTruncated: true)
        #expect(try signal.samples == read(first).samples)
        #expect(!signal.notices.isEmpty)
    }

    /// Where the last page begins.
    private func lastPage(_ bytes: [UInt8]) throws -> Int {
        let name = Array("OggS".utf8)
        return try #require(bytes.indices.last { bytes[$0...].starts(with: name) })
    }

    @Test("without its last page is a notice", arguments: [Encoder.vorbis, Encoder.opus])
    func noEnd(format: Encoder.Format) throws {
        let bytes = try ogg(format, count: 160_000)
        let signal = try read(Array(bytes[..<lastPage(bytes)]))
        #expect(signal.notices == [.noEndMark])
        #expect(signal.duration > 1 && signal.duration < 10)
        #expect(try read(bytes).notices.isEmpty)
    }

    @Test("cut within a page is an error, or what there is", arguments: [Encoder.vorbis, Encoder.opus])
    func cutPage(format: Encoder.Format) throws {
        let bytes = try ogg(format, count: 160_000)
        let last = try lastPage(bytes)
        for count in [last + 5, last + 40, bytes.count - 1] {
            let cut = Array(bytes[..<count])
            let error = #expect(throws: AudioError.self) { try read(cut) }
            guard case .truncated? = error?.reason else {
                Issue.record("\(error.map { "\($0)" } ?? "")")
                continue
            }
            #expect(try !read(cut, acceptsTruncated: true).notices.isEmpty)
        }
    }

    @Test(
        "with pages that are missing, changed or none at all gives a signal or an error",
        arguments: [Encoder.vorbis, Encoder.opus])
    func noTraps(format: Encoder.Format) throws {
        let bytes = try ogg(format, count: 16_000)
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
            for changed in [
                Array(bytes[..<place] + bytes[min(bytes.count, place + 50)...]), Array(bytes[..<place]) + bytes,
                bytes + Array(bytes[place...]),
            ] {
                guard let signal = try? read(changed, acceptsTruncated: true) else { continue }
                #expect(signal.samples.allSatisfy { $0.isFinite })
            }
        }
    }
}
