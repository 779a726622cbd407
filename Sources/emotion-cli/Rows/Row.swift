/// What a prediction says of one recording.
struct Row {
    let file: String
    /// Where the recording lies in its file, in seconds.
    let start: Double
    let end: Double
    /// The chosen outputs, in the order of the writer's columns.
    let values: [[Float]]
}

/// One output of the model, as rows show it.
struct OutputColumns {
    /// The graph's name for the output, such as `logits`.
    let name: String
    /// What each number is, such as `arousal`; numbers without labels are counted, `hidden_states-0` and so on.
    let labels: [String]
    /// Whether the labels say more than a count: numbers that are only counted are an embedding.
    let isLabelled: Bool
}

/// Writes rows in one of the formats.
protocol RowWriter {
    mutating func write(_ row: Row) throws
    /// Ends the output; no row comes after it.
    mutating func finish() throws
}
