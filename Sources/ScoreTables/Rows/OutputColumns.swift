/// One output of the model, as rows show it.
public struct OutputColumns: Sendable, Hashable {
    /// The output's name, such as `logits`.
    public let name: String
    /// What each number is, such as `arousal`; numbers without labels are counted, `hidden_states-0` and so on.
    public let labels: [String]
    /// Whether the labels say more than a count: numbers that are only counted are an embedding.
    public let isLabelled: Bool

    public init(name: String, labels: [String], isLabelled: Bool) {
        self.name = name
        self.labels = labels
        self.isLabelled = isLabelled
    }
}
