extension Node {
    /// Decodes `NodeProto`.
    init(decoding reader: WireReader) throws(ONNXError) {
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
        while let number = try reader.next() {
            guard number == 5 else {
                try reader.skip()
                continue
            }
            let index = attributes.count
            let (name, attribute) = try reader.message("attribute", at: index, Attribute.decode)
            guard attributes.updateValue(attribute, forKey: name) == nil else {
                throw reader.failure(.givenTwice("the attribute '\(name)'"), "attribute[\(index)]")
            }
        }
    }
}
