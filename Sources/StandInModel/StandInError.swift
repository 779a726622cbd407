/// Why a stand-in could not be made or written.
public enum StandInError: Error, Sendable, Hashable {
    case outOfRange(name: String, value: Int, range: ClosedRange<Int>)
    case notADivisor(name: String, value: Int, of: Int)
    case unequalCounts(kernels: Int, strides: Int)
    case oddPositionalKernel(Int)
    /// The sizes are sound, but no ONNX reader takes a file so large.
    case tooLarge(bytes: Int, limit: Int)
    /// The disk has no room for a file of so many bytes.
    case diskFull(path: String, bytes: Int)
    /// A system call failed; `reason` is the system's own message.
    case cannotWrite(path: String, reason: String)
}

extension StandInError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .outOfRange(let name, let value, let range):
            "\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)"
        case .notADivisor(let name, let value, let hidden):
            "\(name) is \(value), which does not divide hidden, \(hidden)"
        case .unequalCounts(let kernels, let strides):
            "there are \(kernels) kernels and \(strides) strides; each convolution has one of each"
        case .oddPositionalKernel(let value):
            "positionalKernel is \(value); it must be even, as in the published model"
        case .tooLarge(let bytes, let limit):
            "the model would take \(bytes) bytes; an ONNX file holds at most \(limit), so choose smaller sizes"
        case .diskFull(let path, let bytes):
            "\(path): the disk is full; the file needs \(bytes) bytes"
        case .cannotWrite(let path, let reason):
            "\(path): cannot be written (\(reason))"
        }
    }
}
