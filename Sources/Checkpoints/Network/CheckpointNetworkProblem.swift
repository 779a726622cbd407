import Files

/// Why a checkpoint's tensors and configuration don't make a network that this program runs.
package enum CheckpointNetworkProblem: Sendable, Equatable, CustomStringConvertible {
    /// A tensor that the network needs isn't there.
    case missing
    case otherShape(found: [Int], expected: [Int])
    /// Tensors that belong to no part of the network.
    case leftOver(names: [String])
    /// What the configuration says of the network, and what this program computes.
    case differs(found: String, expected: String)
    case numberNotFinite
    case labelCount(labels: Int, outputs: Int)

    package var description: String {
        switch self {
        case .missing: "the network needs this tensor, and it isn't there; the file may be of another model"
        case .otherShape(let found, let expected): "the shape is \(found); config.json makes it \(expected)"
        case .leftOver(let names):
            "\(names.count == 1 ? "a tensor has" : "\(names.count) tensors have") no place in the network"
                + " (\(printable(names.prefix(4).joined(separator: ", "), longest: 300))\(names.count > 4 ? ", …" : ""));"
                + " heads are audEERING's, or those of Wav2Vec2ForSequenceClassification and"
                + " HubertForSequenceClassification"
        case .differs(let found, let expected): "\(found); this program computes \(expected)"
        case .numberNotFinite: "its weight norm gives numbers that are not finite"
        case .labelCount(let labels, let outputs):
            "\(labels) labels for \(outputs) outputs; there should be one for each"
        }
    }
}
