/// A reader that gets what a stranger might give it.
protocol Target: Sendable {
    /// For FUZZ_TARGET, and of its folders in Corpus and Findings.
    var name: String { get }
    /// Changes inputs so that more of them get past the first checks; nil for libFuzzer's own.
    var mutation: Mutation? { get }
    /// Reads the input as far as it goes. Whatever it holds, this ends soon, with or without an error, and takes no more
    /// memory than the inputs' size allows.
    func run(_ input: Input) throws
}

/// Other bytes in place of these; nil if they aren't understood.
typealias Mutation = @Sendable (_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8]?

extension Target {
    var mutation: Mutation? { nil }
}

let allTargets: [any Target] = [
    ONNXTarget(), PackedTarget(), NumPyTarget(), YAMLTarget(), TableTarget(), ListTarget(), ProgressTarget(),
    AudioTarget(),
]
