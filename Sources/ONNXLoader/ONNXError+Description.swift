import Files

extension ONNXError: CustomStringConvertible {
    /// One line: the file, the place in it, what is wrong there and what would be right.
    public var description: String {
        let place = [offset.map { "byte \($0)" } ?? "", field].filter { !$0.isEmpty }.joined(separator: ", ")
        let line = [file, place, printable(subject, longest: 120), reason.description].filter { !$0.isEmpty }.joined(
            separator: ": ")
        // Names come from the file.
        return printable(line)
    }
}

extension ONNXError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotOpen(let reason): "cannot be opened: \(reason)"
        case .notAFile(let kind): "is \(kind), not a file"
        case .emptyFile: "is empty; an ONNX model has at least a graph"
        case .notONNX(let looksLike): "is not an ONNX model: \(looksLike)"

        case .cutShort(let needed, let left):
            "\(needed) bytes are declared but \(left) are left; the file is damaged or was not copied completely"
        case .varintTooLong: "a number takes more than 64 bits; the file is damaged"
        case .invalidFieldNumber(let number):
            "the field number \(number) is not one of 1 to \(WireReader.largestFieldNumber); the file is damaged"
        case .invalidWireType(let type): "the wire type \(type) is not one of 0 to 5; the file is damaged"
        case .wrongWireType(let found, let expected): "is stored as \(found); ONNX stores it as \(expected)"
        case .unevenPackedData(let bytes, let width): "\(bytes) bytes are not a whole number of \(width)-byte values"
        case .nestedTooDeep(let limit): "messages are nested more than \(limit) levels deep"
        case .unmatchedGroup: "a group ends without a beginning, or begins without an end; the file is damaged"
        case .tooMuchMemory(let limit):
            "the model would take more than \(limit) bytes of memory, out of proportion to its file"

        case .notUTF8: "the text is not UTF-8"
        case .nameTooLong(let bytes, let limit): "a name of \(bytes) bytes; names have at most \(limit)"
        case .outOfRange(let value, let expected): "\(value) is not \(expected)"
        case .missing(let what): "\(what) is missing"
        case .givenTwice(let what): "\(what) is given twice; once is allowed"
        case .unsupported(let what, let instead): "\(what) is not supported; \(instead)"

        case .unsupportedElementType(let number):
            "the element type \(Self.elementTypeName(number)) is not supported; "
                + "floating-point numbers of 16 to 64 bits, integers of 8 to 64 bits and booleans are"
        case .tooManyDimensions(let limit): "a shape has more than \(limit) dimensions"
        case .negativeDimension(let shape): "the shape \(shape) has a negative dimension; dimensions are 0 or more"
        case .shapeOverflow(let shape): "the shape \(shape) has more elements than can be counted"
        case .sizeMismatch(let shape, let expected, let found, let unit):
            "the shape \(shape) takes \(expected) \(unit), but there are \(found)"
        case .wrongDataField(let found, let expected, let elementType):
            "\(elementType) elements are in \(found); they belong in \(expected)"
        case .dataGivenTwice(let first, let second):
            "there are values in \(first) and in \(second); only one of them may have any"
        case .notConvertible(let elementType, let value, let target):
            value.isEmpty
                ? "\(elementType) elements were asked for as \(target)"
                : "the \(elementType) element \(value) has no exact form as \(target)"

        case .externalLocation(let location, .absolute):
            "the external data file \(quoted(location)) is an absolute path; it must be in the model's folder"
        case .externalLocation(let location, .parentFolder):
            "the external data file \(quoted(location)) has a '..' in its path; it must be in the model's folder"
        case .externalLocation(let location, .outsideFolder):
            "the external data file \(quoted(location)) is a link that leads out of the model's folder; "
                + "it must stay inside, or lead to where the model file itself is"
        case .externalFile(let location, let reason): "the external data file \(quoted(location)) \(reason)"
        case .externalLength(let location, let length, let expected):
            "the tensor takes \(expected) bytes, but \(length) bytes of the external data file \(quoted(location)) are named"
        case .externalRange(let location, let offset, let length, let size):
            "\(length) bytes at \(offset) are past the end of the external data file \(quoted(location)), "
                + "which has \(size) bytes"
        case .externalUse(let location, let size, let most):
            "the tensors take more than \(most) times the \(size) bytes of the external data file \(quoted(location)); "
                + "only a few may share their elements"

        case .attributeMismatch(let attribute, let type, let field):
            "the attribute \(quoted(attribute)) is of type \(type) but has a value in \(field)"
        case .duplicateName(let name): "the name \(quoted(name)) is used twice; a name stands for one value"
        case .undefinedInput(let name):
            "reads \(quoted(name)), which is neither a graph input nor an initializer nor a node's output"
        case .undefinedOutput(let name):
            "the output \(quoted(name)) is neither a graph input nor an initializer nor a node's output"
        case .cycle(let nodes):
            "needs its own result: \(nodes.map { printable($0, longest: 120) }.joined(separator: " ← "))"
        }
    }

    /// The name onnx.proto gives an element type.
    private static func elementTypeName(_ number: Int) -> String {
        let names = [
            0: "UNDEFINED", 8: "STRING", 14: "COMPLEX64", 15: "COMPLEX128", 17: "FLOAT8E4M3FN", 18: "FLOAT8E4M3FNUZ",
            19: "FLOAT8E5M2", 20: "FLOAT8E5M2FNUZ", 21: "UINT4", 22: "INT4", 23: "FLOAT4E2M1", 24: "FLOAT8E8M0",
            25: "UINT2", 26: "INT2", 27: "FLOAT6E2M3", 28: "FLOAT6E3M2",
        ]
        return names[number].map { "\($0) (\(number))" } ?? "\(number)"
    }
}
