import Kernels
import Testing

@Suite("What the machine can do at most")
struct MachineLimitTests {
    /// Slower than a hard disk, or faster than the caches of many cores, would be wrong.
    private static let plausibleBytes = 0.2e9...5000e9

    @Test("memory is read at a speed that memory has", arguments: [1, 2, 3])
    func bandwidth(threads: Int) {
        #expect(Self.plausibleBytes.contains(ReadBandwidth(threads: threads).measure()))
    }
}
