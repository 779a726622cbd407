import Files
import W2V2Network

/// Why a packed model could not be read or written. Messages leave the file's path to the caller.
public enum PackedModelError: Error, Sendable, Hashable {
    // The file
    case cannotOpen(reason: String)
    case notAFile(kind: String)
    case empty
    case notPackedModel(looksLikeONNX: Bool)
    case tooShort(bytes: Int)
    case otherVersion(found: UInt32, known: UInt32)
    case damagedPreamble
    case wrongLength(found: Int, declared: UInt64)

    // The description
    case impossibleDescription(bytes: Int)
    case damagedDescription
    case unexpectedDescription(reason: String)

    // The table of blocks
    case duplicateBlock(name: String)
    case impossibleSize(name: String, byteCount: Int)
    case blockOutOfBounds(name: String, offset: Int, byteCount: Int, bytes: Int)
    case misalignedBlock(name: String, offset: Int)
    case overlappingBlock(name: String, offset: Int, end: Int)
    /// Bytes that belong to no block, before one or, if that is nil, at the end.
    case gap(bytes: Int, before: String?)
    case unreadableChecksum(name: String, text: String)

    // The blocks
    case damagedBlock(name: String)
    case missingBlock(name: String)
    case unexpectedSize(name: String, found: Int, expected: Int)
    /// A block's numbers are stored in a way that this program does not know.
    case unknownFormat(name: String, format: String)
    /// Another precision was asked for than the file has.
    case otherPrecision(found: Precision, wanted: Precision)

    // Writing
    case contentsNotEncodable(reason: String)
    /// Another number of bytes was given than announced.
    case wrongFill(name: String, byteCount: Int)
    case tooLarge
    /// The disk has no space for a file of this many bytes.
    case diskFull(bytes: Int)
    case cannotWrite(reason: String)
}

extension PackedModelError: CustomStringConvertible {
    /// One line: what is wrong, and what would be right.
    public var description: String {
        switch self {
        case .cannotOpen(let reason):
            "cannot be opened: \(reason)"
        case .notAFile(let kind):
            "is \(kind), not a file"
        case .empty:
            "is empty; \(Self.again)"
        case .notPackedModel(looksLikeONNX: true):
            "is not a packed model, but looks like an ONNX model: convert it first"
        case .notPackedModel(looksLikeONNX: false):
            "is not a packed model, which begins with the bytes \(Self.magic)"
        case .tooShort(let bytes):
            "is cut short: it has \(bytes) bytes, fewer than a packed model begins with; \(Self.again)"
        case .otherVersion(let found, let known):
            "was written by another version of emotion-cli (format \(found), this program reads \(known)): "
                + Self.again
        case .damagedPreamble:
            "is damaged in its first \(Preamble.byteCount) bytes; \(Self.again)"
        case .wrongLength(let found, let declared):
            "has \(found) bytes, but \(declared) were written: "
                + (UInt64(clamping: found) < declared ? "it is cut short" : "something was added") + "; \(Self.again)"

        case .impossibleDescription(let bytes):
            "declares a description of \(bytes) bytes, more than the file has or than the limit of "
                + "\(PackedModelFormat.longestDescription); \(Self.again)"
        case .damagedDescription:
            "is damaged in its description; \(Self.again)"
        case .unexpectedDescription(let reason):
            "has a description that this program does not understand (\(Self.shown(reason))); \(Self.again)"

        case .duplicateBlock(let name):
            "the block \(Self.quoted(name)) occurs twice; names are unique"
        case .impossibleSize(let name, let byteCount):
            "the block \(Self.quoted(name)) has \(byteCount) bytes; a block has at least one, and fits in memory"
        case .blockOutOfBounds(let name, let offset, let byteCount, let bytes):
            "the block \(Self.quoted(name)) of \(byteCount) bytes at \(offset) does not lie within the \(bytes) bytes of "
                + "the blocks"
        case .misalignedBlock(let name, let offset):
            "the block \(Self.quoted(name)) is at \(offset), which is not a multiple of \(PackedModelFormat.pageSize)"
        case .overlappingBlock(let name, let offset, let end):
            "the block \(Self.quoted(name)) at \(offset) begins before \(end), where the one before it ends"
        case .gap(let bytes, let before):
            "\(bytes) bytes belong to no block, "
                + (before.map { "before the block \(Self.quoted($0))" } ?? "at the end") + "; \(Self.again)"
        case .unreadableChecksum(let name, let text):
            "the block \(Self.quoted(name)) has the checksum \(Self.quoted(text)), which is not 16 hexadecimal digits"

        case .damagedBlock(let name):
            "is damaged in the block \(Self.quoted(name)); \(Self.again)"
        case .missingBlock(let name):
            "has no block \(Self.quoted(name)); \(Self.again)"
        case .unexpectedSize(let name, let found, let expected):
            "the block \(Self.quoted(name)) has \(found) bytes, but \(expected) are needed; \(Self.again)"
        case .otherPrecision(let found, let wanted):
            "is packed in \(found), and \(wanted) was asked for: convert the model it was made from with "
                + "--precision \(wanted)"
        case .unknownFormat(let name, let format):
            "the block \(Self.quoted(name)) is stored as \(Self.quoted(format)), which this program does not know; "
                + Self.again

        case .contentsNotEncodable(let reason):
            "the contents cannot be written as JSON: \(Self.shown(reason))"
        case .wrongFill(let name, let byteCount):
            "the block \(Self.quoted(name)) was not filled with the \(byteCount) bytes that were declared"
        case .tooLarge:
            "the packed model would be larger than a file can be, or its description than a description may be"
        case .diskFull(let bytes):
            "the disk is full; the file needs \(bytes) bytes"
        case .cannotWrite(let reason):
            "cannot be written: \(reason)"
        }
    }

    private static let again = "convert the model again"

    private static var magic: String {
        PackedModelFormat.magic.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16, uppercase: true) }
            .joined(separator: " ")
    }

    private static func quoted(_ name: String) -> String { "'\(shown(name))'" }

    /// Text from a file.
    private static func shown(_ text: String) -> String { printable(text, longest: 160) }
}
