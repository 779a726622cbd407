import CZlib
import Files
import Foundation

/// The finished run whose failures are scored again: what came before, between and after them is copied from its files.
final class EarlierRun {
    let run: FinishedRun
    private let rows: RowSource
    private let notices: RegularFile?

    /// Where rows can be read again.
    private enum RowSource {
        case plain(RegularFile)
        case compressed(GzipReader)
    }

    init(_ run: FinishedRun, _ paths: RunPaths, isCompressed: Bool) throws {
        self.run = run
        do throws(OpeningError) { notices = run.totals.noticeBytes > 0 ? try RegularFile(paths.notices) : nil } catch {
            throw ScoreTableError.Reason.changed(part: paths.notices)
        }
        do throws(OpeningError) {
            rows = isCompressed ? .compressed(try GzipReader(paths.table)) : .plain(try RegularFile(paths.table))
        } catch {
            throw ScoreTableError.Reason.changed(part: nil)
        }
    }

    /// The rows and notices between the failed recording before this one, if there is one, and this one; without a
    /// recording, those after the last.
    func parts(before recording: Int?) -> (rows: Range<Int>, notices: Range<Int>)? {
        let index =
            recording.map { recording in run.failed.firstIndex { $0.recording == recording } } ?? run.failed.count
        guard let index else { return nil }
        let before = index > 0 ? run.failed[index - 1] : nil
        let after = index < run.failed.count ? run.failed[index] : nil
        let (firstRow, firstNotice) = (before?.rowBytes.upperBound ?? 0, before?.noticeBytes.upperBound ?? 0)
        return (
            firstRow..<(after?.rowBytes.lowerBound ?? run.totals.rowBytes),
            firstNotice..<(after?.noticeBytes.lowerBound ?? run.totals.noticeBytes)
        )
    }

    /// Copies rows behind others, without what comes before the first row.
    func copy(rows range: Range<Int>, to table: AppendedFile, _ encoding: any RowEncoding) throws {
        let opening = encoding.opening.count
        let range = max(range.lowerBound, opening)..<max(range.upperBound, opening)
        var isStart = true
        try Self.forEachPiece(of: range) { place in
            switch rows {
            case .plain(let file): try file.read(at: place.lowerBound, count: place.count)
            case .compressed(let file): try file.read(at: place.lowerBound, count: place.count)
            }
        } _: { piece in
            var piece = piece
            if isStart {
                // What was the first row may not be it now, and the other way round.
                let isFirst = table.byteCount == opening
                let separator = isFirst ? encoding.separators.first : encoding.separators.later
                piece.replaceSubrange(..<min(separator.count, piece.count), with: separator)
                isStart = false
            }
            try table.append(piece.span.bytes)
        }
    }

    /// Copies notices behind others, without the table's header.
    ///
    /// - Returns: How many.
    func copy(notices range: Range<Int>, to table: inout SideTable) throws -> Int {
        let header = SideTable.Kind.notice.header.count
        let range = max(range.lowerBound, header)..<max(range.upperBound, header)
        var (count, isQuoted) = (0, false)
        try Self.forEachPiece(of: range) { place in
            try notices?.read(at: place.lowerBound, count: place.count) ?? []
        } _: { piece in
            try table.append(lines: piece)
            count += CSVLine.count(in: piece, isQuoted: &isQuoted)
        }
        return count
    }

    private static let pieceSize = 1 << 20

    private static func forEachPiece(
        of range: Range<Int>, read: (Range<Int>) throws -> [UInt8], _ body: ([UInt8]) throws -> Void
    ) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: pieceSize) {
            let place = start..<min(start + pieceSize, range.upperBound)
            let piece = try read(place)
            guard piece.count == place.count else { throw RowAssembly.DamagedRows() }
            try body(piece)
        }
    }
}

/// Reads what is in a gzip file; going backwards in it means to begin again.
final class GzipReader {
    private let file: gzFile

    init(_ path: String) throws(OpeningError) {
        guard let file = gzopen(path, "rb") else { throw .failed(SystemError(errno == 0 ? ENOMEM : errno)) }
        self.file = file
    }

    deinit { gzclose(file) }

    /// The bytes from an offset on; fewer than `count` if there are no more, or the file is damaged.
    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        guard gzseek(file, offset, SEEK_SET) == offset else { throw FileError(.reading, code: EIO) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let step = min(count - done, 1 << 30)
                let result = gzread(file, buffer.baseAddress.map { $0 + done }, UInt32(step))
                guard result > 0 else { return }
                done += Int(result)
            }
        }
    }
}
