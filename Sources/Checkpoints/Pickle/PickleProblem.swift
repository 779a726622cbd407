import Files

/// What is wrong with a pickle.
package enum PickleProblem: Error, Sendable, Equatable {
    case unknownOpcode(UInt8)
    case refusedOpcode(String)
    case cutShort(needed: Int, left: Int)
    case unendedLine
    case noStop
    case bytesAfterStop(Int)
    case protocolNumber(Int)
    case notANumber(String)
    case notUTF8
    case escapedText
    /// More of them than a state dict has.
    case tooMany(String, limit: Int)
    case emptyStack
    case noMark
    case unsetMemo(Int)
    case wrongOperand(expected: String)
    /// A name that is not one of those that checkpoints of tensors have.
    case foreignName(String)
    case notCallable(String)
    case wrongArguments(of: String, expected: String)
}

extension PickleProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownOpcode(let byte): "\(byte) is no opcode of a pickle; the file is damaged"
        case .refusedOpcode(let name): "it has the opcode \(name), which no checkpoint of tensors needs"
        case .cutShort(let needed, let left): "\(needed) bytes are declared but \(left) are left; the file is damaged"
        case .unendedLine: "a line does not end; the file is damaged"
        case .noStop: "the pickle ends without STOP; the file is damaged"
        case .bytesAfterStop(let count): "\(count) bytes follow the pickle's end; none is right"
        case .protocolNumber(let number): "pickles of protocol \(number) are not read; torch.save writes 2"
        case .notANumber(let text): "\(quoted(text)) is not a number"
        case .notUTF8: "a text is not UTF-8"
        case .escapedText: "a text has escapes or is not ASCII, in an old form that torch.save does not write"
        case .tooMany(let what, let limit): "it has more than \(limit) \(what), out of proportion to a checkpoint"
        case .emptyStack: "an opcode needs a value that is not there; the file is damaged"
        case .noMark: "an opcode needs a mark that is not there; the file is damaged"
        case .unsetMemo(let index):
            "it takes value \(index) of the memo, which was never put there; the file is damaged"
        case .wrongOperand(let expected): "an opcode needs \(expected); the file is damaged"
        case .foreignName(let name): "it names \(printable(name, longest: 120)); a checkpoint holds tensors alone"
        case .notCallable(let name): "it calls \(name), which is never called in a checkpoint of tensors"
        case .wrongArguments(let name, let expected): "\(name) has wrong arguments; \(expected) are right"
        }
    }
}
