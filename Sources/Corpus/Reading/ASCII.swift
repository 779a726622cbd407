/// The characters that times, tables and lists are made of.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let plus = UInt8(ascii: "+")
    static let comma = UInt8(ascii: ",")
    static let minus = UInt8(ascii: "-")
    static let point = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    /// What a lower-case letter has and its capital has not.
    static let lowercase: UInt8 = 0x20

    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}

extension BidirectionalCollection<UInt8> {
    /// Without spaces and tabs at both ends.
    func trimmed() -> SubSequence {
        let start = drop(while: ASCII.isBlank)
        guard let last = start.lastIndex(where: { !ASCII.isBlank($0) }) else { return start }
        return start[...last]
    }
}
