/// Where a table's bytes go.
protocol RowStore: AnyObject {
    /// The bytes of rows so far, and of what the format puts around them.
    var rowBytes: Int { get }
    /// Adds bytes that aren't a row: what comes before the first, or after the last.
    func append(_ bytes: [UInt8]) throws
    func append(_ row: [UInt8], then position: RunPosition) throws
    func append(_ failure: FailedRow, then position: RunPosition) throws
    func advance(to position: RunPosition) throws
    /// Nothing is added after it.
    func finish() throws
}
