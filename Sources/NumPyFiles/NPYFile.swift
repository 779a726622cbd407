import FileOutput

/// A `.npy` file: one array.
public enum NPYFile {
    /// Reads versions 1.0 to 3.0, either byte order, C or Fortran order (which is turned into C order).
    public static func read(_ path: String) throws(NumPyError) -> NPYArray {
        do throws(NumPyError.Reason) {
            let file = try RandomAccessFile(path)
            return try decode(file.read(0..<file.byteCount))
        } catch {
            throw NumPyError(file: path, reason: error)
        }
    }

    /// Writes version 1.0, little-endian, in C order: the bytes that `numpy.save` writes.
    ///
    /// The file appears whole or not at all; one that is there stays as it is until then.
    public static func write(_ array: NPYArray, to path: String) throws(NumPyError) {
        do throws(NumPyError.Reason) {
            let bytes = try encode(array)
            do throws(FileOutputError) {
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
