import Files

/// How a table that can't grow row by row is made from the rows when all are there.
enum RowAssembly {
    /// An archive of arrays, from `BinaryRows`.
    case arrays([OutputColumns])
    /// The same bytes, compressed.
    case gzip

    /// The rows are not what was written.
    struct DamagedRows: Error {}

    /// Memory doesn't grow with the number of rows.
    func assemble(_ rows: AppendedFile, into output: OutputFile) throws {
        switch self {
        case .arrays(let columns): try ArrayAssembly(rows, columns).write(to: output)
        case .gzip: try GzipAssembly.compress(rows, into: output)
        }
        try output.commit()
    }
}
