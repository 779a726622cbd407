import Kernels
@_exported import W2V2Network

/// What a packed model holds besides its weights.
package struct PackedContents: Codable {
    package let architecture: Architecture
    /// Of the weights in panels.
    package let precision: Precision
    package let labels: [String: [String]]
    package let metadata: [String: String]

    package init(
        architecture: Architecture, precision: Precision = .float32, labels: [String: [String]],
        metadata: [String: String]
    ) {
        self.architecture = architecture
        self.precision = precision
        self.labels = labels
        self.metadata = metadata
    }

    /// Reads contents; those that don't name their precision, as in files from before there were several, are float32.
    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            architecture: try object.decode(Architecture.self, forKey: .architecture),
            precision: try object.decodeIfPresent(Precision.self, forKey: .precision) ?? .float32,
            labels: try object.decode([String: [String]].self, forKey: .labels),
            metadata: try object.decode([String: String].self, forKey: .metadata))
    }

    /// Writes a model as a packed file: its weights in the layouts that the engine computes with, so that they are mapped
    /// and used where they are.
    ///
    /// - Parameters:
    ///   - parameters: every one of the network
    ///   - path: where the file goes; an older one is replaced when the new one is whole
    /// - Throws: ``WeightError`` if the parameters are not the network's, what reading one throws, or
    ///   ``PackedModelError`` if the file cannot be written.
    package func write(_ parameters: [any Parameter], to path: String) throws {
        let source = ConvertedWeights(parameters, precision: precision)
        let weights = try RecordedWeights.weights(of: architecture)
        try source.check(weights)
        let blocks = weights.map { weight in
            PackedBlock(
                name: weight.name, format: weight.storage(precision).rawValue, byteCount: weight.byteCount(precision))
        }
        try PackedModelWriter.write(to: path, contents: self, blocks: blocks) { index, write in
            try source.bytes(of: weights[index]).withUnsafeBytes { try write($0.bytes) }
        }
    }
}

/// The weights of a packed model, used where they are in the mapped file.
package struct MappedWeights: WeightSource {
    private let file: PackedModelFile
    private let precision: Precision

    package init(_ file: PackedModelFile, precision: Precision) {
        self.file = file
        self.precision = precision
    }

    package func vector(_ weight: Weight) throws(PackedModelError) -> ConstantVector {
        ConstantVector(try bytes(of: weight))
    }

    package func matrix(_ weight: Weight) throws(PackedModelError) -> ConstantMatrix {
        ConstantMatrix(rows: weight.rows, columns: weight.columns, try bytes(of: weight))
    }

    package func panels(_ weight: Weight) throws(PackedModelError) -> ConstantPanels {
        ConstantPanels(weight.panels(precision), try bytes(of: weight))
    }

    /// A weight's block, checked against the format and the size that the network needs.
    private func bytes(of weight: Weight) throws(PackedModelError) -> ConstantBytes {
        let name = weight.name
        let block = try file.block(name)
        guard block.format == weight.storage(precision).rawValue else {
            throw .unknownFormat(name: name, format: block.format)
        }
        guard block.byteCount == weight.byteCount(precision) else {
            throw .unexpectedSize(name: name, found: block.byteCount, expected: weight.byteCount(precision))
        }
        return ConstantBytes(
            at: block.base, count: block.byteCount, owner: block.owner, releasePages: { block.releasePages() })
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
        if let wanted = options.precision, wanted != contents.precision {
            throw PackedModelError.otherPrecision(found: contents.precision, wanted: wanted)
        }
        try self.init(
            contents.architecture, labels: labels.isEmpty ? contents.labels : labels, metadata: contents.metadata,
            precision: contents.precision, options: options
        ) { _ in try Network(contents.architecture, MappedWeights(file, precision: contents.precision)) }
    }
}

/// What a packed model says of itself. All of the file is checked, and its blocks against its sizes.
package struct PackedModelSummary: Sendable {
    package let architecture: Architecture
    package let precision: Precision
    /// What each number of each head means, by the head's output name.
    package let labels: [String: [String]]
    package let metadata: [String: String]
    /// In the file's order.
    package let blocks: [PackedBlock]

    /// - Throws: ``PackedModelError``, or `EngineError` if its sizes make no network.
    package init(contentsOf path: String, threads: Int = 1) throws {
        let file = try PackedModelFile(path: path, verifyingOn: threads)
        let contents = try file.contents(as: PackedContents.self)
        _ = try Network(contents.architecture, MappedWeights(file, precision: contents.precision))
        architecture = contents.architecture
        precision = contents.precision
        labels = try Labels.complete(contents.labels, for: contents.architecture)
        metadata = contents.metadata
        blocks = file.blocks
    }
}
