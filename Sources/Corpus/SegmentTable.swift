import AudioInput
import Files

/// A CSV table of recordings: a column `file`, and `start` and `end` for parts, as audformat writes them.
struct SegmentTable {
    /// As it was given.
    let name: String
    /// What relative files are relative to.
    let folder: String

    /// Collects the recordings of the table at `path` in its order. What can't be read, be it the table or a row, is a
    /// failure in its place.
    func collect(from path: String, into collector: inout RecordingCollector) {
        let before = collector.count
        do throws(InputError) {
            var reader = try CSVReader(path)
            guard try reader.advance() else { throw .emptyTable }
            let columns = try Self.columns(of: reader)
            while try reader.advance() { collect(reader, columns, into: &collector) }
            if collector.count == before { throw .tableWithoutRows }
        } catch {
            var reason = error
            if case .unreadable(let kind, let failure, _) = error {
                reason = .unreadable(kind, failure, isBegun: collector.count > before)
            }
            collector.add(RowFailure(file: name, reason: reason))
        }
    }

    /// Where each column is in a record.
    private struct Columns {
        let file: Int
        let start: Int?
        let end: Int?
        let count: Int
    }

    private static func columns(of header: borrowing CSVReader) throws(InputError) -> Columns {
        let fields = (0..<header.fieldCount).map { header.field($0).trimmed() }
        let names = fields.map { String(validating: $0, as: UTF8.self) }
        // UTF-16 has a zero in every other byte.
        guard !names.contains(nil), !fields.joined().contains(0) else { throw .tableNotUTF8 }
        guard let file = names.firstIndex(of: "file") else { throw .noFileColumn }
        return Columns(
            file: file, start: names.firstIndex(of: "start"), end: names.firstIndex(of: "end"), count: names.count)
    }

    private func collect(_ row: borrowing CSVReader, _ columns: Columns, into collector: inout RecordingCollector) {
        let bytes = row.field(columns.file)
        let file = String(decoding: bytes, as: UTF8.self)
        var segment: Segment?
        do throws(InputError.LineFault) {
            if row.isTooLong { throw .tooLong(bytes: CSVReader.longestRecord) }
            if file.isEmpty { throw .noName }
            guard
                row.fieldCount <= columns.count
                    || (columns.count..<row.fieldCount).allSatisfy({ row.field($0).isEmpty })
            else {
                throw .fields(found: row.fieldCount, header: columns.count)
            }
            guard file.utf8.elementsEqual(bytes) else { throw .notUTF8 }
            if let fault = InputError.LineFault(name: file) { throw fault }
            let start = try time(row, columns.start, "start")
            let end = try time(row, columns.end, "end")
            segment = start == nil && end == nil ? nil : Segment(start: start ?? 0, end: end)
            if let end, end <= start ?? 0 { throw .impossibleSegment(start: start ?? 0, end: end) }
            collector.add(file, segment, in: folder)
        } catch {
            let reason = InputError.line(row.line, of: name, error)
            collector.add(RowFailure(file: file.isEmpty ? name : file, segment: segment, reason: reason))
        }
    }

    /// Nil if the table gives no time.
    private func time(
        _ row: borrowing CSVReader, _ index: Int?, _ column: String
    ) throws(InputError.LineFault) -> Double? {
        guard let index else { return nil }
        let text = String(decoding: row.field(index), as: UTF8.self)
        if TimeText.isMissing(text) { return nil }
        if let seconds = TimeText.seconds(text) { return seconds }
        throw .notATime(printable(text, longest: 40), column: column)
    }
}
