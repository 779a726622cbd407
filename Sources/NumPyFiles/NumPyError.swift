import Files

/// What was wrong with a NumPy file, and what would be right.
public struct NumPyError: Error, Equatable, CustomStringConvertible {
    /// The path as it was given.
    package let file: String
    /// The array's name within a `.npz` file.
    package let entry: String?
    /// What is wrong.
    package let reason: Reason

    package init(file: String, entry: String? = nil, reason: Reason) {
        self.file = file
        self.entry = entry
        self.reason = reason
    }

    /// One line: the file, the array in it, what is wrong and what would be right.
    public var description: String {
        if let entry { "\(file): array \(quoted(entry)): \(reason)" } else { "\(file): \(reason)" }
    }

    /// What is wrong with a file, an array or an archive. Sizes are in bytes.
    public enum Reason: Error, Equatable, Sendable {
        // MARK: Files

        /// The file could not be opened, with the system's `errno`.
        case cannotOpen(code: Int32)
        /// The file could not be read, with the system's `errno`.
        case cannotRead(code: Int32)
        /// The file could not be written, with the system's `errno`.
        case cannotWrite(code: Int32)
        /// It is a folder, a pipe or a device.
        case notRegularFile

        // MARK: Arrays

        /// It doesn't begin as a `.npy` file does.
        case notNumPy
        case unsupportedVersion(major: Int, minor: Int)
        /// A part, such as "header", needs more bytes than are left.
        case truncated(part: String, needed: Int, found: Int)
        /// Where in the header's text the parser stopped, and what it expected there.
        case malformedHeader(offset: Int, expected: String)
        /// Elements of a type that isn't read, as the header names it.
        case unsupportedType(String)
        /// Too many axes, a negative one, or more elements than can be counted.
        case invalidShape([Int])
        /// This many elements don't fill the shape.
        case countMismatch(shape: [Int], count: Int)
        /// The data isn't as long as the shape and the type need.
        case dataSizeMismatch(shape: [Int], type: String, needed: Int, found: Int)
        /// The element isn't valid Unicode.
        case invalidString(index: Int)
        /// NumPy drops null characters at the end of a string.
        case stringWithTrailingNull(index: Int)

        // MARK: Archives

        case notZip
        case malformedArchive(String)
        case encrypted
        case unsupportedCompression(method: Int)
        case malformedDeflate
        case sizeMismatch(declared: Int, found: Int)
        /// The compressed bytes stand for far more than arrays of numbers compress to.
        case inflatesTooMuch(size: Int, compressed: Int, most: Int)
        case checksumMismatch(declared: UInt32, found: UInt32)
        case noSuchArray(available: [String])
        case duplicateName
        case invalidName
        case writerFinished
        /// Data that comes in pieces was not the same when it was asked for again.
        case changedPieces
    }
}

extension NumPyError.Reason {
    init(_ error: FileError) {
        self =
            switch error.step {
            case .opening: .cannotOpen(code: error.code)
            case .writing: .cannotWrite(code: error.code)
            case .reading: .cannotRead(code: error.code)
            }
    }
}

extension NumPyError.Reason: TruncationError {
    init(_ error: ZipError) {
        self =
            switch error {
            case .notZip: .notZip
            case .malformed(let detail): .malformedArchive(detail)
            case .truncated(let part, let needed, let found): .truncated(part: part, needed: needed, found: found)
            case .tooManyEntries(let limit): .malformedArchive("it has more than \(limit) entries")
            case .failed(let error): Self(error)
            }
    }
}

extension NumPyError.Reason: CustomStringConvertible {
    /// What is wrong and what would be right.
    public var description: String {
        switch self {
        case .cannotOpen(let code): "cannot be opened: \(SystemError(code))"
        case .cannotRead(let code): "cannot be read: \(SystemError(code))"
        case .cannotWrite(let code): "cannot be written: \(SystemError(code))"
        case .notRegularFile: "not a regular file; a NumPy file is expected"

        case .notNumPy: "not NumPy data, which begins with the bytes 93 4E 55 4D 50 59 (\\x93NUMPY)"
        case .unsupportedVersion(let major, let minor):
            ".npy format version \(major).\(minor); versions 1.0, 2.0 and 3.0 are known"
        case .truncated(let part, let needed, let found):
            "truncated: the \(part) needs \(needed) bytes, but \(found) are left"
        case .malformedHeader(let offset, let expected):
            "a malformed header: expected \(expected) at character \(offset)"
        case .unsupportedType(let type):
            "elements of type \(type); booleans, integers, float16, float32, float64 and unicode strings are known"
        case .invalidShape(let shape):
            "an impossible shape \(Self.tuple(shape)); there are at most \(NPYArray.maximumRank) axes, "
                + "none negative, and their product fits in memory"
        case .countMismatch(let shape, let count):
            "\(count) elements do not fill the shape \(Self.tuple(shape))"
        case .dataSizeMismatch(let shape, let type, let needed, let found):
            "\(found) bytes of data; shape \(Self.tuple(shape)) of type \(type) needs \(needed)"
        case .invalidString(let index): "a string that is not valid Unicode at element \(index)"
        case .stringWithTrailingNull(let index):
            "a string that ends in a null character at element \(index), which NumPy cannot represent"

        case .notZip: "not a complete .npz file: it does not end with a zip directory"
        case .malformedArchive(let detail): "a damaged zip directory: \(detail)"
        case .encrypted: "encrypted; NumPy writes plain archives"
        case .unsupportedCompression(let method):
            "compressed with zip method \(method); NumPy stores (0) or deflates (8)"
        case .malformedDeflate: "damaged compressed data"
        case .sizeMismatch(let declared, let found):
            "\(found) bytes of data, but the archive says \(declared)"
        case .inflatesTooMuch(let size, let compressed, let most):
            "\(compressed) compressed bytes stand for \(size), and should for at most \(most); numpy.savez stores such an "
                + "array as it is"
        case .checksumMismatch(let declared, let found):
            "damaged: its CRC-32 is \(Self.hexadecimal(found)), but should be \(Self.hexadecimal(declared))"
        case .noSuchArray(let available):
            available.isEmpty
                ? "no such array: the archive is empty"
                : "no such array; the archive has: \(printable(available.prefix(20).joined(separator: ", "), longest: 2000))"
                    + (available.count > 20 ? ", and \(available.count - 20) more" : "")
        case .duplicateName: "the name is used twice; names are unique"
        case .invalidName: "the name is empty or longer than 65,000 bytes of UTF-8"
        case .changedPieces: "its data changed while it was being written"
        case .writerFinished: "nothing can be added: the archive was finished or has failed before"
        }
    }

    private static func tuple(_ shape: [Int]) -> String {
        "(" + shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? ",)" : ")")
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
