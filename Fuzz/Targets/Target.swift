/// A reader that gets what a stranger might give it. The fuzzer in the package beside this folder finds inputs; a test of
/// the main package reads those that were found once, and the seeds.
protocol Target: Sendable {
    /// For the fuzzer's command line, and of the folders in Corpus and Findings.
    var name: String { get }
    /// Changes inputs so that more of them get past the first checks; nil for libFuzzer's own.
    var mutation: Mutation? { get }
    /// Only inputs that come to this step are kept and changed further; nil for all that come to new places. Otherwise, most
    /// of what is kept is damaged where reading begins, and so is all that is made of it.
    var step: String? { get }
    /// Reads the input as far as it goes. Whatever it holds, this ends soon, with or without an error, and takes no more
    /// memory than the input's size allows.
    func run(_ input: Input) throws
}

/// Other bytes in place of these; nil if they aren't understood.
typealias Mutation = @Sendable (_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8]?

extension Target {
    var mutation: Mutation? { nil }
    var step: String? { nil }

    /// Reads the input, and returns the steps that it came to. An error is an answer, and its message must not trap either.
    @discardableResult
    func read(_ bytes: [UInt8], in scratch: Scratch) -> [String] {
        guard !bytes.isEmpty else { return [] }
        defer { scratch.clear() }
        let input = Input(bytes, in: scratch)
        do { try run(input) } catch { _ = String(describing: error) }
        return input.stepsReached
    }
}

let allTargets: [any Target] = [
    ONNXTarget(), PackedTarget(), NumPyTarget(), YAMLTarget(), TableTarget(), ListTarget(), RequestTarget(),
    ProgressTarget(), AudioTarget(), ProfileTarget(), CheckpointTarget(),
]
