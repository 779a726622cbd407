import AudioInput
import Foundation
import TestSupport
import Testing

@Suite struct ResamplingTests {
    /// In decibels. soxr's high quality is precise to 20 bits, which are 120; float32 samples would allow 140.
    private static let precision = 120.0

    private func resampled(_ samples: [Float], rate: Int, segment: Segment? = nil) throws -> [Float] {
        let folder = try TemporaryFolder()
        let path = try folder.write(WAVBytes(float: samples, rate: rate).bytes, to: "audio.wav")
        return try AudioReader.read(path: path, segment: segment).samples
    }

    /// Against the same sine at 16 kHz: a shift by a tenth of a sample would leave 28 dB.
    @Test(
        arguments: [8000, 11_025, 12_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000, 44_099],
        [440.0, 1000, 3000]
    )
    func aSineStaysTheSameSine(rate: Int, frequency: Double) throws {
        let frames = 2 * rate + 77
        let signal = try resampled(sine(frequency, rate: rate, count: frames), rate: rate)
        let count = Int((Double(frames) * 16_000 / Double(rate)).rounded())
        #expect(signal.count == count)
        #expect(signalToNoise(signal, sine(frequency, rate: 16_000, count: count)) > Self.precision)
    }

    @Test(arguments: [2, 3, 10, 400, 441, 882, 65_535, 65_536, 65_537, 131_072, 200_000], [8000, 44_100, 48_000])
    func theLengthIsRounded(frames: Int, rate: Int) throws {
        let signal = try resampled([Float](repeating: 0.25, count: frames), rate: rate, segment: Segment(start: 0))
        #expect(signal.count == Int((Double(frames) * 16_000 / Double(rate)).rounded()))
    }

    /// What 16 kHz cannot hold vanishes instead of coming back as another tone (10 kHz as 6 kHz).
    @Test(arguments: [8_800.0, 10_000, 15_000, 23_000])
    func tonesAboveTheBandVanish(frequency: Double) throws {
        let signal = try resampled(sine(frequency, rate: 48_000, count: 96_000), rate: 48_000)
        let largest = signal[4000..<28_000].map(abs).max() ?? .infinity
        #expect(20 * log10(Double(largest) / 0.5) < -Self.precision + 10)
    }

    /// soxr's filter falls by at most 0.01 dB up to 0.91 of 8 kHz; a sine weaker by that leaves 58.8 dB.
    @Test func theBandUpToSevenKilohertzStays() throws {
        let signal = try resampled(sine(7000, rate: 44_100, count: 88_200), rate: 44_100)
        #expect(signalToNoise(signal, sine(7000, rate: 16_000, count: 32_000)) > 58.8)
    }

    @Test func aSampleOfLessThanHalfOneAt16kHzIsNone() throws {
        let error = #expect(throws: AudioError.self) { try resampled([1], rate: 44_100) }
        #expect(error?.reason == .noSamples)
    }

    @Test(arguments: [1_000, 1_000_000])
    func theLowestAndHighestRatesWork(rate: Int) throws {
        let signal = try resampled(sine(100, rate: rate, count: 2 * rate), rate: rate)
        #expect(signalToNoise(signal, sine(100, rate: 16_000, count: 32_000)) > Self.precision)
    }

    @Test(arguments: [0, 1, 999, 1_000_001, 2_000_000_000])
    func otherRatesAreRefused(rate: Int) throws {
        let error = #expect(throws: AudioError.self) { try resampled([0, 0, 0, 0], rate: rate) }
        // libsndfile itself refuses some of them.
        switch error?.reason {
        case .unsupportedRate(rate), .damagedHeader: break
        default: Issue.record("\(String(describing: error))")
        }
    }
}
