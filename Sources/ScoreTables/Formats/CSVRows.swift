/// A table with a header: file, start, end, then a column for each number.
struct CSVRows: RowEncoding {
    let opening: [UInt8]
    private let times: TimeStyle

    init(_ columns: [OutputColumns], times: TimeStyle) {
        self.times = times
        opening = CSVLine.bytes(of: ["file", "start", "end"] + columns.flatMap(\.labels))
    }

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        CSVLine.bytes(of: [row.file, times.text(row.start), times.text(row.end)] + row.values.joined().map { "\($0)" })
    }
}
