import Files

/// A JSON file of a checkpoint's folder that holds one object.
struct JSONFile {
    let path: String
    let object: JSONValue

    /// Refuses a file of more than `mostBytes`.
    init(path: String, mostBytes: Int) throws(CheckpointError) {
        self.path = path
        do throws(CheckpointError) {
            let text = try Self.text(path: path, mostBytes: mostBytes)
            object = try JSONValue(objectIn: text, .init(values: Self.mostValues))
        } catch {
            throw error.inFile(path)
        }
    }

    /// The largest indexes of shards have some ten thousand.
    private static let mostValues = 1 << 20

    private static func text(path: String, mostBytes: Int) throws(CheckpointError) -> [UInt8] {
        let file: RegularFile
        do throws(OpeningError) { file = try RegularFile(path) } catch {
            throw CheckpointError(CheckpointError.Reason(error))
        }
        guard file.byteCount <= mostBytes else {
            throw CheckpointError(.tooLarge(bytes: file.byteCount, limit: mostBytes))
        }
        do throws(FileError) { return try file.read(at: 0, count: file.byteCount) } catch {
            throw CheckpointError(.cannotOpen(reason: error.reason))
        }
    }
}

extension JSONValue {
    /// Parses a text that is an object.
    init(objectIn text: [UInt8], _ limits: Limits) throws(CheckpointError) {
        do throws(JSONScanner.Failure) { try self.init(parsing: text, limits) } catch {
            throw CheckpointError(.json(error.reason, byte: error.offset))
        }
        guard case .object = self else { throw CheckpointError(.notAnObject) }
    }

    /// The whole number that it is; nil if it is another value, or beyond the range of Int.
    var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    /// The finite number that it is; nil for another value.
    var double: Double? {
        guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }

    /// As messages name what was found.
    var described: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let text): printable(text, longest: 40)
        case .string(let text): quoted(text)
        case .list(let items): "a list of \(items.count)"
        case .object: "an object"
        }
    }
}
