import Kernels
@_exported import W2V2Network

/// What a packed model holds besides its weights.
package struct PackedContents: Codable {
    package let architecture: Architecture
    package let labels: [String: [String]]
    package let metadata: [String: String]

    package init(architecture: Architecture, labels: [String: [String]], metadata: [String: String]) {
        self.architecture = architecture
        self.labels = labels
        self.metadata = metadata
    }

    /// Writes a model as a packed file: its weights in the layouts that the engine computes with, so that they are mapped
    /// and used where they are.
    ///
    /// - Parameters:
    ///   - parameters: every one of the network
    ///   - format: of the weights in panels
    ///   - path: where the file goes; an older one is replaced when the new one is whole
    /// - Throws: ``WeightError`` if the parameters are not the network's, what reading one throws, or
    ///   ``PackedModelError`` if the file cannot be written.
    package func write(
        _ parameters: [any Parameter], format: PanelFormat = .float32, to path: String
    ) throws {
        let source = ConvertedWeights(parameters, format: format)
        let weights = try RecordedWeights.weights(of: architecture)
        try source.check(weights)
        let blocks = weights.map { weight in
            PackedBlock(name: weight.name, format: weight.storage(format).rawValue, byteCount: weight.byteCount(format))
        }
        try PackedModelWriter.write(to: path, contents: self, blocks: blocks) { index, write in
            try source.bytes(of: weights[index]).withUnsafeBytes { try write($0.bytes) }
        }
    }
}

/// The weights of a packed model, used where they are in the mapped file.
package struct MappedWeights: WeightSource {
    private let file: PackedModelFile

    package init(_ file: PackedModelFile) { self.file = file }

    package func vector(_ weight: Weight) throws(PackedModelError) -> ConstantVector {
        ConstantVector(try bytes(of: weight).bytes)
    }

    package func matrix(_ weight: Weight) throws(PackedModelError) -> ConstantMatrix {
        ConstantMatrix(rows: weight.rows, columns: weight.columns, try bytes(of: weight).bytes)
    }

    package func panels(_ weight: Weight) throws(PackedModelError) -> ConstantPanels {
        let (format, bytes) = try bytes(of: weight)
        return ConstantPanels(format, depth: weight.rows, columns: weight.columns, bytes)
    }

    /// A weight's block, checked against the size that the network needs.
    private func bytes(of weight: Weight) throws(PackedModelError) -> (format: PanelFormat, bytes: ConstantBytes) {
        let name = weight.name
        let block = try file.block(name)
        guard let format = PanelFormat(rawValue: block.format), weight.storage(format) == format else {
            throw .unknownFormat(name: name, format: block.format)
        }
        guard block.byteCount == weight.byteCount(format) else {
            throw .unexpectedSize(name: name, found: block.byteCount, expected: weight.byteCount(format))
        }
        return (
            format,
            ConstantBytes(
                at: block.base, count: block.byteCount, owner: block.owner, releasePages: { block.releasePages() })
        )
    }
}

extension EmotionModel {
    /// Maps a packed model, and checks all of it. Processes that map the same file share its memory.
    ///
    /// - Parameters:
    ///   - path: a file that `emotion-cli convert` wrote
    ///   - labels: what the numbers of outputs mean, by output name; those in the file if empty
    ///   - options: how the model computes
    /// - Throws: ``PackedModelError`` if the file cannot be read or is damaged, `EngineError` if its sizes make no network,
    ///   `KernelError` if the processor lacks what the options ask for, `OpenBLASError` if OpenBLAS is needed and cannot be
    ///   opened.
    public init(packed path: String, labels: [String: [String]] = [:], options: EngineOptions = EngineOptions()) throws
    {
        let file = try PackedModelFile(
            path: path, verifyingOn: options.threads, keepingPages: options.leanFrames == nil)
        let contents = try file.contents(as: PackedContents.self)
        try self.init(
            contents.architecture, labels: labels.isEmpty ? contents.labels : labels, metadata: contents.metadata,
            options: options
        ) { _ in try Network(contents.architecture, MappedWeights(file)) }
    }
}

/// What a packed model says of itself. All of the file is checked, and its blocks against its sizes.
package struct PackedModelSummary: Sendable {
    package let architecture: Architecture
    /// What each number of each head means, by the head's output name.
    package let labels: [String: [String]]
    package let metadata: [String: String]
    /// In the file's order.
    package let blocks: [PackedBlock]

    /// - Throws: ``PackedModelError``, or `EngineError` if its sizes make no network.
    package init(contentsOf path: String, threads: Int = 1) throws {
        let file = try PackedModelFile(path: path, verifyingOn: threads)
        let contents = try file.contents(as: PackedContents.self)
        _ = try Network(contents.architecture, MappedWeights(file))
        architecture = contents.architecture
        labels = try Labels.complete(contents.labels, for: contents.architecture)
        metadata = contents.metadata
        blocks = file.blocks
    }
}
