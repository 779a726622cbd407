import Testing

@testable import Verification

/// Numbers that NumPy itself made.
@Suite struct GaussianNoiseTests {
    /// `numpy.random.RandomState(5489).randint(0, 2**32, size=5, dtype=numpy.uint32)`; the C++ standard gives the same
    /// first number for its `mt19937`, and 4123659995 for the 10,000th.
    @Test func `words of the generator`() {
        var generator = MersenneTwister(seed: 5489)
        let words = (0..<10_000).map { _ in generator.next() }
        #expect(words.prefix(5) == [3_499_211_612, 581_869_302, 3_890_346_734, 3_586_334_585, 545_404_204])
        #expect(words.last == 4_123_659_995)
    }

    /// `numpy.random.seed(0); numpy.random.normal(size=16000).astype(numpy.float32)`, bit for bit.
    @Test func `the published noise`() {
        let samples = TestSignal.seededNoise.samples
        #expect(samples.count == 16_000)
        #expect(samples.prefix(4) == [1.764052391052246, 0.40015721321105957, 0.978738009929657, 2.2408931255340576])
        #expect(samples.suffix(3) == [1.4193875789642334, 0.747106671333313, -0.10630248486995697])
        #expect(checksum(samples) == 0xe4de_5a97_3cf5_f2e7)
    }

    /// The same from the largest seed that NumPy takes.
    @Test func `another seed`() {
        var noise = GaussianNoise(seed: .max)
        #expect(
            noise.samples(5) == [
                0.6484086513519287, 0.6693235039710999, -1.0805437564849854, 0.2845010459423065, 0.1138877347111702,
            ])
    }

    /// FNV-1a, 64 bits, of the little-endian bytes.
    private func checksum(_ samples: [Float]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for sample in samples {
            for shift in stride(from: 0, to: 32, by: 8) {
                hash = (hash ^ UInt64(sample.bitPattern >> shift & 0xFF)) &* 0x100_0000_01b3
            }
        }
        return hash
    }
}
