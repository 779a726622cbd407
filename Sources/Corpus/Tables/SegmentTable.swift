import AudioInput
import Files

/// A CSV table of recordings: a column `file`, and `start` and `end` where parts are meant, as audformat writes them.
struct SegmentTable {
    /// As it was given.
    private let name: String
    /// What relative files are relative to.
    private let folder: String

    init(_ name: String, in folder: String) {
        self.name = name
        self.folder = folder
    }

    /// Collects the recordings of the table at `path` in its order. What can't be read, be it the table or a row, is a
    /// failure in its place.
    func collect(from path: String, into collector: inout RecordingCollector) {
        let before = collector.count
        do throws(CSVReader.Failure) {
            var reader = CSVReader(try source(path))
            guard try reader.advance(), let columns = columns(of: reader, into: &collector) else {
                if collector.count == before { fail("the table is empty; \(Self.expectation)", into: &collector) }
                return
            }
            while try reader.advance() { collect(reader, columns, into: &collector) }
            if collector.count == before { fail("the table has no rows", into: &collector) }
        } catch {
            switch error {
            case .system(let failure):
                let isBegun = collector.count > before
                fail("the table can't be read\(isBegun ? " to its end" : ""): \(failure)", into: &collector)
            case .openQuote(let line):
                fail("line \(line) opens a quote that is not closed; what follows was not read", into: &collector)
            }
        }
    }

    private static let expectation = "a column 'file' is needed, and may be followed by 'start' and 'end' in seconds"

    /// Where each column is in a record.
    private struct Columns {
        let file: Int
        let start: Int?
        let end: Int?
        let count: Int
    }

    private func source(_ path: String) throws(CSVReader.Failure) -> ByteSource {
        do throws(SystemFailure) { return try ByteSource(path) } catch { throw .system(error) }
    }

    private func columns(of header: borrowing CSVReader, into collector: inout RecordingCollector) -> Columns? {
        let fields = (0..<header.fieldCount).map { header.field($0).trimmed() }
        let names = fields.map { String(validating: $0, as: UTF8.self) }
        // UTF-16 has a zero in every other byte.
        guard !names.contains(nil), !fields.joined().contains(0) else {
            fail("the table is not UTF-8 text", into: &collector)
            return nil
        }
        guard let file = names.firstIndex(of: "file") else {
            fail("the table needs a column 'file', and may have 'start' and 'end' in seconds", into: &collector)
            return nil
        }
        return Columns(
            file: file, start: names.firstIndex(of: "start"), end: names.firstIndex(of: "end"), count: names.count)
    }

    private func collect(_ row: borrowing CSVReader, _ columns: Columns, into collector: inout RecordingCollector) {
        let bytes = row.field(columns.file)
        let file = String(decoding: bytes, as: UTF8.self)
        do throws(RowFailure) {
            if row.isTooLong { throw RowFailure("is longer than \(CSVReader.longestRecord) bytes") }
            if file.isEmpty { throw RowFailure("names no file") }
            guard row.fieldCount <= columns.count || hasOnlyEmptyFields(row, from: columns.count) else {
                throw RowFailure(
                    "has \(row.fieldCount) fields, the header \(columns.count); a field with a comma needs quotes")
            }
            guard file.utf8.elementsEqual(bytes) else { throw RowFailure("is not UTF-8 text") }
            if let reason = FileName.failure(file) { throw RowFailure(reason) }
            let start = try time(row, columns.start, "start")
            let end = try time(row, columns.end, "end")
            let segment = start == nil && end == nil ? nil : Segment(start: start ?? 0, end: end)
            if let segment, let end, end <= segment.start {
                throw RowFailure("ends at \(end) s, which is not after its start at \(segment.start) s", segment)
            }
            collector.add(file, segment, in: folder)
        } catch {
            let reason = "line \(row.line) of \(printable(name)) \(error.reason)"
            collector.add(InputFailure(file: file.isEmpty ? name : file, segment: error.segment, reason: reason))
        }
    }

    private func hasOnlyEmptyFields(_ row: borrowing CSVReader, from first: Int) -> Bool {
        (first..<row.fieldCount).allSatisfy { row.field($0).isEmpty }
    }

    /// Nil where the table gives no time.
    private func time(
        _ row: borrowing CSVReader, _ index: Int?, _ column: String
    ) throws(RowFailure) -> Double? {
        guard let index else { return nil }
        let text = String(decoding: row.field(index), as: UTF8.self)
        if TimeText.isMissing(text) { return nil }
        if let seconds = TimeText.seconds(text) { return seconds }
        let found = printable(text, longest: 40)
        throw RowFailure("has '\(found)' as \(column), not seconds or a time such as 0 days 00:00:01.5")
    }

    private func fail(_ reason: String, into collector: inout RecordingCollector) {
        collector.add(InputFailure(file: name, reason: reason))
    }
}

/// Why a row names no recording.
private struct RowFailure: Error {
    /// What its line is or does.
    let reason: String
    let segment: Segment?

    init(_ reason: String, _ segment: Segment? = nil) {
        self.reason = reason
        self.segment = segment
    }
}
