/// Parses the one dictionary that a `.npy` header is allowed to be:
/// `{'descr': STRING, 'fortran_order': True|False, 'shape': (INTEGER, …), }`, keys in any order.
struct NPYHeaderParser {
    private let text: [UInt8]
    private var position = 0

    init(text: [UInt8]) { self.text = text }

    mutating func parse() throws(NumPyError.Reason) -> NPYHeader {
        var type: NPYElementType?
        var fortranOrder: Bool?
        var shape: [Int]?

        try expect("{")
        while !accept("}") {
            skipSpace()
            let start = position
            let key = try parseString(expected: "a quoted key")
            try expect(":")
            switch key {
            case "descr" where type == nil:
                type = try parseType()
            case "fortran_order" where fortranOrder == nil:
                fortranOrder = try parseBool()
            case "shape" where shape == nil:
                shape = try parseShape()
            default:
                throw .malformedHeader(offset: start, expected: "'descr', 'fortran_order' and 'shape', each once")
            }
            guard accept(",") else {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard position == text.count else { throw expected("nothing more") }
        guard let type, let fortranOrder, let shape else {
            throw .malformedHeader(offset: 0, expected: "'descr', 'fortran_order' and 'shape', each once")
        }
        return NPYHeader(type: type, fortranOrder: fortranOrder, shape: shape)
    }

    private mutating func parseType() throws(NumPyError.Reason) -> NPYElementType {
        skipSpace()
        if position < text.count, text[position] == UInt8(ascii: "[") { throw .unsupportedType("record") }
        return try NPYElementType(descriptor: parseString(expected: "a quoted type such as '<f4'"))
    }

    private mutating func parseBool() throws(NumPyError.Reason) -> Bool {
        if accept("True") { return true }
        if accept("False") { return false }
        throw expected("True or False")
    }

    private mutating func parseShape() throws(NumPyError.Reason) -> [Int] {
        try expect("(")
        var shape: [Int] = []
        while !accept(")") {
            shape.append(try parseInteger())
            // A single axis has a comma after it: `(3,)`. In Python, `(3)` is a number.
            guard accept(",") else {
                guard shape.count > 1 else { throw expected("a comma") }
                try expect(")")
                break
            }
        }
        _ = try elementCount(of: shape)
        return shape
    }

    private mutating func parseInteger() throws(NumPyError.Reason) -> Int {
        skipSpace()
        let start = position
        if position < text.count, text[position] == UInt8(ascii: "-") { position += 1 }
        while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) { position += 1 }
        guard let value = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
            throw .malformedHeader(offset: start, expected: "a whole number of at most 63 bits")
        }
        // Python 2 wrote long integers with a suffix.
        if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
        return value
    }

    /// A string in single or double quotes, of printable ASCII without backslashes: no valid key or type needs more.
    private mutating func parseString(expected what: String) throws(NumPyError.Reason) -> String {
        skipSpace()
        guard position < text.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[position]) else {
            throw expected(what)
        }
        let quote = text[position]
        let start = position + 1
        guard let end = text[start...].firstIndex(of: quote) else { throw expected("a closing quote") }
        let content = text[start..<end]
        guard content.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw expected(what)
        }
        position = end + 1
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func expect(_ token: String) throws(NumPyError.Reason) {
        guard accept(token) else { throw expected("'\(token)'") }
    }

    private mutating func accept(_ token: String) -> Bool {
        skipSpace()
        guard text[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    private func expected(_ what: String) -> NumPyError.Reason { .malformedHeader(offset: position, expected: what) }
}
