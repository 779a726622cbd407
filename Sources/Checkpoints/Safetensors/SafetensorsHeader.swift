import Files

/// The header of a safetensors file: each tensor's type, shape and place in the data, and texts about them all.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let elementType: CheckpointElementType
        let shape: [Int]
        /// In bytes of the data.
        let begin: Int
        let end: Int
    }

    /// In the order of their data, which they cover without a hole.
    let entries: [Entry]

    init(_ header: JSONValue, dataSize: Int) throws(CheckpointError) {
        guard case .object(let members) = header else { throw CheckpointError(.notAnObject) }
        var entries: [Entry] = []
        for member in members {
            if member.name == Self.metadataName {
                try Self.checkMetadata(member.value)
            } else {
                do throws(CheckpointError) {
                    entries.append(try Entry(member.name, member.value, dataSize: dataSize))
                } catch {
                    throw error.about("tensor \(quoted(member.name))")
                }
            }
        }
        // Tensors without elements lie between others.
        entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
        try Self.checkCover(entries, dataSize: dataSize)
        self.entries = entries
    }

    private static let metadataName = "__metadata__"

    private static func checkMetadata(_ value: JSONValue) throws(CheckpointError) {
        func check(_ value: JSONValue, _ isRight: Bool, _ expected: String) throws(CheckpointError) {
            guard isRight else {
                throw CheckpointError(.wrongValue(found: value.described, expected: expected), part: metadataName)
            }
        }
        guard case .object(let members) = value else { return try check(value, false, "an object of texts") }
        for member in members { try check(member.value, member.value.string != nil, "a text") }
    }

    /// Checks that sorted entries cover the data from its first byte to its last, each byte once.
    private static func checkCover(_ entries: [Entry], dataSize: Int) throws(CheckpointError) {
        var covered = 0
        var last: Entry?
        for entry in entries {
            let part = "tensor \(quoted(entry.name))"
            guard entry.begin >= covered else {
                throw CheckpointError(.safetensors(.overlap(with: last?.name ?? "", at: entry.begin)), part: part)
            }
            guard entry.begin == covered else {
                throw CheckpointError(.safetensors(.hole(from: covered, to: entry.begin)), part: part)
            }
            covered = entry.end
            last = entry
        }
        guard covered == dataSize else {
            throw CheckpointError(.safetensors(.unusedEnd(from: covered, size: dataSize)))
        }
    }
}

extension SafetensorsHeader.Entry {
    fileprivate init(_ name: String, _ value: JSONValue, dataSize: Int) throws(CheckpointError) {
        try CheckpointTensor.check(name: name)
        guard case .object(let members) = value else {
            throw CheckpointError(.wrongValue(found: value.described, expected: "an object that describes a tensor"))
        }
        for member in members where !["dtype", "shape", "data_offsets"].contains(member.name) {
            throw CheckpointError(
                .wrongValue(found: quoted(member.name), expected: "dtype, shape or data_offsets, which a tensor has"))
        }
        guard let type = value["dtype"]?.string else { throw Self.wrong(value, "dtype", "the name of a type") }
        guard let elementType = SafetensorsType.elementType(named: type) else {
            throw CheckpointError(.safetensors(.unknownType(type)))
        }
        let shape = try Self.sizes(value, "shape", atMost: CheckpointTensor.mostDimensions)
        let offsets = try Self.sizes(value, "data_offsets", atMost: 2)
        guard offsets.count == 2 else { throw Self.wrong(value, "data_offsets", "a list of two offsets") }
        guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= dataSize else {
            throw CheckpointError(.safetensors(.offsets(offsets[0], offsets[1], size: dataSize)))
        }
        let byteCount = try elementType.byteCount(ofShape: shape)
        guard byteCount == offsets[1] - offsets[0] else {
            throw CheckpointError(
                .sizeMismatch(shape: shape, type: type, expected: byteCount, found: offsets[1] - offsets[0]))
        }
        self.init(name: name, elementType: elementType, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private static func sizes(_ entry: JSONValue, _ key: String, atMost most: Int) throws(CheckpointError) -> [Int] {
        let expected = "a list of at most \(most) whole numbers of 0 or more"
        guard case .list(let items) = entry[key], items.count <= most else { throw wrong(entry, key, expected) }
        var sizes: [Int] = []
        for item in items {
            guard let size = item.integer, size >= 0 else {
                throw CheckpointError(.wrongValue(found: "\(key) with \(item.described)", expected: expected))
            }
            sizes.append(size)
        }
        return sizes
    }

    private static func wrong(_ entry: JSONValue, _ key: String, _ expected: String) -> CheckpointError {
        guard let value = entry[key] else { return CheckpointError(.missingKey(expected: "\(key), \(expected),")) }
        return CheckpointError(.wrongValue(found: "\(key) \(value.described)", expected: expected))
    }
}
