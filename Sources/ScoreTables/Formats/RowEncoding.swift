/// How the rows of a format become bytes. What comes before a row depends only on whether it is the first, so that a
/// table can be gone on with.
protocol RowEncoding {
    /// What comes before any row.
    var opening: [UInt8] { get }
    /// What comes after the last row, or where there is none.
    func closing(isEmpty: Bool) -> [UInt8]
    func bytes(of row: Row, isFirst: Bool) -> [UInt8]
}

extension RowEncoding {
    var opening: [UInt8] { [] }
    func closing(isEmpty: Bool) -> [UInt8] { [] }
}
