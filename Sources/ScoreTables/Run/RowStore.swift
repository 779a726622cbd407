/// Where a table's bytes go.
protocol RowStore: AnyObject {
    /// The bytes of rows so far, and of what the format puts around them.
    var rowBytes: Int { get }
    /// Adds what comes before the first row.
    func open(with bytes: [UInt8]) throws
    func append(_ row: [UInt8], then position: RunPosition) throws
    func append(_ failure: FailedRow, then position: RunPosition) throws
    func advance(to position: RunPosition) throws
    /// Adds what comes after the last row; nothing is added after it.
    func finish(with bytes: [UInt8]) throws
}
