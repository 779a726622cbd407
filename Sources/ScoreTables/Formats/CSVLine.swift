/// A line of a CSV table, as RFC 4180 has it but for its end, which is a line feed alone.
enum CSVLine {
    static func bytes(of fields: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(comma) }
            append(field, to: &line)
        }
        line.append(lineFeed)
        return line
    }

    /// The number of lines in a table, where line breaks in quotes do not count.
    static func count(in bytes: [UInt8], isQuoted: inout Bool) -> Int {
        var count = 0
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if byte == lineFeed, !isQuoted { count += 1 }
        }
        return count
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Quotes around what holds a comma, a quote or a line break, quotes inside doubled. Byte by byte: a comma with a
    /// combining accent is another Character.
    private static func append(_ field: String, to line: inout [UInt8]) {
        let special = [comma, quote, lineFeed, carriageReturn]
        guard field.utf8.contains(where: special.contains) else {
            line += field.utf8
            return
        }
        line.append(quote)
        for byte in field.utf8 {
            if byte == quote { line.append(quote) }
            line.append(byte)
        }
        line.append(quote)
    }
}
