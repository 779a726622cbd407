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

    /// An optional integer attribute.
    func integerAttribute(_ name: String) throws -> Int? {
        switch attributes[name] {
        case nil: return nil
        case .int(let value): return Int(value)
        default: throw misfit("attribute '\(name)' of another type", expected: "an integer")
        }
    }

    /// An attribute that is 0 or 1.
    func flagAttribute(_ name: String, default flag: Bool) throws -> Bool {
        guard let value = try integerAttribute(name) else { return flag }
        guard value == 0 || value == 1 else { throw misfit("\(name) \(value)", expected: "0 or 1") }
        return value == 1
    }

    /// An optional attribute that is a list of integers.
    func integersAttribute(_ name: String) throws -> [Int]? {
        switch attributes[name] {
        case nil: return nil
        case .ints(let values): return values.map { Int($0) }
        default: throw misfit("attribute '\(name)' of another type", expected: "a list of integers")
        }
    }

    func floatAttribute(_ name: String) throws -> Float? {
        switch attributes[name] {
        case nil: return nil
        case .float(let value): return value
        default: throw misfit("attribute '\(name)' of another type", expected: "a number")
        }
    }

    func stringAttribute(_ name: String) throws -> String? {
        switch attributes[name] {
        case nil: return nil
        case .string(let value): return value
        default: throw misfit("attribute '\(name)' of another type", expected: "text")
        }
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
