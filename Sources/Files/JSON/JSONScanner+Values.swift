// Values from a text that is UTF-8.

extension JSONScanner {
    /// The text's one value.
    mutating func value(mostValues: Int) throws(Failure) -> JSONValue {
        var count = 0
        skipSpace()
        let value = try buildValue(depth: 0, &count, most: mostValues)
        skipSpace()
        if next != nil { throw failure }
        return value
    }

    private mutating func buildValue(depth: Int, _ count: inout Int, most: Int) throws(Failure) -> JSONValue {
        count += 1
        guard count <= most else { throw Failure(offset: position, reason: .tooManyValues(limit: most)) }
        let start = position
        switch next {
        case UInt8(ascii: "{"): return try buildObject(depth: depth + 1, &count, most: most)
        case UInt8(ascii: "["):
            var items: [JSONValue] = []
            try scanItems(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), depth: depth + 1) {
                scanner throws(Failure) in
                items.append(try scanner.buildValue(depth: depth + 1, &count, most: most))
            }
            return .list(items)
        case UInt8(ascii: "\""):
            try scanString()
            return .string(try string(in: start..<position))
        case UInt8(ascii: "t"):
            try scanWord("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanWord("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanWord("null")
            return .null
        default:
            try scanNumber()
            return .number(String(decoding: text[start..<position], as: UTF8.self))
        }
    }

    private mutating func buildObject(depth: Int, _ count: inout Int, most: Int) throws(Failure) -> JSONValue {
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        try scanItems(from: UInt8(ascii: "{"), to: UInt8(ascii: "}"), depth: depth) { scanner throws(Failure) in
            let place = try scanner.scanName()
            let name = try scanner.string(in: place)
            guard names.insert(name).inserted else {
                throw Failure(offset: place.lowerBound, reason: .duplicateName(name))
            }
            members.append(.init(name: name, value: try scanner.buildValue(depth: depth, &count, most: most)))
        }
        return .object(members)
    }

    // MARK: Strings

    /// What a scanned string, with its quotation marks, stands for.
    private func string(in place: Range<Int>) throws(Failure) -> String {
        let content = text[place.lowerBound + 1..<place.upperBound - 1]
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count)
        var index = content.startIndex
        while index < content.endIndex {
            guard content[index] == UInt8(ascii: "\\") else {
                bytes.append(content[index])
                index += 1
                continue
            }
            let escape = content[index + 1]
            if escape == UInt8(ascii: "u") {
                let scalar = try scalar(at: index)
                bytes += UTF8.encode(scalar).map(Array.init) ?? []
                index += scalar.value > 0xFFFF ? 12 : 6
            } else {
                bytes.append(Self.shortEscapes[escape] ?? escape)
                index += 2
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let shortEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D,
        UInt8(ascii: "t"): 0x09,
    ]

    /// What an escape of the form `\uXXXX`, or two of them that are a surrogate pair, stands for.
    private func scalar(at index: Int) throws(Failure) -> Unicode.Scalar {
        let first = unit(at: index)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let second = index + 6
        guard UTF16.isLeadSurrogate(first), text[second] == UInt8(ascii: "\\"), text[second + 1] == UInt8(ascii: "u"),
            UTF16.isTrailSurrogate(unit(at: second))
        else { throw Failure(offset: index, reason: .halfPair) }
        return UTF16.decode(UTF16.EncodedScalar([first, unit(at: second)]))
    }

    /// The four digits of an escape; the scanner has seen that they are.
    private func unit(at index: Int) -> UInt16 {
        UInt16(String(decoding: text[index + 2..<index + 6], as: UTF8.self), radix: 16) ?? 0
    }
}
