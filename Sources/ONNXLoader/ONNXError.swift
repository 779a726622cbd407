/// Why a model can't be read: where in the file, and what is wrong there.
public struct ONNXError: Error, Sendable, Equatable {
    /// The path of the model file; empty for tensors that don't come from a file.
    public private(set) var file: String
    /// Where in the file, in bytes from its start; nil if the problem has no single place.
    public private(set) var offset: Int?
    /// The way from `ModelProto` to the field, such as `graph.initializer[3].dims`; empty for the file as a whole.
    public private(set) var field: String
    /// The node or tensor it is about, such as `Conv 'conv_0'`; may be empty.
    public private(set) var subject: String
    /// What is wrong.
    public let reason: Reason

    /// What is wrong with a model file. Names are as they are in the file.
    public enum Reason: Error, Sendable, Equatable {
        // MARK: The file

        /// With the system's words.
        case cannotOpen(reason: String)
        /// With what it is instead, such as "a folder".
        case notAFile(kind: String)
        case emptyFile
        /// With what it seems to be and what to do about it.
        case notONNX(looksLike: String)

        // MARK: The wire format

        /// More bytes are declared than are left in the message.
        case cutShort(needed: UInt64, left: Int)
        /// A number takes more than 64 bits.
        case varintTooLong
        case invalidFieldNumber(UInt64)
        case invalidWireType(Int)
        /// A field is laid out in another way than ONNX does it.
        case wrongWireType(found: WireType, expected: WireType)
        /// Packed numbers whose bytes are not a multiple of their width.
        case unevenPackedData(bytes: Int, width: Int)
        /// Messages or groups contain each other too many times.
        case nestedTooDeep(limit: Int)
        /// A protobuf group without its other end.
        case unmatchedGroup
        /// The decoded model would take more bytes than the limit for a file of its size.
        case tooMuchMemory(limit: Int)

        // MARK: Fields

        case notUTF8
        case nameTooLong(bytes: Int, limit: Int)
        /// A value, and what it should have been.
        case outOfRange(value: String, expected: String)
        /// What a message lacks, such as "the name".
        case missing(String)
        /// What a message has twice, such as "the graph".
        case givenTwice(String)
        /// Valid ONNX that is not supported, and what is instead.
        case unsupported(String, instead: String)

        // MARK: Tensors

        /// The number of an element type in onnx.proto.
        case unsupportedElementType(number: Int)
        case tooManyDimensions(limit: Int)
        case negativeDimension(shape: [Int])
        /// The elements, or their bytes, are more than can be counted.
        case shapeOverflow(shape: [Int])
        /// The data isn't as long as the shape says; the unit is "elements" or "bytes".
        case sizeMismatch(shape: [Int], expected: Int, found: Int, unit: String)
        /// The elements are in the field for another element type.
        case wrongDataField(found: String, expected: String, elementType: ElementType)
        /// Two fields that both have values though only one may.
        case dataGivenTwice(String, String)
        /// Elements that can't be read as the type asked for; the value is empty if none of that type can.
        case notConvertible(elementType: ElementType, value: String, target: String)

        // MARK: External data

        /// A location that external data may not be read from.
        case externalLocation(String, ExternalLocationProblem)
        /// A file of external data that can't be read.
        case externalFile(String, reason: String)
        /// The length that is given isn't the tensor's, in bytes.
        case externalLength(String, length: Int, expected: Int)
        /// The bytes reach past the end of the file, which has `size` bytes.
        case externalRange(String, offset: Int, length: Int, size: Int)

        // MARK: The graph

        /// An attribute's value is in the field for another type.
        case attributeMismatch(attribute: String, type: String, field: String)
        /// A name stands for two values.
        case duplicateName(String)
        /// A node reads what nothing produces.
        case undefinedInput(String)
        /// A graph output that nothing produces.
        case undefinedOutput(String)
        /// Nodes that need each other's results, the first one again at the end.
        case cycle(nodes: [String])
    }

    /// Why external data may not be read from a location.
    public enum ExternalLocationProblem: Sendable, Equatable {
        /// It is an absolute path.
        case absolute
        /// It has a `..` in its path.
        case parentFolder
        /// It is a link that leads out of the model's folder.
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
public enum WireType: Int, Sendable, Hashable, CustomStringConvertible {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case groupStart = 3
    case groupEnd = 4
    case fixed32 = 5

    /// As messages put it.
    public var description: String {
        switch self {
        case .varint: "a varint"
        case .fixed64: "8 bytes"
        case .lengthDelimited: "length and bytes"
        case .groupStart, .groupEnd: "a group"
        case .fixed32: "4 bytes"
        }
    }
}
