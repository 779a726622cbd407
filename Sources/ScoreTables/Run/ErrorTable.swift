import Corpus
import Files
import Foundation

/// `FILE.errors.csv`: file, start, end and error of what failed; not there if nothing did.
struct ErrorTable {
    private let path: String
    private let times: TimeStyle
    /// Nil until something fails.
    private var file: AppendedFile?

    private static let columns = ["file", "start", "end", "error"]

    /// Keeps the first `byteCount` bytes of the run's table, and none of an older one.
    init(path: String, byteCount: Int, times: TimeStyle) throws(FileError) {
        self.path = path
        self.times = times
        if byteCount > 0 {
            let file = try AppendedFile(path: path)
            try file.cut(to: byteCount)
            self.file = file
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError(.writing) }
        }
    }

    var byteCount: Int { file?.byteCount ?? 0 }

    mutating func append(_ failure: RowFailure, reason: String) throws(FileError) {
        let start = failure.segment.map { times.text($0.start) } ?? ""
        let end = failure.segment?.end.map(times.text) ?? ""
        let header = file == nil ? CSVLine.bytes(of: Self.columns) : []
        let bytes = header + CSVLine.bytes(of: [failure.file, start, end, reason])
        let table = if let file { file } else { try AppendedFile(path: path) }
        try table.append(bytes.span.bytes)
        file = table
    }

    /// Takes back what came after the first `byteCount` bytes, as far as that can be done.
    func takeBack(to byteCount: Int) { try? file?.cut(to: byteCount) }

    func synchronize() throws(FileError) { try file?.synchronize() }

    /// The number of failures in a table; 0 if there is no table.
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
