import NumPyFiles

/// Rows as they wait for an archive of arrays: records one after another, little-endian. A record is the length of the
/// file's name in bytes (32 bits), the name, start and end (float64), and all values (float32).
struct BinaryRows: RowEncoding {
    static let lengthSize = 4
    static let timeSize = 8
    static let valueSize = 4

    init(_ columns: [OutputColumns]) {}

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        var bytes = littleEndianBytes(UInt32(row.file.utf8.count)) + Array(row.file.utf8)
        bytes += littleEndianBytes(row.start.bitPattern) + littleEndianBytes(row.end.bitPattern)
        for values in row.values { bytes += littleEndianBytes(of: values) }
        return bytes
    }
}
