/// Why a graph is not the architecture: the first place that does not fit, and what was expected there.
public struct RecognitionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The node that does not fit, as messages name it; nil where the graph as a whole does not.
    public var node: String?
    /// The module that was being read, such as `encoder.layers.3.attention`; nil before there is one.
    public var module: String?
    public var found: String
    public var expected: String

    public init(node: String?, module: String? = nil, found: String, expected: String) {
        self.node = node
        self.module = module
        self.found = found
        self.expected = expected
    }

    public var description: String {
        let place = module.map { " (\($0))" } ?? ""
        return "\(node ?? "the graph")\(place): \(found); expected \(expected)"
    }

    /// The same error, told as one met while reading `module`.
    func reading(_ module: String) -> RecognitionError {
        var error = self
        error.module = error.module ?? module
        return error
    }
}
