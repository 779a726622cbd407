import AudioInput
import TestSupport
import Testing

@Suite struct SpeechTests {
    /// 16-bit files at 16 kHz, which the goldens were made from.
    @Test(arguments: ["14b01Na.wav", "jfk.wav"])
    func speechAt16kHzIsTheGoldensSignalBitForBit(name: String) throws {
        let golden = try Golden(named: "torch1.10-opset11")
        let signal = try AudioReader.read(path: Fixtures.speech(name))
        #expect(try signal.samples == golden.signal("wav_\(name)"))
    }

    /// 22.05 kHz, 16-bit and 32-bit float.
    @Test(arguments: [("LJ002-0146.wav", 149_149), ("19demarzo_0073.wav", 179_080)])
    func otherRatesHaveTheRightLength(name: String, frames: Int) throws {
        let signal = try AudioReader.read(path: Fixtures.speech(name))
        let count = Int((Double(frames) * 16_000 / 22_050).rounded())
        #expect(signal.samples.count == count)
        #expect(signal.duration == Double(count) / 16_000)
        #expect(signal.samples.contains { abs($0) > 0.1 } && signal.samples.allSatisfy { abs($0) < 1.1 })
    }
}
