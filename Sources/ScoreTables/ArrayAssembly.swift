import Files
import NumPyFiles

/// NumPy arrays from waiting rows: each output `[rows, n]` by its name, and file, start and end. The rows are read twice
/// for each array, in pieces.
struct ArrayAssembly {
    private let rows: AppendedFile
    private let columns: [OutputColumns]
    /// Of all values of a row.
    private let valuesSize: Int
    private let rowCount: Int
    /// In Unicode scalars.
    private let longestName: Int

    private static let pieceSize = 1 << 20

    init(_ rows: AppendedFile, _ columns: [OutputColumns]) throws {
        self.rows = rows
        self.columns = columns
        valuesSize = columns.reduce(0) { $0 + $1.labels.count } * BinaryRows.valueSize
        var (count, longest) = (0, 0)
        try Self.forEach(rows, valuesSize) { record in
            count += 1
            longest = max(longest, try record.fileName.unicodeScalars.count)
        }
        rowCount = count
        longestName = longest
    }

    func write(to output: OutputFile) throws {
        let writer = NPZWriter(output, name: "npz")
        var offset = 0
        for column in columns {
            let size = column.labels.count * BinaryRows.valueSize
            let layout = NPYLayout(shape: [rowCount, column.labels.count], .float32)
            try add(layout, column.name, to: writer) { $0.values.dropFirst(offset).prefix(size) }
            offset += size
        }
        let width = max(1, longestName)
        try add(NPYLayout(shape: [rowCount], .string(width: width)), "file", to: writer) { record in
            let characters = try record.fileName.unicodeScalars.map(\.value)
            let padded = characters + [UInt32](repeating: 0, count: width - characters.count)
            return littleEndianBytes(of: padded)[...]
        }
        try add(NPYLayout(shape: [rowCount], .float64), "start", to: writer) { $0.start }
        try add(NPYLayout(shape: [rowCount], .float64), "end", to: writer) { $0.end }
        try writer.finish()
    }

    /// Adds an array with its part of each row.
    private func add(
        _ layout: NPYLayout, _ name: String, to writer: NPZWriter, _ part: (Record) throws -> ArraySlice<UInt8>
    ) throws {
        try writer.add(layout, named: name) { append in
            var piece: [UInt8] = []
            try Self.forEach(rows, valuesSize) { record in
                piece += try part(record)
                if piece.count >= Self.pieceSize {
                    try append(piece)
                    piece.removeAll(keepingCapacity: true)
                }
            }
            try append(piece)
        }
    }

    /// The bytes of one row.
    private struct Record {
        let name: ArraySlice<UInt8>
        let start: ArraySlice<UInt8>
        let end: ArraySlice<UInt8>
        let values: ArraySlice<UInt8>

        var fileName: String {
            get throws {
                guard let text = String(validating: name, as: UTF8.self) else { throw RowAssembly.DamagedRows() }
                return text
            }
        }
    }

    private static func forEach(_ rows: AppendedFile, _ valuesSize: Int, _ body: (Record) throws -> Void) throws {
        var reader = RowReader(rows)
        while !reader.isAtEnd {
            let length = try reader.next(BinaryRows.lengthSize).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard length <= rows.byteCount else { throw RowAssembly.DamagedRows() }
            try body(
                Record(
                    name: try reader.next(length), start: try reader.next(BinaryRows.timeSize),
                    end: try reader.next(BinaryRows.timeSize),
                    values: try reader.next(valuesSize)))
        }
    }
}

/// Reads waiting rows from the first on, in large pieces.
struct RowReader {
    private let file: AppendedFile
    private var buffer: [UInt8] = []
    private var position = 0
    /// Where in the file the buffer ends.
    private var read = 0

    private static let pieceSize = 1 << 20

    init(_ file: AppendedFile) { self.file = file }

    var isAtEnd: Bool { position == buffer.count && read >= file.byteCount }

    /// The next bytes.
    ///
    /// - Throws: `DamagedRows` if the file ends before.
    mutating func next(_ count: Int) throws -> ArraySlice<UInt8> {
        if buffer.count - position < count {
            let more = try file.read(at: read, count: max(Self.pieceSize, count))
            buffer = Array(buffer[position...]) + more
            position = 0
            read += more.count
        }
        guard buffer.count - position >= count else { throw RowAssembly.DamagedRows() }
        defer { position += count }
        return buffer[position..<position + count]
    }
}
