/// A text file that lists one recording per line, or recordings that NUL characters end.
struct FileList {
    /// More than any path that can be opened has.
    static let longestLine = 1 << 16

    /// As it was given; `-` is standard input.
    let path: String
    /// What relative files are relative to.
    let folder: String

    /// Collects the files in the order of the list, without blank lines. What can't be read, be it the list or a line, is
    /// a failure in its place.
    func collect(into collector: inout RecordingCollector) {
        let before = collector.count
        do throws(RowFailure) {
            var reader = try LineReader(path, longest: Self.longestLine, separator: .detected)
            if let kind = reader.foreignKind {
                throw RowFailure(file: reader.name, reason: InputError.foreign(.list, kind))
            }
            while let line = try reader.next() {
                let hasReturn = line.last == ASCII.carriageReturn && !reader.isNulSeparated
                let bytes = hasReturn ? line.dropLast() : line[...]
                if bytes.allSatisfy(ASCII.isBlank) { continue }
                let file = String(decoding: bytes, as: UTF8.self)
                let fault: InputError.LineFault? =
                    reader.isCut
                    ? .longerThanAnyPath : file.utf8.elementsEqual(bytes) ? .init(name: file) : .notUTF8
                if let fault {
                    let reason = InputError.line(reader.number, of: reader.name, fault)
                    collector.add(RowFailure(file: reader.isCut ? reader.name : file, reason: reason))
                } else {
                    collector.add(file, in: folder)
                }
            }
            if collector.count == before { throw RowFailure(file: reader.name, reason: InputError.emptyList) }
        } catch {
            collector.add(error)
        }
    }
}
