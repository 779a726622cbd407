import Files

extension Architecture {
    /// A regression or classification head on the pooled state: two fully connected layers.
    public struct Head: Sendable, Hashable, Codable {
        /// What is between a head's two layers.
        public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
            /// Linear, tanh, Linear: the heads of the published models.
            case tanh
            /// Linear, Linear, as in transformers' `Wav2Vec2ForSequenceClassification`. That projects each frame and then
            /// takes the mean over time; both are linear, so that the projected mean is the mean of the projections.
            case linear
        }

        /// The graph output it produces, such as `logits`.
        public let output: String
        /// Width of the layer inside.
        public let denseSize: Int
        /// Numbers it produces.
        public let size: Int
        /// What is between its two layers.
        public let kind: Kind

        /// A head of these sizes.
        public init(output: String, denseSize: Int, size: Int, kind: Kind = .tanh) {
            self.output = output
            self.denseSize = denseSize
            self.size = size
            self.kind = kind
        }

        /// Reads a head; one that doesn't say its kind, as in files from before there were several, is of the kind `tanh`.
        ///
        /// - Throws: ``EngineError/impossibleArchitecture(reason:)`` if it is of a kind that isn't known.
        public init(from decoder: any Decoder) throws {
            let object = try decoder.container(keyedBy: CodingKeys.self)
            let output = try object.decode(String.self, forKey: .output)
            let name = try object.decodeIfPresent(String.self, forKey: .kind) ?? Kind.tanh.rawValue
            guard let kind = Kind(rawValue: name) else {
                let known = Kind.allCases.map(\.rawValue).joined(separator: " or ")
                throw EngineError.impossibleArchitecture(
                    reason: "the head \(quoted(output)) is of the kind \(quoted(name)), and should be \(known)")
            }
            self.init(
                output: output, denseSize: try object.decode(Int.self, forKey: .denseSize),
                size: try object.decode(Int.self, forKey: .size), kind: kind)
        }
    }
}
