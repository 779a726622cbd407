import PackedModel

/// What a packed model tells of itself. All of the file is checked.
public struct PackedModelSummary: Sendable {
    /// Weights in one of the layouts that the engine computes with.
    public struct Block: Sendable, Hashable, Codable {
        /// Such as `encoder.layers.0.attention.qkv.weight`: queries', keys' and values' side by side.
        public let name: String
        /// Those that fill up a layout included.
        public let floats: Int
    }

    public let architecture: Architecture
    /// What each number of each head means, by the head's output name.
    public let labels: [String: [String]]
    public let metadata: [String: String]
    /// In the file's order.
    public let blocks: [Block]

    /// - Throws: `PackedModelError`, or ``EngineError`` where its sizes make no network.
    public init(contentsOf path: String, threads: Int = 1) throws {
        let file = try PackedModelFile(path: path, verifyingOn: threads)
        let contents = try file.contents(as: PackedContents.self)
        try contents.architecture.check()
        architecture = contents.architecture
        labels = try Labels.complete(contents.labels, for: contents.architecture)
        metadata = contents.metadata
        blocks = try file.blockNames.map { Block(name: $0, floats: try file.floats($0).count) }
    }
}
