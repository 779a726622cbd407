import AudioInput
import Foundation
import TestSupport
import Testing

@Suite struct WAVTests {
    private func read(_ wav: WAVBytes, channel: Int? = nil) throws -> [Float] {
        let folder = try TemporaryFolder()
        return try AudioReader.read(path: folder.write(wav.bytes, to: "audio.wav"), channel: channel).samples
    }

    /// A 16-bit sample as a part of full scale.
    private func inFull(_ sample: Float) -> Float { sample / 32768 }

    @Test(arguments: [false, true])
    func everySampleFormatIsReadExactly(extensible: Bool) throws {
        func samples(_ bits: Int, _ data: [UInt8], as encoding: WAVBytes.Encoding = .integer) throws -> [Float] {
            try read(WAVBytes(encoding: encoding, bits: bits, extensible: extensible, data: data))
        }

        let bytes: [UInt8] = [0, 1, 127, 128, 129, 255]
        #expect(try samples(8, bytes) == bytes.map { (Float($0) - 128) / 128 })

        let shorts: [Int16] = [.min, -1, 0, 1, 12345, .max]
        #expect(try samples(16, shorts.flatMap { little($0) }) == shorts.map { Float($0) / 32768 })

        let medium: [Int32] = [-8_388_608, -1, 0, 1, 1_234_567, 8_388_607]
        #expect(try samples(24, medium.flatMap { little($0, count: 3) }) == medium.map { Float($0) / 8_388_608 })

        let integers: [Int32] = [.min, -256, 0, 256, 1 << 30]
        #expect(try samples(32, integers.flatMap { little($0) }) == integers.map { Float($0) / 2_147_483_648 })

        let floats: [Float] = [-1, 0x1p-149, 0.1, -0.0, 1.5]
        #expect(try samples(32, floats.flatMap { little($0.bitPattern) }, as: .float) == floats)

        let doubles: [Double] = [-1, 0.1, 1 / 3, 2]
        #expect(try samples(64, doubles.flatMap { little($0.bitPattern) }, as: .float) == doubles.map(Float.init))
    }

    @Test func channelsAreAveraged() throws {
        #expect(try read(WAVBytes(int16: [100, 300, -200, 100, 1, 2], channels: 2)) == [200, -50, 1.5].map(inFull))
        // In float, 1 would be lost beside 2^25 before the large values cancel.
        #expect(try read(WAVBytes(float: [0x1p25, 1, -0x1p25, 3], channels: 4)) == [1])
    }

    @Test func oneChannelMayBeChosen() throws {
        let wav = WAVBytes(int16: [1, 2, 3, 4, 5, 6], channels: 3)
        for channel in 0..<3 {
            #expect(try read(wav, channel: channel) == [Float(channel + 1), Float(channel + 4)].map(inFull))
        }
    }

    @Test(arguments: [-1, 2])
    func aChannelThatIsNotThereIsRefused(channel: Int) throws {
        let stereo = WAVBytes(int16: [1, 2], channels: 2)
        let error = #expect(throws: AudioError.self) { try read(stereo, channel: channel) }
        #expect(error?.reason == .noSuchChannel(channel, available: 2))
        #expect(error?.description.hasSuffix("audio.wav: no channel \(channel + 1); it has 2, counted from 1") == true)
    }

    /// As programs write that cannot go back to fill in the size.
    @Test(arguments: [0xFFFF_FFFF, 0x7FFF_FFFF])
    func anUnknownSizeMeansToTheEnd(size: Int) throws {
        var wav = WAVBytes(int16: [1, 2, 3])
        wav.declaredSize = size
        #expect(try read(wav) == [1, 2, 3].map(inFull))
    }
}
