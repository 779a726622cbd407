/// Finds the places of the values in a JSON object, and checks on the way that the text is JSON (RFC 8259).
///
/// Values are not converted: what is to be given back unchanged keeps its digits and escapes.
package struct JSONScanner: Sendable {
    /// The text is not JSON, or not of the JSON that is wanted, from this byte on, counted from 0.
    package struct Failure: Error, Hashable {
        package let offset: Int
        package var reason = Reason.notJSON

        package enum Reason: Sendable, Hashable {
            case notJSON
            case notUTF8
            case tooDeep(limit: Int)
            case tooManyValues(limit: Int)
            /// With the name that an object has twice.
            case duplicateName(String)
            /// An escape that stands for half a surrogate pair.
            case halfPair
        }
    }

    /// Objects and lists within each other.
    let greatestDepth: Int
    let text: [UInt8]
    private(set) var position = 0

    package init(_ text: [UInt8], greatestDepth: Int = 256) {
        self.text = text
        self.greatestDepth = greatestDepth
    }

    /// The places of an object's names and values, in the object's order; nil if the text is another value.
    package mutating func object() throws(Failure) -> [(name: Range<Int>, value: Range<Int>)]? {
        skipSpace()
        var members: [(name: Range<Int>, value: Range<Int>)]?
        if next == UInt8(ascii: "{") { members = try scanObject(depth: 1) } else { try scanValue(depth: 0) }
        skipSpace()
        if position < text.count { throw failure }
        return members
    }

    var next: UInt8? { position < text.count ? text[position] : nil }

    var failure: Failure { Failure(offset: position) }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Failure) {
        if !take(byte) { throw failure }
    }

    private mutating func scanValue(depth: Int) throws(Failure) {
        switch next {
        case UInt8(ascii: "{"): _ = try scanObject(depth: depth + 1)
        case UInt8(ascii: "["): try scanList(depth: depth + 1)
        case UInt8(ascii: "\""): try scanString()
        case UInt8(ascii: "t"): try scanWord("true")
        case UInt8(ascii: "f"): try scanWord("false")
        case UInt8(ascii: "n"): try scanWord("null")
        default: try scanNumber()
        }
    }

    private mutating func scanObject(depth: Int) throws(Failure) -> [(name: Range<Int>, value: Range<Int>)] {
        var members: [(name: Range<Int>, value: Range<Int>)] = []
        try scanItems(from: UInt8(ascii: "{"), to: UInt8(ascii: "}"), depth: depth) { scanner throws(Failure) in
            let name = try scanner.scanName()
            let value = scanner.position
            try scanner.scanValue(depth: depth)
            members.append((name, value..<scanner.position))
        }
        return members
    }

    /// A member's name and what comes before its value.
    mutating func scanName() throws(Failure) -> Range<Int> {
        let start = position
        try scanString()
        let end = position
        skipSpace()
        try expect(UInt8(ascii: ":"))
        skipSpace()
        return start..<end
    }

    private mutating func scanList(depth: Int) throws(Failure) {
        try scanItems(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), depth: depth) { scanner throws(Failure) in
            try scanner.scanValue(depth: depth)
        }
    }

    /// Items with commas between them; none is fine too.
    mutating func scanItems(
        from first: UInt8, to last: UInt8, depth: Int, _ scanItem: (inout Self) throws(Failure) -> Void
    ) throws(Failure) {
        guard depth <= greatestDepth else { throw Failure(offset: position, reason: .tooDeep(limit: greatestDepth)) }
        try expect(first)
        skipSpace()
        if take(last) { return }
        repeat {
            skipSpace()
            try scanItem(&self)
            skipSpace()
        } while take(UInt8(ascii: ","))
        try expect(last)
    }

    mutating func scanString() throws(Failure) {
        try expect(UInt8(ascii: "\""))
        while let byte = next, byte >= 0x20 {
            position += 1
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\") { try scanEscape() }
        }
        throw failure
    }

    /// What follows the backslash.
    private mutating func scanEscape() throws(Failure) {
        guard let byte = next else { throw failure }
        if byte == UInt8(ascii: "u") {
            position += 1
            for _ in 0..<4 {
                guard let digit = next, Character(Unicode.Scalar(digit)).isHexDigit else { throw failure }
                position += 1
            }
        } else if "\"\\/bfnrt".utf8.contains(byte) {
            position += 1
        } else {
            throw failure
        }
    }

    mutating func scanWord(_ word: String) throws(Failure) {
        for byte in word.utf8 { try expect(byte) }
    }

    mutating func scanNumber() throws(Failure) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try scanDigits() }
        if take(UInt8(ascii: ".")) { try scanDigits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try scanDigits()
        }
    }

    /// One digit or more.
    private mutating func scanDigits() throws(Failure) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        if position == start { throw failure }
    }
}
