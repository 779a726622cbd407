/// Why a graph is not the architecture: the first place that does not fit, and what was expected there.
public struct RecognitionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The node that does not fit, as messages name it; nil where the graph as a whole does not.
    public let node: String?
    /// The module that was being read, such as `encoder.layers.3.attention`; nil before there is one.
    public let module: String?
    /// What the graph has there.
    public let found: String
    /// What the architecture has there.
    public let expected: String

    package init(node: String?, module: String? = nil, found: String, expected: String) {
        self.node = node
        self.module = module
        self.found = found
        self.expected = expected
    }

    /// On one line.
    public var description: String {
        let place = module.map { " (\($0))" } ?? ""
        return "\(node ?? "the graph")\(place): \(found); expected \(expected)"
    }

    /// The same error, told as one met while reading `module`.
    func reading(_ module: String) -> RecognitionError {
        RecognitionError(node: node, module: self.module ?? module, found: found, expected: expected)
    }
}
