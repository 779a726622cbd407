/// A reader that gets what a stranger might give it. The fuzzer in the package beside this folder finds inputs; a test of
/// the main package reads those that were found once, and the seeds.
protocol Target: Sendable {
    /// For the fuzzer's command line, and of the folders in Corpus and Findings.
    var name: String { get }
    /// Changes inputs so that more of them get past the first checks; nil for libFuzzer's own.
    var mutation: Mutation? { get }
    /// Reads the input as far as it goes. Whatever it holds, this ends soon, with or without an error, and takes no more
    /// memory than the input's size allows.
    func run(_ input: Input) throws
}

/// Other bytes in place of these; nil if they aren't understood.
typealias Mutation = @Sendable (_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8]?

extension Target {
    var mutation: Mutation? { nil }

    /// Reads the input; an error is an answer, and its message must not trap either.
    func read(_ bytes: [UInt8], in scratch: Scratch, reached: @escaping (String) -> Void = { _ in }) {
        guard !bytes.isEmpty else { return }
        defer { scratch.clear() }
        do { try run(Input(bytes: bytes, scratch: scratch, reached: reached)) } catch {
            _ = String(describing: error)
        }
    }
}

let allTargets: [any Target] = [
    ONNXTarget(), PackedTarget(), NumPyTarget(), YAMLTarget(), TableTarget(), ListTarget(), RequestTarget(),
    ProgressTarget(), AudioTarget(), ProfileTarget(),
]
