/// What the numbers of a head mean.
public enum Labels {
    /// The labels of a head that has none of its own: those of the published models where the head's name and size are
    /// theirs, else the output's name with a number.
    public static func `default`(for head: Architecture.Head) -> [String] {
        switch (head.output, head.size) {
        case ("logits", 3): ["arousal", "dominance", "valence"]
        case ("logits_age", 1): ["age"]
        case ("logits_gender", 3): ["female", "male", "child"]
        case (let output, 1): [output]
        case (let output, let size): (0..<size).map { "\(output)-\($0)" }
        }
    }

    /// The labels of every head: those given, else the default ones.
    ///
    /// - Throws: ``EngineError/labelCount(output:labels:size:)``
    public static func complete(
        _ given: [String: [String]], for architecture: Architecture
    ) throws(EngineError) -> [String: [String]] {
        var labels: [String: [String]] = [:]
        for head in architecture.heads {
            let own = given[head.output] ?? Labels.default(for: head)
            guard own.count == head.size else {
                throw .labelCount(output: head.output, labels: own.count, size: head.size)
            }
            labels[head.output] = own
        }
        return labels
    }
}
