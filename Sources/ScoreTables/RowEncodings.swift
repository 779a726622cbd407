import Corpus
import Files
import Foundation
import NumPyFiles

/// How the rows of a format become bytes. What comes before a row depends only on whether it is the first, so that a
/// table can be resumed.
protocol RowEncoding {
    /// What comes before any row.
    var opening: [UInt8] { get }
    /// What comes after the last row, or in place of the rows if there are none.
    func closing(isEmpty: Bool) -> [UInt8]
    /// What the first row begins with, and what every other one does; as many bytes.
    var separators: (first: [UInt8], later: [UInt8]) { get }
    func bytes(of row: Row, isFirst: Bool) -> [UInt8]
}

extension RowEncoding {
    var opening: [UInt8] { [] }
    func closing(isEmpty: Bool) -> [UInt8] { [] }
    var separators: (first: [UInt8], later: [UInt8]) { ([], []) }
}

/// For people: one line per row, its scores by name. Names are escaped, as a terminal would act on what they hold.
struct TextRows: RowEncoding {
    private let columns: [OutputColumns]

    init(_ columns: [OutputColumns]) { self.columns = columns }

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        var fields = ["\(printable(row.file)) [\(Self.seconds(row.start))–\(Self.seconds(row.end)) s]"]
        for (column, values) in zip(columns, row.values) {
            if column.isLabelled {
                fields += zip(column.labels, values).map { label, value in
                    column.isWhole
                        ? "\(label) \(column.text(value))"
                        : "\(printable(label)) \(String(format: "%.4f", locale: Self.plain, Double(value)))"
                }
            } else {
                fields.append("\(printable(column.name)) (\(values.count) numbers; csv, json and npz show them)")
            }
        }
        return Array((fields.joined(separator: "  ") + "\n").utf8)
    }

    private static let plain = Locale(identifier: "en_US_POSIX")

    private static func seconds(_ time: Double) -> String { String(format: "%.2f", locale: plain, time) }
}

/// A table with a header: file, start, end, then a column for each number.
struct CSVRows: RowEncoding {
    let opening: [UInt8]
    private let columns: [OutputColumns]
    private let times: TimeStyle

    init(_ columns: [OutputColumns], times: TimeStyle) {
        self.columns = columns
        self.times = times
        opening = CSVLine.bytes(of: ["file", "start", "end"] + columns.flatMap(\.labels))
    }

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        let values = zip(columns, row.values).flatMap { column, values in values.map(column.text) }
        return CSVLine.bytes(of: [row.file, times.text(row.start), times.text(row.end)] + values)
    }
}

/// A line of a CSV table, as in RFC 4180 except that it ends in a line feed alone.
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

    /// The number of lines in a table, not counting line breaks in quotes.
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

/// JSON objects with file, start, end, then a number for each label, or a list for an embedding, and, if there are any,
/// a list of notices: in one array, or one per line.
package struct JSONRows: RowEncoding {
    /// With names as the object has them.
    private let columns: [OutputColumns]
    private let times: TimeStyle
    private let lines: Bool

    package init(_ columns: [OutputColumns], times: TimeStyle, lines: Bool) {
        self.columns = columns.map { column in
            let labels = column.isLabelled ? column.labels.map(JSONText.quoted) : []
            return OutputColumns(
                name: JSONText.quoted(column.name), labels: labels, isLabelled: column.isLabelled,
                isWhole: column.isWhole)
        }
        self.times = times
        self.lines = lines
    }

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        let object = object(row)
        if lines { return Array((object + "\n").utf8) }
        return (isFirst ? separators.first : separators.later) + Array(object.utf8)
    }

    var separators: (first: [UInt8], later: [UInt8]) {
        lines ? ([], []) : (Array("[\n".utf8), Array(",\n".utf8))
    }

    func closing(isEmpty: Bool) -> [UInt8] { lines ? [] : Array((isEmpty ? "[]\n" : "\n]\n").utf8) }

    /// A row's object, in one line.
    package func object(_ row: Row) -> String {
        var fields = [
            "\"file\": \(JSONText.quoted(row.file))", "\"start\": \(time(row.start))", "\"end\": \(time(row.end))",
        ]
        for (column, values) in zip(columns, row.values) {
            if column.isLabelled {
                fields += zip(column.labels, values).map { label, value in
                    "\(label): \(column.isWhole && value.isFinite ? column.text(value) : JSONText.number(value))"
                }
            } else {
                fields.append("\(column.name): [\(values.map { JSONText.number($0) }.joined(separator: ", "))]")
            }
        }
        if !row.notices.isEmpty {
            fields.append("\"notices\": [\(row.notices.map(JSONText.quoted).joined(separator: ", "))]")
        }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    private func time(_ seconds: Double) -> String {
        switch times {
        case .seconds: JSONText.number(seconds)
        case .timedelta: JSONText.quoted(times.text(seconds))
        }
    }
}

/// Values as JSON writes them.
package enum JSONText {
    /// The shortest decimal that reads back as the same number. JSON has no infinity.
    package static func number(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
        value.isFinite ? value.description : "null"
    }

    /// A string in quotes; quotes, backslashes and control characters are escaped.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{c}": result += "\\f"
            case "\0"..<" ": result += "\\u" + padded(scalar.value, digits: 4, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Rows as they wait for an archive of arrays: records one after another, little-endian. A record is the length of the
/// file's name in bytes (32 bits), the name, start and end (float64), and all values (float32).
struct BinaryRows: RowEncoding {
    static let lengthSize = 4
    static let timeSize = 8
    static let valueSize = 4

    init(_ columns: [OutputColumns]) {}

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        var bytes = littleEndianBytes(UInt32(row.file.utf8.count)) + Array(row.file.utf8)
        bytes += littleEndianBytes(row.start.bitPattern) + littleEndianBytes(row.end.bitPattern)
        for values in row.values { bytes += littleEndianBytes(of: values) }
        return bytes
    }
}
