extension ONNXModel {
    /// Decodes `ModelProto`.
    init(decoding reader: inout WireReader) throws(ONNXError) {
        var irVersion: Int?
        var opsets: [String: Int] = [:]
        var producerName = ""
        var producerVersion = ""
        var metadata: [String: String] = [:]
        var graph: Graph?
        var opsetCount = 0
        var metadataCount = 0
        while let number = try reader.next() {
            switch number {
            case 1: irVersion = try reader.integer("ir_version")
            case 2: producerName = try reader.text("producer_name")
            case 3: producerVersion = try reader.text("producer_version")
            case 7:
                guard graph == nil else { throw reader.failure(.givenTwice("the graph"), "graph") }
                graph = try reader.message("graph", Graph.init(decoding:))
            case 8:
                let opset = try reader.message("opset_import", at: opsetCount, OperatorSetID.init(decoding:))
                guard opsets.updateValue(opset.version, forKey: opset.domain) ?? opset.version == opset.version else {
                    throw reader.failure(
                        .givenTwice("the version of the operator set '\(opset.domain)'"), "opset_import[\(opsetCount)]")
                }
                opsetCount += 1
            case 14:
                let entry = try reader.message("metadata_props", at: metadataCount, StringStringEntry.init(decoding:))
                metadata[entry.key] = entry.value
                metadataCount += 1
            case 20:
                throw reader.failure(
                    .unsupported("training information", instead: "export for inference"), "training_info")
            case 25:
                throw reader.failure(
                    .unsupported("a model-local function", instead: "export with functions inlined"), "functions")
            default: try reader.skip()
            }
        }
        guard let irVersion else { throw ONNXError(.missing("the format version"), field: "ir_version") }
        guard irVersion >= 1 else {
            throw ONNXError(.outOfRange(value: "\(irVersion)", expected: "a format version"), field: "ir_version")
        }
        guard let graph else { throw ONNXError(.missing("the graph"), field: "graph") }
        self.init(
            irVersion: irVersion, opsets: opsets, producerName: producerName, producerVersion: producerVersion,
            metadata: metadata, graph: graph)
    }
}

/// `OperatorSetIdProto`.
struct OperatorSetID {
    var domain = ""
    var version = 0

    init(decoding reader: inout WireReader) throws(ONNXError) {
        try reader.charge(MemoryCost.entry)
        while let number = try reader.next() {
            switch number {
            case 1: domain = Self.normalized(try reader.name("domain"))
            case 2: version = try reader.integer("version")
            default: try reader.skip()
            }
        }
        guard version >= 1 else {
            throw reader.failure(.outOfRange(value: "\(version)", expected: "an operator set version"), "version")
        }
    }

    /// The standard domain has two names.
    static func normalized(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }
}

/// `StringStringEntryProto`.
struct StringStringEntry {
    var key = ""
    var value = ""

    init(decoding reader: inout WireReader) throws(ONNXError) {
        try reader.charge(MemoryCost.entry)
        while let number = try reader.next() {
            switch number {
            case 1: key = try reader.name("key")
            case 2: value = try reader.text("value")
            default: try reader.skip()
            }
        }
    }
}
