/// Reads a table in CSV (RFC 4180) record by record.
///
/// It reads what pandas reads: fields are separated by the first of comma, semicolon and tab that the header has outside
/// quotes; records end with any kind of line end; quotes count only at the beginning of a field; spaces belong to the
/// fields; blank lines are skipped. Before the header, `sep=;` in a line of its own names the separator, as spreadsheets
/// write it, and lines that begin with `#` are comments.
struct CSVReader {
    private enum State {
        case fieldStart, plain, quoted, quoteInQuotes
    }

    /// In bytes and fields. Tables of embeddings have records of tens of thousands.
    static let longestRecord = 1 << 20

    private var source: ByteSource
    /// Comma if the header shows no other.
    private(set) var delimiter: UInt8?
    /// Whether the header was read.
    private var isBegun = false
    private let givenDelimiter: UInt8?
    /// The fields of the record, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each field ends in `bytes`.
    private var ends: [Int] = []
    private var hasQuotes = false
    private var nextLine = 1
    private var endsWithCarriageReturn = false

    /// The line of the file that the record begins in, counted from 1.
    private(set) var line = 0
    /// Whether the record was longer than the longest; its fields are not all there then.
    private(set) var isTooLong = false

    /// The path `-` is standard input. Without a delimiter, the header shows it.
    init(_ path: String, delimiter: UInt8? = nil) throws(InputError) {
        source = try ByteSource(path, .table)
        self.delimiter = delimiter
        givenDelimiter = delimiter
        if let kind = source.foreignKind { throw .foreign(.table, kind) }
    }

    var fieldCount: Int { ends.count }

    /// The bytes of a field of the record; none if it has fewer fields.
    func field(_ index: Int) -> ArraySlice<UInt8> {
        guard index < ends.count else { return [] }
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Goes to the next record that is not blank. False at the end.
    mutating func advance() throws(InputError) -> Bool {
        while try read() {
            if !isBegun, isPreamble() { continue }
            if ends.count > 1 || hasQuotes || !bytes.allSatisfy(ASCII.isBlank) {
                if delimiter == nil { delimiter = ASCII.comma }
                isBegun = true
                return true
            }
        }
        return false
    }

    /// Whether the record comes before the header. Such a line shows no delimiter unless it names it.
    private mutating func isPreamble() -> Bool {
        let setting = Array("sep=".utf8)
        if !hasQuotes, bytes.count <= setting.count + 1, bytes.starts(with: setting) {
            delimiter = bytes.count > setting.count ? bytes[setting.count] : delimiter
            return true
        }
        guard !hasQuotes, bytes.first == ASCII.hash, !TableColumns.isHeader(field(0).dropFirst()) else { return false }
        delimiter = givenDelimiter
        return true
    }

    /// Reads up to the end of a line that is not within quotes. False if nothing is left.
    private mutating func read() throws(InputError) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        hasQuotes = false
        isTooLong = false
        line = nextLine
        var state = State.fieldStart
        var isEmpty = true
        while let byte = try source.next() {
            if byte == ASCII.lineFeed, endsWithCarriageReturn, isEmpty {
                endsWithCarriageReturn = false
                continue
            }
            isEmpty = false
            if bytes.count + ends.count > Self.longestRecord {
                if state == .quoted { throw .openQuote(line: line) }
                isTooLong = true
                bytes.removeAll(keepingCapacity: true)
                ends.removeAll(keepingCapacity: true)
            }
            switch (state, byte) {
            case (.quoted, ASCII.quote): state = .quoteInQuotes
            case (.quoted, _):
                if byte == ASCII.lineFeed { nextLine += 1 }
                bytes.append(byte)
            case (.fieldStart, ASCII.quote):
                hasQuotes = true
                state = .quoted
            case (.quoteInQuotes, ASCII.quote):
                bytes.append(byte)
                state = .quoted
            case (_, ASCII.lineFeed), (_, ASCII.carriageReturn):
                nextLine += 1
                endsWithCarriageReturn = byte == ASCII.carriageReturn
                ends.append(bytes.count)
                return true
            case (_, delimiter):
                ends.append(bytes.count)
                state = .fieldStart
            case (_, ASCII.comma) where delimiter == nil, (_, ASCII.semicolon) where delimiter == nil,
                (_, ASCII.tab) where delimiter == nil:
                delimiter = byte
                ends.append(bytes.count)
                state = .fieldStart
            default:
                bytes.append(byte)
                state = .plain
            }
        }
        if state == .quoted { throw .openQuote(line: line) }
        if !isEmpty { ends.append(bytes.count) }
        return !isEmpty
    }
}
