import NumPyFiles

/// NumPy arrays: each output `[rows, n]` by its name, and file, start and end.
struct NPZRows: RowWriter {
    private let columns: [OutputColumns]
    private let writer: NPZWriter
    private var rows: [Row] = []

    init(_ columns: [OutputColumns], _ path: String?) throws {
        self.columns = columns
        writer = try NPZWriter(to: path)
    }

    mutating func write(_ row: Row) { rows.append(row) }

    func finish() throws {
        for (index, column) in columns.enumerated() {
            try writer.add(
                try NPYArray(
                    shape: [rows.count, column.labels.count], float32: rows.flatMap { $0.values[index] }),
                named: column.name)
        }
        try writer.add(try NPYArray(shape: [rows.count], strings: rows.map(\.file)), named: "file")
        try writer.add(try NPYArray(shape: [rows.count], float64: rows.map(\.start)), named: "start")
        try writer.add(try NPYArray(shape: [rows.count], float64: rows.map(\.end)), named: "end")
        try writer.finish()
    }
}
