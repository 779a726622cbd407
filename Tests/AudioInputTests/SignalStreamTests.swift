import AudioInput
import NumPyFiles
import TestSupport
import Testing

@Suite struct SignalStreamTests {
    /// All pieces, and whether any of them was empty or is longer than a stream should hold at once.
    private func pieces(_ path: String, segment: Segment? = nil) throws -> [[Float]] {
        let stream = try SignalStream(path: path, segment: segment)
        var pieces: [[Float]] = []
        while true {
            let piece = try stream.next()
            if piece.isEmpty { break }
            pieces.append(piece)
        }
        #expect(try stream.next().isEmpty, "the end stays the end")
        #expect(stream.promisedCount == pieces.reduce(0) { $0 + $1.count })
        return pieces
    }

    @Test(arguments: [16_000, 44_100, 8_000, 11_025])
    func piecesAreTheWholeSignal(rate: Int) throws {
        let folder = try TemporaryFolder()
        let frames = rate * 9 + 7
        let path = try folder.write(
            WAVBytes(int16: (0..<frames).map { Int16(truncatingIfNeeded: ($0 % 501 - 250) * 60) }, rate: rate).bytes,
            to: "long.wav")
        for segment in [nil, Segment(start: 0.5), Segment(start: 1.0003, end: 7.5), Segment(start: 8, end: 99)] {
            let pieces = try pieces(path, segment: segment)
            // Blocks of 65,536 frames.
            #expect(pieces.count > (segment == nil && frames > 65_536 ? 1 : 0))
            #expect(Array(pieces.joined()) == (try AudioReader.read(path: path, segment: segment).samples))
        }
    }

    @Test func aNumPySignalComesInPiecesToo() throws {
        let folder = try TemporaryFolder()
        let samples = (0..<600_001).map { Float($0 % 1000) / 1000 }
        try NPYFile.write(NPYArray(shape: [1, samples.count], float32: samples), to: folder.file("a.npy"))
        let pieces = try pieces(folder.file("a.npy"))
        #expect(pieces.count > 2)
        #expect(Array(pieces.joined()) == samples)
        let segment = Segment(start: 16.5, end: 33.25)
        #expect(
            Array(try self.pieces(folder.file("a.npy"), segment: segment).joined()) == Array(samples[264_000..<532_000])
        )
    }

    @Test func whatIsNotFiniteIsFoundWhereItLies() throws {
        let folder = try TemporaryFolder()
        var samples = [Float](repeating: 0.25, count: 500_000)
        samples[400_000] = .infinity
        try NPYFile.write(NPYArray(shape: [samples.count], float32: samples), to: folder.file("a.npy"))
        let stream = try SignalStream(path: folder.file("a.npy"))
        var count = 0
        let error = #expect(throws: AudioError.self) {
            while true {
                let piece = try stream.next()
                if piece.isEmpty { break }
                count += piece.count
            }
        }
        #expect(error?.reason == .nonFinite(position: 25))
        #expect(count > 0 && count <= 400_000, "what came before was given")
    }
}
