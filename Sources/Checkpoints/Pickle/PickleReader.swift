/// Reads opcodes and their operands one after another, never past the pickle's end.
struct PickleReader {
    let pickle: [UInt8]
    private(set) var position = 0

    init(_ pickle: [UInt8]) { self.pickle = pickle }

    var left: Int { pickle.count - position }

    mutating func byte() throws(PickleProblem) -> UInt8 {
        guard position < pickle.count else { throw .noStop }
        defer { position += 1 }
        return pickle[position]
    }

    /// The place of the next bytes.
    mutating func bytes(_ count: Int) throws(PickleProblem) -> Range<Int> {
        guard count <= left else { throw .cutShort(needed: count, left: left) }
        defer { position += count }
        return position..<position + count
    }

    /// A little-endian number of at most 8 bytes without a sign.
    mutating func unsigned(_ width: Int) throws(PickleProblem) -> UInt64 {
        try pickle[bytes(width)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A number of bytes that follow. One beyond the range of Int is more than is left.
    mutating func length(_ width: Int) throws(PickleProblem) -> Int {
        try Int(clamping: unsigned(width))
    }

    /// A signed number of 4 bytes.
    mutating func signed4() throws(PickleProblem) -> Int { Int(Int32(truncatingIfNeeded: try unsigned(4))) }

    /// A little-endian number in two's complement; nil if it takes more than 8 bytes.
    mutating func long(_ width: Int) throws(PickleProblem) -> Int? {
        let place = try bytes(width)
        guard width <= 8 else { return nil }
        let isNegative = place.last.map { pickle[$0] >= 0x80 } ?? false
        let bits = pickle[place].reversed().reduce(isNegative ? UInt64.max : 0) { $0 << 8 | UInt64($1) }
        return Int(Int64(bitPattern: bits))
    }

    /// The place of a text of this many bytes.
    mutating func text(_ count: Int) throws(PickleProblem) -> PickleText {
        let place = try bytes(count)
        guard isUTF8(place) else { throw .notUTF8 }
        return PickleText(place)
    }

    /// The place of a byte string, which Python 2 used for texts; nil if it isn't one.
    mutating func byteString(_ count: Int) throws(PickleProblem) -> PickleText? {
        let place = try bytes(count)
        return isUTF8(place) ? PickleText(place) : nil
    }

    // MARK: Lines

    /// The place of a line without its end.
    mutating func line() throws(PickleProblem) -> Range<Int> {
        guard let end = pickle[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw .unendedLine }
        defer { position = end + 1 }
        return position..<end
    }

    mutating func lineText() throws(PickleProblem) -> String {
        guard let text = String(validating: pickle[try line()], as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    /// A text that is a line of its own, with or without quotation marks around it.
    mutating func lineText(isQuoted: Bool) throws(PickleProblem) -> PickleText {
        var place = try line()
        if isQuoted {
            guard place.count >= 2, let quote = place.first.map({ pickle[$0] }), pickle[place.upperBound - 1] == quote,
                quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
            else { throw .wrongOperand(expected: "a text in quotation marks") }
            place = place.lowerBound + 1..<place.upperBound - 1
        }
        guard pickle[place].allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw .escapedText
        }
        return PickleText(place)
    }

    private func isUTF8(_ place: Range<Int>) -> Bool { String(validating: pickle[place], as: UTF8.self) != nil }
}
