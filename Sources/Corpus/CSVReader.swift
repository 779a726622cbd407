/// Reads a table in CSV (RFC 4180) record by record.
///
/// It reads what pandas reads: fields are separated by the first of comma, semicolon and tab that the header has outside
/// quotes; records end with any kind of line end; quotes count only at the beginning of a field; spaces belong to the
/// fields; blank lines are skipped.
struct CSVReader {
    private enum State {
        case fieldStart, plain, quoted, quoteInQuotes
    }

    /// In bytes and fields. Tables of embeddings have records of tens of thousands.
    static let longestRecord = 1 << 20

    private var source: ByteSource
    /// Comma until the header shows another.
    private var delimiter: UInt8?
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

    /// The path `-` is standard input.
    init(_ path: String) throws(InputError) { source = try ByteSource(path, .table) }

    var fieldCount: Int { ends.count }

    /// The bytes of a field of the record; none if it has fewer fields.
    func field(_ index: Int) -> ArraySlice<UInt8> {
        guard index < ends.count else { return [] }
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Goes to the next record that is not blank. False at the end.
    mutating func advance() throws(InputError) -> Bool {
        while try read() {
            if delimiter == nil { delimiter = ASCII.comma }
            if ends.count > 1 || hasQuotes || !bytes.allSatisfy(ASCII.isBlank) { return true }
        }
        return false
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
            case (_, ASCII.comma), (_, ASCII.semicolon), (_, ASCII.tab):
                if delimiter == nil { delimiter = byte }
                if byte == delimiter {
                    ends.append(bytes.count)
                    state = .fieldStart
                } else {
                    bytes.append(byte)
                    state = .plain
                }
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
