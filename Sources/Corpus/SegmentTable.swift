import AudioInput
import Files

/// A CSV table of recordings: a column `file`, and `start` and `end` for parts, as audformat writes them, or other names
/// that mean the same (``ColumnMeaning``).
struct SegmentTable {
    /// As it was given.
    let name: String
    /// What relative files are relative to.
    let folder: String
    /// The column with the recordings; nil for the one whose name means that.
    let fileColumn: String?

    /// Collects the recordings of the table at `path` in its order. What can't be read, be it the table or a row, is a
    /// failure in its place.
    func collect(from path: String, into collector: inout RecordingCollector) {
        let before = collector.count
        do throws(InputError) {
            var reader = try CSVReader(path, delimiter: Self.isTabSeparated(name) ? ASCII.tab : nil)
            guard try reader.advance() else { throw .emptyTable }
            let columns = try columns(of: reader)
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

    /// Whether a file is a table, by its name.
    static func isNamed(_ name: String) -> Bool {
        let name = name.lowercased()
        return [".csv", ".tsv", ".csv.gz", ".tsv.gz"].contains { name.hasSuffix($0) }
    }

    private static func isTabSeparated(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix(".tsv") || name.hasSuffix(".tsv.gz")
    }

    private func columns(of header: borrowing CSVReader) throws(InputError) -> TableColumns {
        let fields = (0..<header.fieldCount).map { header.field($0).trimmed() }
        var names: [String] = []
        for field in fields {
            // UTF-16 has a zero in every other byte.
            guard let name = String(validating: field, as: UTF8.self), !field.contains(0) else { throw .tableNotUTF8 }
            names.append(name)
        }
        return try TableColumns(names, fileColumn: fileColumn)
    }

    private func collect(_ row: borrowing CSVReader, _ columns: TableColumns, into collector: inout RecordingCollector)
    {
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
            let start = try time(row, columns.start)
            let end = try end(row, columns, start: start ?? 0)
            segment = start == nil && end == nil ? nil : Segment(start: start ?? 0, end: end)
            if let end, end <= start ?? 0 { throw .impossibleSegment(start: start ?? 0, end: end) }
            collector.add(file, segment, in: folder)
        } catch {
            let reason = InputError.line(row.line, of: name, error)
            collector.add(RowFailure(file: file.isEmpty ? name : file, segment: segment, reason: reason))
        }
    }

    /// The end that the row gives, or that its duration leads to; nil if it gives neither.
    private func end(
        _ row: borrowing CSVReader, _ columns: TableColumns, start: Double
    ) throws(InputError.LineFault) -> Double? {
        let end = try time(row, columns.end)
        guard let duration = try time(row, columns.duration) else { return end }
        guard let end else {
            // In whole nanoseconds, so that the sum comes out as it would be written by hand.
            let sum = start + duration
            return sum < 1e6 ? (sum * 1e9).rounded() / 1e9 : sum
        }
        // Durations are often rounded.
        guard abs(end - start - duration) <= 0.1 else {
            throw .otherDuration(start: start, end: end, duration: duration, column: columns.duration?.name ?? "")
        }
        return end
    }

    /// Nil if the table gives no time.
    private func time(
        _ row: borrowing CSVReader, _ column: TableColumns.Time?
    ) throws(InputError.LineFault) -> Double? {
        guard let column else { return nil }
        let field = row.field(column.index)
        let text = String(decoding: field, as: UTF8.self)
        if TimeText.isMissing(text) { return nil }
        if let seconds = TimeText.seconds(text, unit: column.unit) { return seconds }
        // Where a comma separates no fields, it may be the decimal one.
        if row.delimiter != ASCII.comma, !field.contains(ASCII.point), field.count(where: { $0 == ASCII.comma }) == 1,
            let seconds = TimeText.seconds(text.replacing(",", with: "."), unit: column.unit)
        {
            return seconds
        }
        throw .notATime(printable(text, longest: 40), column: printable(column.name, longest: 40), unit: column.unit)
    }
}
