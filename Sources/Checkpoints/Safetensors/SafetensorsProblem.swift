import Files

/// What is wrong with a safetensors file.
package enum SafetensorsProblem: Sendable, Equatable {
    case noHeaderLength(fileSize: Int)
    case headerLength(UInt64, limit: Int)
    case headerBeyondFile(length: Int, left: Int)
    case notABrace(UInt8)
    case unknownType(String)
    /// Begin and end, in bytes of the data.
    case offsets(Int, Int, size: Int)
    case hole(from: Int, to: Int)
    case overlap(with: String, at: Int)
    case unusedEnd(from: Int, size: Int)
}

extension SafetensorsProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noHeaderLength(let size):
            "\(size) bytes are no safetensors file, which begins with its header's length in 8"
        case .headerLength(let length, let limit):
            "a header of \(length) bytes is declared; safetensors files have one of 2 to \(limit)"
        case .headerBeyondFile(let length, let left):
            "a header of \(length) bytes is declared but \(left) are left; the file is damaged or was not copied completely"
        case .notABrace(let byte):
            "the header begins with the byte \(byte); a safetensors header begins with '{'"
        case .unknownType(let name): "no dtype of safetensors is called \(quoted(name)); F32, F16 and BF16 are read"
        case .offsets(let begin, let end, let size):
            "data_offsets are [\(begin), \(end)]; they are a begin and an end after it, within the \(size) bytes of data"
        case .hole(let from, let to):
            "no tensor has the data from byte \(from) to \(to); safetensors files have no holes"
        case .overlap(let other, let at):
            "its data begins at byte \(at), within that of the tensor \(quoted(other)); tensors don't overlap"
        case .unusedEnd(let from, let size):
            "the tensors end at byte \(from) of \(size) bytes of data; the last one ends where the file does"
        }
    }
}
