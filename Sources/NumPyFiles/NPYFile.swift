import Files
import Foundation

/// A `.npy` file: one array.
package enum NPYFile {
    /// Reads versions 1.0 to 3.0, either byte order, C or Fortran order (which is turned into C order).
    package static func read(_ path: String) throws(NumPyError) -> NPYArray {
        do throws(NumPyError.Reason) {
            let file = try RegularFile(numPy: path)
            return try decode(file.bytes(0..<file.byteCount))
        } catch {
            throw NumPyError(file: path, reason: error)
        }
    }

    /// Writes version 1.0, little-endian, in C order: the bytes that `numpy.save` writes.
    ///
    /// The file appears whole or not at all; an older one stays as it is until then.
    package static func write(_ array: NPYArray, to path: String) throws(NumPyError) {
        do throws(NumPyError.Reason) {
            let bytes = try encode(array)
            do throws(FileError) {
                let file = try OutputFile(path: path, reserving: bytes.count)
                try file.write(bytes.span.bytes)
                try file.commit()
            } catch {
                throw NumPyError.Reason(error)
            }
        } catch {
            throw NumPyError(file: path, reason: error)
        }
    }

    static func decode(_ bytes: [UInt8]) throws(NumPyError.Reason) -> NPYArray {
        let header = try NPYHeader(bytes)
        return try NPYData.decode(bytes, from: NPYHeader.byteCount(startOf: bytes), header: header)
    }

    static func encode(_ array: NPYArray) throws(NumPyError.Reason) -> [UInt8] {
        let (header, data) = try parts(of: array)
        return header + data
    }

    /// The bytes in two parts, so that large data needn't be copied behind its header.
    static func parts(of array: NPYArray) throws(NumPyError.Reason) -> (header: [UInt8], data: [UInt8]) {
        let (type, data) = try NPYData.encode(array.elements)
        return (NPYHeader(type: type, fortranOrder: false, shape: array.shape).encoded, data)
    }
}

/// A `.npy` file, open for reading some of its elements at a time, in the file's order.
package struct NPYSequence: Sendable {
    package let shape: [Int]
    package let count: Int

    private let file: RegularFile
    private let path: String
    private let type: NPYElementType
    private let dataStart: Int

    /// Reads the header; as with ``NPYFile/read(_:)``, the data must be exactly as long as it says.
    package init(_ path: String) throws(NumPyError) {
        do throws(NumPyError.Reason) {
            self.path = path
            file = try RegularFile(numPy: path)
            let fields = try file.bytes(0..<min(12, file.byteCount))
            dataStart = try NPYHeader.byteCount(startOf: fields)
            let header = try NPYHeader(file.bytes(0..<min(dataStart, file.byteCount)))
            try header.checkDataByteCount(file.byteCount - dataStart)
            shape = header.shape
            type = header.type
            count = try elementCount(of: header.shape)
        } catch {
            throw NumPyError(file: path, reason: error)
        }
    }

    /// - Precondition: The range lies within `0..<count`.
    package func elements(_ range: Range<Int>) throws(NumPyError) -> NPYArray.Elements {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements \(range) of \(count)")
        let size = type.byteSize
        do throws(NumPyError.Reason) {
            let bytes = try file.bytes(dataStart + range.lowerBound * size..<dataStart + range.upperBound * size)
            let header = NPYHeader(type: type, fortranOrder: false, shape: [range.count])
            return try NPYData.decode(bytes, from: 0, header: header).elements
        } catch {
            throw NumPyError(file: path, reason: error)
        }
    }
}

extension RegularFile {
    /// Opens a file of NumPy's, for errors that say so.
    init(numPy path: String) throws(NumPyError.Reason) {
        do throws(OpeningError) { try self.init(path) } catch {
            switch error {
            case .failed(let error): throw .cannotOpen(code: error.code)
            case .zeroByteInPath: throw .cannotOpen(code: EINVAL)
            case .notRegular: throw .notRegularFile
            }
        }
    }

    /// The bytes in a range.
    ///
    /// - Throws: `.truncated` if the file doesn't reach that far.
    func bytes(_ range: Range<Int>) throws(NumPyError.Reason) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else {
            throw .truncated(part: "file", needed: range.upperBound, found: byteCount)
        }
        let bytes: [UInt8]
        do throws(FileError) { bytes = try read(at: range.lowerBound, count: range.count) } catch {
            throw NumPyError.Reason(error)
        }
        // Another process may have cut the file since it was opened.
        guard bytes.count == range.count else {
            throw .truncated(part: "file", needed: range.upperBound, found: range.lowerBound + bytes.count)
        }
        return bytes
    }
}
