import AudioInput
import Foundation
import TestSupport
import Testing

/// Recordings that are in memory.
@Suite struct MemoryTests {
    @Test(arguments: ["jfk.wav", "LJ002-0146.wav"])
    func bytesGiveWhatTheirFileGives(name: String) throws {
        let path = Fixtures.speech(name)
        let bytes = try Array(Data(contentsOf: URL(filePath: path)))
        #expect(try AudioReader.read(bytes, name: name) == AudioReader.read(path: path))
    }

    @Test func errorsCarryTheName() {
        #expect(throws: AudioError(file: "nothing", reason: .empty)) { try AudioReader.read([], name: "nothing") }
        #expect(throws: AudioError(file: "text", reason: .otherKind("a text file"))) {
            try AudioReader.read(Array("Lorem ipsum dolor sit amet".utf8), name: "text")
        }
        #expect(throws: AudioError(file: "silence", reason: .noSamples)) {
            try AudioReader.read(WAVBytes(int16: []).bytes, name: "silence")
        }
    }
}
