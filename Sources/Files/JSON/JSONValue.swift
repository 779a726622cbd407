/// A value of JSON (RFC 8259).
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As it is written.
    case number(String)
    case string(String)
    case list([JSONValue])
    /// In the text's order; each name occurs once.
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSONValue
    }

    /// What a text may hold.
    package struct Limits: Sendable {
        /// Objects and lists within each other.
        let depth: Int
        /// Of all kinds, at every depth. Each takes less than 200 bytes of memory beside its text.
        let values: Int

        package init(depth: Int = 64, values: Int) {
            self.depth = depth
            self.values = values
        }
    }

    /// Parses a whole text, which is UTF-8. No object may have a name twice.
    package init(parsing text: [UInt8], _ limits: Limits) throws(JSONScanner.Failure) {
        if String(validating: text, as: UTF8.self) == nil {
            let repaired = String(decoding: text, as: UTF8.self).utf8
            let offset = zip(repaired, text).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            throw JSONScanner.Failure(offset: offset ?? text.count, reason: .notUTF8)
        }
        var scanner = JSONScanner(text, greatestDepth: limits.depth)
        self = try scanner.value(mostValues: limits.values)
    }

    /// The value of an object's member; nil if it has none of this name, or this is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
