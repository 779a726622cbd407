import Corpus
import Files
import Foundation

/// A table beside FILE, of what is to be said about recordings: file, start, end and one line of words. It is not there
/// while there is nothing to say.
struct SideTable {
    /// What the words are: the name of their column.
    enum Kind: String, Sendable, CaseIterable {
        case error, notice

        var header: [UInt8] { CSVLine.bytes(of: ["file", "start", "end", rawValue]) }
    }

    private let path: String
    private let kind: Kind
    private let times: TimeStyle
    /// Nil until there is a line.
    private var file: AppendedFile?

    /// Keeps the first `byteCount` bytes of the run's table, and none of an older one.
    init(_ kind: Kind, path: String, byteCount: Int, times: TimeStyle) throws(FileError) {
        self.path = path
        self.kind = kind
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

    mutating func append(_ file: String, start: Double?, end: Double?, _ words: String) throws(FileError) {
        let fields = [start, end].map { $0.map(times.text) ?? "" }
        try append(lines: CSVLine.bytes(of: [file] + fields + [words]))
    }

    /// Appends whole lines.
    mutating func append(lines: [UInt8]) throws(FileError) {
        let bytes = (file == nil ? kind.header : []) + lines
        let table = if let file { file } else { try AppendedFile(path: path) }
        try table.append(bytes.span.bytes)
        file = table
    }

    /// Takes back what came after the first `byteCount` bytes, as far as that can be done.
    func takeBack(to byteCount: Int) { try? file?.cut(to: byteCount) }

    func synchronize() throws(FileError) { try file?.synchronize() }
}
