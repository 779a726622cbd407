import Files

/// The header of a `.npy` file: magic, version, and a Python dictionary that says what the data is.
///
/// The format is specified in NumPy's `numpy.lib.format`.
struct NPYHeader: Equatable {
    var type: NPYElementType
    /// Column-major data, first axis fastest.
    var fortranOrder: Bool
    var shape: [Int]

    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    /// NumPy aligns the data to this many bytes, so that a memory map of it can be used in place.
    private static let alignment = 64
    /// NumPy leaves room for the growing axis to reach this many digits in place.
    private static let growthDigits = 21

}

extension NPYHeader {
    /// The length of magic, version, length field and dictionary, which is where the data starts. It takes the first 12
    /// bytes of a file.
    static func byteCount(startOf bytes: [UInt8]) throws(NumPyError.Reason) -> Int {
        guard bytes.starts(with: magic) else { throw .notNumPy }
        var fields = FieldReader<NumPyError.Reason>(bytes, at: magic.count, part: "header")
        let major = Int(try fields.read(UInt8.self))
        let minor = Int(try fields.read(UInt8.self))
        guard (1...3).contains(major), minor == 0 else { throw .unsupportedVersion(major: major, minor: minor) }
        let length = major == 1 ? Int(try fields.read(UInt16.self)) : Int(try fields.read(UInt32.self))
        return fields.position + length
    }

    /// Parses bytes that begin with the whole header, as `byteCount(startOf:)` measured it.
    init(_ bytes: [UInt8]) throws(NumPyError.Reason) {
        let end = try Self.byteCount(startOf: bytes)
        let start = bytes[Self.magic.count] == 1 ? 10 : 12
        guard end <= bytes.count else {
            throw .truncated(part: "header", needed: end - start, found: bytes.count - start)
        }
        var parser = NPYHeaderParser(text: Array(bytes[start..<end]))
        self = try parser.parse()
    }

    /// The number of bytes that the data takes.
    func dataByteCount() throws(NumPyError.Reason) -> Int {
        let (bytes, overflow) = try elementCount(of: shape).multipliedReportingOverflow(by: type.byteSize)
        guard !overflow else { throw .invalidShape(shape) }
        return bytes
    }

    /// Checks that this many bytes of data are what the shape needs.
    func checkDataByteCount(_ found: Int) throws(NumPyError.Reason) {
        let needed = try dataByteCount()
        guard found == needed else {
            throw .dataSizeMismatch(shape: shape, type: type.description, needed: needed, found: found)
        }
    }

    /// The header as NumPy writes it, in the lowest version that can hold it.
    var encoded: [UInt8] {
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type)', 'fortran_order': \(fortranOrder ? "True" : "False"), 'shape': (\(axes)), }"
        if let growingAxis = fortranOrder ? shape.last : shape.first {
            text += String(repeating: " ", count: max(0, Self.growthDigits - String(growingAxis).count))
        }
        let prefix = Self.magic.count + 4
        // Even 64 axes of 19 digits each are far below the 65,535 bytes of version 1.0.
        let unpadded = prefix + text.utf8.count + 1
        let padding = (Self.alignment - unpadded % Self.alignment) % Self.alignment
        text += String(repeating: " ", count: padding) + "\n"
        return Self.magic + [1, 0] + littleEndianBytes(UInt16(text.utf8.count)) + Array(text.utf8)
    }
}

/// The type of an array's elements, as a header's `descr` names it: byte order, kind, size.
struct NPYElementType: Equatable, CustomStringConvertible {
    enum Kind: Character {
        case bool = "b"
        case signed = "i"
        case unsigned = "u"
        case float = "f"
        case unicode = "U"
    }

    var kind: Kind
    /// In bytes; for unicode, four for each character.
    var byteSize: Int
    var bigEndian: Bool

    init(_ kind: Kind, byteSize: Int, bigEndian: Bool = false) {
        self.kind = kind
        self.byteSize = byteSize
        self.bigEndian = bigEndian
    }

    /// Parses a descriptor such as `<f4`, `|b1`, `>i8` or `<U12`.
    init(descriptor: String) throws(NumPyError.Reason) {
        let quoted = "'\(descriptor)'"
        guard let order = descriptor.first, "<>|=".contains(order), let code = descriptor.dropFirst().first else {
            throw .unsupportedType(quoted)
        }
        let digits = descriptor.dropFirst(2)
        guard let kind = Kind(rawValue: code), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let size = Int(digits)
        else { throw .unsupportedType(quoted) }

        let (byteSize, overflow) = kind == .unicode ? size.multipliedReportingOverflow(by: 4) : (size, false)
        let known: Bool =
            switch kind {
            case .bool: size == 1
            case .signed, .unsigned: [1, 2, 4, 8].contains(size)
            case .float: [2, 4, 8].contains(size)
            case .unicode: size > 0
            }
        guard known, !overflow else { throw .unsupportedType(quoted) }
        // A single byte has no order; "=" would be the writer's own, which a file can't know.
        guard order == "<" || order == ">" || byteSize == 1 else { throw .unsupportedType(quoted) }
        self.init(kind, byteSize: byteSize, bigEndian: order == ">")
    }

    var description: String {
        let order = byteSize == 1 ? "|" : bigEndian ? ">" : "<"
        return "\(order)\(kind.rawValue)\(kind == .unicode ? byteSize / 4 : byteSize)"
    }
}
