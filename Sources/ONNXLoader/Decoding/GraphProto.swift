extension Graph {
    /// Decodes `GraphProto` and checks it: see ``GraphCheck``.
    init(decoding reader: inout WireReader) throws(ONNXError) {
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

extension Node {
    /// Decodes `NodeProto`.
    init(decoding reader: inout WireReader) throws(ONNXError) {
        self.init(operation: "", inputs: [], outputs: [])
        try reader.charge(MemoryCost.node)

        var names = reader
        while let number = try names.next() {
            switch number {
            case 1:
                try names.charge(MemoryCost.reference)
                inputs.append(try names.name("input"))
            case 2:
                try names.charge(MemoryCost.reference + MemoryCost.entry)
                outputs.append(try names.name("output"))
            case 3: name = try names.name("name")
            case 4: operation = try names.name("op_type")
            case 7: domain = OperatorSetID.normalized(try names.name("domain"))
            case 8:
                guard try names.bytes("overload").isEmpty else {
                    throw names.failure(
                        .unsupported("a call of an overloaded function", instead: "export with functions inlined"),
                        "overload")
                }
            default: try names.skip()
            }
        }
        let start = reader.position
        guard !operation.isEmpty else {
            throw ONNXError(.missing("the operator"), offset: start, field: "op_type").about("node '\(name)'")
        }
        guard outputs.contains(where: { !$0.isEmpty }) else {
            throw ONNXError(.missing("an output"), offset: start, field: "output").about(label)
        }

        // Attributes come second, so that errors about them can name the node wherever the file has the name.
        do throws(ONNXError) {
            try decodeAttributes(reader)
        } catch {
            throw error.about(label)
        }
    }

    private mutating func decodeAttributes(_ reader: WireReader) throws(ONNXError) {
        var reader = reader
        while try reader.next(5) {
            let index = attributes.count
            let (name, attribute) = try reader.message("attribute", at: index, Attribute.decode)
            guard attributes.updateValue(attribute, forKey: name) == nil else {
                throw reader.failure(.givenTwice("the attribute '\(name)'"), "attribute[\(index)]")
            }
        }
    }
}
