import ONNXLoader

extension Node {
    /// The operator with its domain, where that is not the standard one: `com.microsoft.Gelu`.
    var qualifiedOperation: String {
        domain.isEmpty || domain == "ai.onnx" ? operation : "\(domain).\(operation)"
    }

    /// The one output, of an operator used for one.
    var soleOutput: String? {
        outputs.dropFirst().allSatisfy(\.isEmpty) ? outputs.first.flatMap { $0.isEmpty ? nil : $0 } : nil
    }

    /// An error about this node.
    func misfit(_ found: String, expected: String) -> RecognitionError {
        RecognitionError(node: label, found: found, expected: expected)
    }

    /// An optional attribute, of which `value` makes what `expected` says; nil if it can't.
    private func attribute<Value>(
        _ name: String, expected: String, _ value: (Attribute) -> Value?
    ) throws -> Value? {
        guard let attribute = attributes[name] else { return nil }
        guard let value = value(attribute) else {
            throw misfit("attribute '\(name)' of another type", expected: expected)
        }
        return value
    }

    func integerAttribute(_ name: String) throws -> Int? {
        try attribute(name, expected: "an integer") { if case .int(let value) = $0 { Int(value) } else { nil } }
    }

    func integersAttribute(_ name: String) throws -> [Int]? {
        try attribute(name, expected: "a list of integers") {
            if case .ints(let values) = $0 { values.map { Int($0) } } else { nil }
        }
    }

    func floatAttribute(_ name: String) throws -> Float? {
        try attribute(name, expected: "a number") { if case .float(let value) = $0 { value } else { nil } }
    }

    func stringAttribute(_ name: String) throws -> String? {
        try attribute(name, expected: "text") { if case .string(let value) = $0 { value } else { nil } }
    }

    /// An attribute that is 0 or 1.
    func flagAttribute(_ name: String, default flag: Bool) throws -> Bool {
        guard let value = try integerAttribute(name) else { return flag }
        guard value == 0 || value == 1 else { throw misfit("\(name) \(value)", expected: "0 or 1") }
        return value == 1
    }

    /// Refuses attributes that recognition does not know: they may change what the operator does.
    func requireAttributes(among known: Set<String>) throws {
        if let name = attributes.keys.sorted().first(where: { !known.contains($0) }) {
            let list = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
            throw misfit("attribute '\(name)'", expected: "no attributes but those known for \(operation): \(list)")
        }
    }

    /// The axis that `value` names in a shape of `rank` axes, counted from the front.
    func axis(_ value: Int, rank: Int) throws -> Int {
        guard value >= -rank, value < rank else {
            throw misfit("axis \(value) of \(rank)", expected: "an axis from \(-rank) to \(rank - 1)")
        }
        return value < 0 ? value + rank : value
    }
}
