import Foundation
import TestSupport
import Testing

@testable import AudioInput

/// MIDI sample dumps (SDS), about whose damaged packets libsndfile prints on standard output.
@Suite("Sample dumps")
struct SampleDumpTests {
    @Test("with a packet that doesn't begin as one are refused before they are decoded", arguments: [0, 1, 5])
    func packets(packet: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sds")
        let samples = (0..<800).map { Float(sin(Double($0) / 9) / 2) }
        try Encoder.write(samples, rate: 16_000, as: Encoder.Format("sds", 0x11_0000, 0x2), to: path)
        #expect(throws: Never.self) { try AudioReader.read(path: path) }

        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for place in [21 + packet * 127, 22 + packet * 127] {
            let sound = bytes[place]
            bytes[place] = 0x43
            try Data(bytes).write(to: URL(filePath: path))
            let error = #expect(throws: AudioError.self) { try AudioReader.read(path: path) }
            #expect(error?.description.contains("packet \(packet + 1) of the sample dump") == true)
            bytes[place] = sound
        }
    }
}
