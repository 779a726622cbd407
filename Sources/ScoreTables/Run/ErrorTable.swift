import Files
import Foundation

/// `FILE.errors.csv`: file, start, end and error of what failed; not there if nothing did.
struct ErrorTable {
    private let path: String
    private let times: TimeStyle
    /// Nil until something fails.
    private var file: AppendedFile?

    private static let columns = ["file", "start", "end", "error"]

    /// Keeps so many bytes of a table that is there, and none of an older one.
    init(path: String, byteCount: Int, times: TimeStyle) throws(FileError) {
        self.path = path
        self.times = times
        if byteCount > 0 {
            let file = try AppendedFile(path: path)
            try file.cut(to: byteCount)
            self.file = file
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError(.writing, code: errno) }
        }
    }

    var byteCount: Int { file?.byteCount ?? 0 }

    mutating func append(_ failure: FailedRow) throws(FileError) {
        let start = failure.start.map(times.text) ?? ""
        let end = failure.end.map(times.text) ?? ""
        let line = CSVLine.bytes(of: [failure.file, start, end, failure.reason])
        guard let file else {
            let file = try AppendedFile(path: path)
            let table = CSVLine.bytes(of: Self.columns) + line
            try file.append(table.span.bytes)
            self.file = file
            return
        }
        try file.append(line.span.bytes)
    }

    /// Takes back what came after so many bytes, as far as that can be done.
    func takeBack(to byteCount: Int) { try? file?.cut(to: byteCount) }

    func synchronize() throws(FileError) { try file?.synchronize() }

    /// The number of failures in a table; none where there is no table.
    static func rowCount(path: String) -> Int {
        guard let file = FileHandle(forReadingAtPath: path) else { return 0 }
        defer { try? file.close() }
        var (lines, isQuoted) = (0, false)
        while let piece = try? file.read(upToCount: 1 << 20), !piece.isEmpty {
            lines += CSVLine.count(in: Array(piece), isQuoted: &isQuoted)
        }
        return max(0, lines - 1)
    }
}
