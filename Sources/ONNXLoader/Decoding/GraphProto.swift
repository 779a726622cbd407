extension Graph {
    /// Decodes `GraphProto` and checks it: see ``GraphCheck``.
    init(decoding reader: WireReader) throws(ONNXError) {
        var reader = reader
        var offsets = GraphCheck.Offsets()
        self.init(nodes: [], initializers: [:], inputs: [], outputs: [])
        while let number = try reader.next() {
            switch number {
            case 1:
                offsets.nodes.append(reader.fieldOffset)
                nodes.append(try reader.message("node", at: nodes.count, Node.init(decoding:)))
            case 2: name = try reader.text("name")
            case 5: try decodeInitializer(&reader)
            case 11:
                offsets.inputs.append(reader.fieldOffset)
                inputs.append(try reader.message("input", at: inputs.count, ValueInfo.init(decoding:)))
            case 12:
                offsets.outputs.append(reader.fieldOffset)
                outputs.append(try reader.message("output", at: outputs.count, ValueInfo.init(decoding:)))
            case 15:
                throw reader.failure(
                    .unsupported("a sparse initializer", instead: "export with dense initializers"),
                    "sparse_initializer")
            default: try reader.skip()
            }
        }
        nodes = try GraphCheck(
            nodes: nodes, initializers: initializers, inputs: inputs, outputs: outputs, offsets: offsets
        ).orderedNodes()
        // Format versions before 4 list every initializer as an input too.
        inputs.removeAll { initializers[$0.name] != nil }
    }

    private mutating func decodeInitializer(_ reader: inout WireReader) throws(ONNXError) {
        let index = initializers.count
        let tensor = try reader.message("initializer", at: index, Tensor.init(decoding:))
        guard !tensor.name.isEmpty else { throw reader.failure(.missing("the name"), "initializer[\(index)].name") }
        guard initializers.updateValue(tensor, forKey: tensor.name) == nil else {
            throw reader.failure(.duplicateName(tensor.name), "initializer[\(index)].name")
        }
    }
}
