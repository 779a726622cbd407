import Foundation
import Testing

/// Numbers that are hard to keep in few bits: the worst cases of sums, of norms and of float32's range.
struct HardNumbers: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// One number by its place, how many there are, and numbers at random.
    private let number: @Sendable (_ index: Int, _ count: Int, _ random: inout Samples) -> Float

    private init(
        _ name: String, _ number: @escaping @Sendable (_ index: Int, _ count: Int, _ random: inout Samples) -> Float
    ) {
        testDescription = name
        self.number = number
    }

    func callAsFunction(_ count: Int) -> [Float] {
        var random = Samples(seed: count)
        return (0..<count).map { number($0, count, &random) }
    }

    /// Those whose sums of products are as large as sums can be, where they meet themselves.
    static let large = [
        HardNumbers("ones") { _, _, _ in 1 },
        HardNumbers("minus ones") { _, _, _ in -1 },
        HardNumbers("alternating signs") { index, _, _ in index.isMultiple(of: 2) ? 1 : -1 },
        HardNumbers("signs at random") { _, _, random in random.next() < 0 ? -1 : 1 },
        HardNumbers("a spike") { index, count, _ in index == count / 2 ? -1 : 0 },
        HardNumbers("two spikes") { index, count, _ in index / 2 == count / 4 ? 1 : 0 },
        HardNumbers("three spikes") { index, count, _ in index / 3 == count / 6 ? 1 : 0 },
        HardNumbers("a spike a run") { index, _, _ in index % 128 == 77 ? 1 : 0 },
        // Where a run ends and the next begins: one that went on over that place would have twice the sum.
        HardNumbers("ends of odd runs") { index, _, _ in abs(index % 256 - 128) < 6 ? 1 : 0 },
        HardNumbers("ends of even runs") { index, _, _ in abs((index + 128) % 256 - 128) < 6 ? 1 : 0 },
        HardNumbers("the first run") { index, _, _ in index < 128 ? 1 : 1e-3 },
        HardNumbers("at random") { _, _, random in random.next() },
        HardNumbers("positive") { _, _, random in abs(random.next()) + 0.1 },
        HardNumbers("negative") { _, _, random in -abs(random.next()) - 0.1 },
        HardNumbers("decaying") { index, _, _ in Float(pow(-0.9, Double(index))) },
    ]

    /// Those at the ends of float32's range.
    static let extreme = [
        HardNumbers("of all magnitudes") { _, _, random in
            Float((random.next() < 0 ? -1 : 1) * pow(10, Double(random.next()) * 41 - 3))
        },
        HardNumbers("zeros") { _, _, _ in 0 },
        HardNumbers("minus zeros") { _, _, _ in -0.0 },
        HardNumbers("a little more than 1e-30") { index, _, _ in index.isMultiple(of: 3) ? 1.000_001e-30 : -1e-31 },
        HardNumbers("1e-30") { _, _, _ in 1e-30 },
        HardNumbers("a little less than 1e-30") { index, _, _ in index.isMultiple(of: 2) ? 0.999_999e-30 : 0 },
        HardNumbers("around 1e-30, at random") { _, _, random in random.next() * 4e-30 },
        HardNumbers("denormal") { _, _, random in random.next() * 1e-38 },
        HardNumbers("the least") { _, _, _ in .leastNonzeroMagnitude },
        HardNumbers("denormal beside 1") { index, _, _ in index == 0 ? 1 : .leastNormalMagnitude / 8 },
        HardNumbers("3e38") { _, _, _ in 3e38 },
        HardNumbers("the greatest") { _, _, _ in -.greatestFiniteMagnitude },
        HardNumbers("the greatest, alternating") { index, _, _ in
            index.isMultiple(of: 2) ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude
        },
        HardNumbers("near 3e38, at random") { _, _, random in random.next() * 3.4e38 },
        HardNumbers("huge and tiny") { index, _, _ in index.isMultiple(of: 2) ? 3e38 : 1e-38 },
        HardNumbers("one huge") { index, count, random in index == count - 1 ? 3e38 : random.next() },
    ]

    static let all = large + extreme
    /// Around a run's length, and around vectors and cells.
    static let counts = [1, 2, 3, 5, 16, 17, 64, 127, 128, 129, 255, 256, 257, 600]
}
