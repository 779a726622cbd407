/// Why a model can't be read: where in the file, and what is wrong there.
public struct ONNXError: Error, Sendable, Equatable {
    /// The path of the model file; empty for tensors that don't come from a file.
    package private(set) var file: String
    /// Where in the file, in bytes from its start; nil if the problem has no single place.
    package private(set) var offset: Int?
    /// The way from `ModelProto` to the field, such as `graph.initializer[3].dims`; empty for the file as a whole.
    package private(set) var field: String
    /// The node or tensor it is about, such as `Conv 'conv_0'`; may be empty.
    package private(set) var subject: String
    /// What is wrong.
    package let reason: Reason

    package enum Reason: Sendable, Equatable {
        // The file
        case cannotOpen(reason: String)
        case notAFile(kind: String)
        case emptyFile
        case notONNX(looksLike: String)

        // The wire format
        case cutShort(needed: UInt64, left: Int)
        case varintTooLong
        case invalidFieldNumber(UInt64)
        case invalidWireType(Int)
        case wrongWireType(found: WireType, expected: WireType)
        case unevenPackedData(bytes: Int, width: Int)
        case nestedTooDeep(limit: Int)
        case unmatchedGroup
        case tooMuchMemory(limit: Int)

        // Fields
        case notUTF8
        case nameTooLong(bytes: Int, limit: Int)
        case outOfRange(value: String, expected: String)
        case missing(String)
        case givenTwice(String)
        case unsupported(String, instead: String)

        // Tensors
        case unsupportedElementType(number: Int)
        case tooManyDimensions(limit: Int)
        case negativeDimension(shape: [Int])
        case shapeOverflow(shape: [Int])
        /// The data isn't as long as the shape says; the unit is "elements" or "bytes".
        case sizeMismatch(shape: [Int], expected: Int, found: Int, unit: String)
        case wrongDataField(found: String, expected: String, elementType: ElementType)
        case dataGivenTwice(String, String)
        /// Elements that can't be read as the type asked for; the value is empty if none of that type can.
        case notConvertible(elementType: ElementType, value: String, target: String)

        // External data
        case externalLocation(String, ExternalLocationProblem)
        case externalFile(String, reason: String)
        case externalLength(String, length: Int, expected: Int)
        case externalRange(String, offset: Int, length: Int, size: Int)
        /// The tensors take more bytes of a file, all together, than it has, this many times over.
        case externalUse(String, size: Int, most: Int)

        // The graph
        case attributeMismatch(attribute: String, type: String, field: String)
        case duplicateName(String)
        case undefinedInput(String)
        case undefinedOutput(String)
        /// Nodes that need each other's results, the first one again at the end.
        case cycle(nodes: [String])
    }

    /// Why external data may not be read from a location.
    package enum ExternalLocationProblem: Sendable, Equatable {
        case absolute
        case parentFolder
        case outsideFolder
    }

    init(_ reason: Reason, offset: Int? = nil, field: String = "", subject: String = "", file: String = "") {
        self.file = file
        self.offset = offset
        self.field = field
        self.subject = subject
        self.reason = reason
    }

    /// The same error, seen from the message that holds the field.
    func inside(_ outer: String) -> ONNXError {
        var error = self
        error.field = field.isEmpty ? outer : "\(outer).\(field)"
        return error
    }

    /// The same error, about a node or tensor, unless it already says what it is about.
    func about(_ subject: String) -> ONNXError {
        var error = self
        if error.subject.isEmpty { error.subject = subject }
        return error
    }

    /// The same error, at a place, unless it already has one.
    func at(_ offset: Int) -> ONNXError {
        var error = self
        error.offset = error.offset ?? offset
        return error
    }

    /// The same error, in a file.
    func inFile(_ path: String) -> ONNXError {
        var error = self
        error.file = path
        return error
    }
}

/// How the bytes of a protobuf field are laid out.
package enum WireType: Int, Sendable, CustomStringConvertible {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case groupStart = 3
    case groupEnd = 4
    case fixed32 = 5

    /// As messages put it.
    package var description: String {
        switch self {
        case .varint: "a varint"
        case .fixed64: "8 bytes"
        case .lengthDelimited: "length and bytes"
        case .groupStart, .groupEnd: "a group"
        case .fixed32: "4 bytes"
        }
    }
}
