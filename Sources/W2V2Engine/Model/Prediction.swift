/// What the model says of one signal: the graph's outputs by name, in the graph's order.
public struct Prediction: Sendable, Equatable {
    /// The outputs' names, as in ``Architecture/outputs``: the pooled state first, then the heads.
    public let names: [String]
    /// The outputs, in the order of the names.
    public let values: [[Float]]

    /// An output by its name, such as `logits`.
    public subscript(name: String) -> [Float]? { names.firstIndex(of: name).map { values[$0] } }
}
