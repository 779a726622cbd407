/// Reads the fields of one protobuf message from a mapped file.
///
/// Call ``next()`` until it returns nil; after each field number, read the field with the function for its type, or
/// ``skip()`` it. The functions take the field's name, so that errors can say where they happened. Copies are cheap and
/// independent: a message can be read twice.
struct WireReader {
    /// How deep messages and groups may nest.
    static let deepestNesting = 32
    static let largestFieldNumber: UInt64 = 536_870_911
    /// In bytes. Names are hashed, and Unicode can make that take time with the square of their length.
    static let longestName = 1024

    let source: ModelSource
    /// Where the next unread byte is, from the start of the file.
    private(set) var position: Int
    /// Where the message ends, from the start of the file.
    let end: Int
    private let depth: Int
    /// The field last begun; before the first, the beginning of the message.
    private var field: Field

    private struct Field {
        var number: Int
        var wireType: WireType
        var offset: Int
    }

    /// A reader of the whole file as one message.
    init(_ source: ModelSource) {
        self.init(source, 0..<source.file.size, depth: 0)
    }

    private init(_ source: ModelSource, _ range: Range<Int>, depth: Int) {
        self.source = source
        self.position = range.lowerBound
        self.end = range.upperBound
        self.depth = depth
        self.field = Field(number: 0, wireType: .varint, offset: range.lowerBound)
    }

    // MARK: Fields

    /// Begins the next field and returns its number; nil at the end of the message.
    mutating func next() throws(ONNXError) -> Int? {
        guard position < end else { return nil }
        let offset = position
        let tag = try rawVarint()
        let number = tag >> 3
        guard number >= 1, number <= Self.largestFieldNumber else {
            throw ONNXError(.invalidFieldNumber(number), offset: offset)
        }
        field = Field(number: Int(number), wireType: .varint, offset: offset)
        guard let wireType = WireType(rawValue: Int(tag & 7)) else {
            throw failure(.invalidWireType(Int(tag & 7)))
        }
        field.wireType = wireType
        return field.number
    }

    /// Begins the next field with this number, passing over others; false at the end of the message.
    mutating func next(_ number: Int) throws(ONNXError) -> Bool {
        while let found = try next() {
            if found == number { return true }
            try skip()
        }
        return false
    }

    /// Passes over the field.
    mutating func skip() throws(ONNXError) {
        let skipped = field
        do throws(ONNXError) {
            try skipValue(of: skipped)
        } catch {
            throw error.inside("field \(skipped.number)")
        }
    }

    private mutating func skipValue(of field: Field) throws(ONNXError) {
        switch field.wireType {
        case .varint: _ = try rawVarint()
        case .fixed64: _ = try take(8)
        case .lengthDelimited: _ = try takeLengthDelimited()
        case .groupStart: try skipGroup(field.number)
        case .groupEnd: throw failure(.unmatchedGroup)
        case .fixed32: _ = try take(4)
        }
    }

    private mutating func skipGroup(_ number: Int) throws(ONNXError) {
        var open = [number]
        while let innermost = open.last {
            guard let inner = try next() else { throw failure(.unmatchedGroup) }
            switch field.wireType {
            case .groupStart:
                guard depth + open.count < Self.deepestNesting else {
                    throw failure(.nestedTooDeep(limit: Self.deepestNesting))
                }
                open.append(inner)
            case .groupEnd:
                guard inner == innermost else { throw failure(.unmatchedGroup) }
                open.removeLast()
            default:
                try skipValue(of: field)
            }
        }
    }

    /// Where the field last begun starts, from the start of the file.
    var fieldOffset: Int { field.offset }

    // MARK: Values

    mutating func integer(_ name: String) throws(ONNXError) -> Int {
        try require(.varint, name)
        return Int(truncatingIfNeeded: try rawVarint(name))
    }

    mutating func float(_ name: String) throws(ONNXError) -> Float {
        try require(.fixed32, name)
        let range = try take(4, name)
        return Float(bitPattern: source.file.integer(at: range.lowerBound))
    }

    /// The range of a length-delimited field's content in the file.
    mutating func bytes(_ name: String) throws(ONNXError) -> Range<Int> {
        try require(.lengthDelimited, name)
        return try takeLengthDelimited(name)
    }

    /// Text of any length.
    mutating func text(_ name: String) throws(ONNXError) -> String {
        let range = try bytes(name)
        try charge(MemoryCost.string(bytes: range.count), name)
        guard let text = source.file.string(in: range) else {
            throw ONNXError(.notUTF8, offset: range.lowerBound, field: name)
        }
        return text
    }

    /// Text of at most ``longestName`` bytes.
    mutating func name(_ name: String) throws(ONNXError) -> String {
        let start = self
        let length = try bytes(name).count
        guard length <= Self.longestName else {
            throw failure(.nameTooLong(bytes: length, limit: Self.longestName), name)
        }
        self = start
        return try text(name)
    }

    /// Reads a message inside this one. `index` is its place in a repeated field.
    mutating func message<Value>(
        _ name: String, at index: Int? = nil, _ decode: (inout WireReader) throws(ONNXError) -> Value
    ) throws(ONNXError) -> Value {
        do throws(ONNXError) {
            let range = try bytes("")
            guard depth < Self.deepestNesting else { throw failure(.nestedTooDeep(limit: Self.deepestNesting)) }
            var message = WireReader(source, range, depth: depth + 1)
            return try decode(&message)
        } catch {
            throw error.inside(index.map { "\(name)[\($0)]" } ?? name)
        }
    }

    // MARK: Repeated numbers

    /// Hands on the numbers of a repeated varint field: one, or as many as are packed.
    mutating func varints(
        _ name: String, _ body: (UInt64) throws(ONNXError) -> Void
    ) throws(ONNXError) {
        guard field.wireType == .lengthDelimited else {
            return try body(UInt64(truncatingIfNeeded: try integer(name)))
        }
        let range = try bytes(name)
        var packed = WireReader(source, range, depth: depth)
        packed.field = field
        while packed.position < packed.end {
            try body(try packed.rawVarint(name))
        }
    }

    /// How many numbers the repeated varint field holds; skips them.
    mutating func countOfVarints(_ name: String) throws(ONNXError) -> Int {
        guard field.wireType == .lengthDelimited else {
            _ = try integer(name)
            return 1
        }
        let range = try bytes(name)
        if let last = range.last, source.file.byte(at: last) >= 0x80 {
            throw ONNXError(.cutShort(needed: 1, left: 0), offset: last, field: name)
        }
        return source.file.countOfVarintEnds(in: range)
    }

    /// The range of the numbers of a repeated field of 4- or 8-byte numbers: one, or as many as are packed.
    mutating func fixedWidthNumbers(_ name: String, width: Int) throws(ONNXError) -> Range<Int> {
        if field.wireType == (width == 4 ? .fixed32 : .fixed64) {
            return try take(width, name)
        }
        let range = try bytes(name)
        guard range.count.isMultiple(of: width) else {
            throw failure(.unevenPackedData(bytes: range.count, width: width), name)
        }
        return range
    }

    // MARK: Errors and memory

    /// An error about the field last begun, or about a part of it.
    func failure(_ reason: ONNXError.Reason, _ name: String = "") -> ONNXError {
        ONNXError(reason, offset: field.offset, field: name)
    }

    /// Counts memory that will be kept against what the whole model may take.
    func charge(_ bytes: Int, _ name: String = "") throws(ONNXError) {
        guard source.charge(bytes) else { throw failure(.tooMuchMemory(limit: source.memoryLimit), name) }
    }

    private func require(_ wireType: WireType, _ name: String) throws(ONNXError) {
        guard field.wireType == wireType else {
            throw failure(.wrongWireType(found: field.wireType, expected: wireType), name)
        }
    }

    // MARK: Bytes

    private mutating func rawVarint(_ name: String = "") throws(ONNXError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < end else { throw ONNXError(.cutShort(needed: 1, left: 0), offset: start, field: name) }
            let byte = source.file.byte(at: position)
            position += 1
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { throw ONNXError(.varintTooLong, offset: start, field: name) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw ONNXError(.varintTooLong, offset: start, field: name)
    }

    private mutating func take(_ count: Int, _ name: String = "") throws(ONNXError) -> Range<Int> {
        guard count <= end - position else {
            throw ONNXError(.cutShort(needed: UInt64(count), left: end - position), offset: position, field: name)
        }
        defer { position += count }
        return position..<position + count
    }

    private mutating func takeLengthDelimited(_ name: String = "") throws(ONNXError) -> Range<Int> {
        let start = position
        let length = try rawVarint(name)
        guard length <= UInt64(end - position) else {
            throw ONNXError(.cutShort(needed: length, left: end - position), offset: start, field: name)
        }
        return try take(Int(length), name)
    }
}
