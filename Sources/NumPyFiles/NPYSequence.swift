/// A `.npy` file, open for reading some of its elements at a time, in the file's order.
public struct NPYSequence: Sendable {
    public let shape: [Int]
    public let count: Int

    private let file: RandomAccessFile
    private let path: String
    private let type: NPYElementType
    private let dataStart: Int

    /// Reads the header; as with ``NPYFile/read(_:)``, the data must be just as long as it says.
    ///
    /// - Throws: `NumPyError`.
    public init(_ path: String) throws(NumPyError) {
        do throws(NumPyError.Reason) {
            self.path = path
            file = try RandomAccessFile(path)
            let fields = try file.read(0..<min(12, file.byteCount))
            dataStart = try NPYHeader.byteCount(startOf: fields)
            let header = try NPYHeader(file.read(0..<min(dataStart, file.byteCount)))
            try header.checkDataByteCount(file.byteCount - dataStart)
            shape = header.shape
            type = header.type
            count = try elementCount(of: header.shape)
        } catch {
            throw NumPyError(file: path, reason: error)
        }
    }

    /// - Precondition: The range lies within `0..<count`.
    public func elements(_ range: Range<Int>) throws(NumPyError) -> NPYArray.Elements {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements \(range) of \(count)")
        let size = type.byteSize
        do throws(NumPyError.Reason) {
            let bytes = try file.read(dataStart + range.lowerBound * size..<dataStart + range.upperBound * size)
            let header = NPYHeader(type: type, fortranOrder: false, shape: [range.count])
            return try NPYData.decode(bytes, from: 0, header: header).elements
        } catch {
            throw NumPyError(file: path, reason: error)
        }
    }
}
