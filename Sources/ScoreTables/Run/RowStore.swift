import Corpus
import Files
import Foundation

/// Where a table's bytes go.
protocol RowStore: AnyObject {
    /// The bytes of rows so far, and of what the format puts around them.
    var rowBytes: Int { get }
    /// What is added next is the next step's.
    func beginStep() throws
    /// Adds a row, or what comes before the first row.
    func append(_ bytes: [UInt8]) throws
    func append(_ failure: RowFailure, reason: String) throws
    func append(notice: String, of row: Row) throws
    /// The run has come this far with what was added.
    func note(_ position: RunPosition) throws
    /// The step failed.
    func takeBack()
    /// Adds what comes after the last row, or in place of the rows if there are none; nothing is added after it.
    func finish(_ closing: (_ isEmpty: Bool) -> [UInt8]) throws
}

/// A stream: standard output, a pipe, a device. There is no run to resume, and failures have no table.
final class StreamStore: RowStore {
    private(set) var rowBytes = 0
    private let stream: OutputFile
    private let openingBytes: Int
    private let assembly: RowAssembly?
    /// The rows that wait to be assembled.
    private let waiting: AppendedFile?

    private let folder = NSTemporaryDirectory()

    /// `openingBytes` is how many come before the first row.
    init(_ stream: OutputFile, _ assembly: RowAssembly?, openingBytes: Int) throws {
        self.stream = stream
        self.openingBytes = openingBytes
        self.assembly = assembly
        do {
            waiting = assembly == nil ? nil : try AppendedFile(unnamedIn: folder)
        } catch {
            throw ScoreTableError.Reason.noPlaceForRows(folder: folder, code: error.code)
        }
    }

    func beginStep() {}

    func append(_ bytes: [UInt8]) throws {
        if let waiting {
            do { try waiting.append(bytes.span.bytes) } catch {
                throw ScoreTableError.Reason.noPlaceForRows(folder: folder, code: error.code)
            }
        } else {
            try stream.write(bytes.span.bytes)
        }
        rowBytes += bytes.count
    }

    func append(_ failure: RowFailure, reason: String) {}

    func append(notice: String, of row: Row) {}

    func note(_ position: RunPosition) {}

    func takeBack() {}

    func finish(_ closing: (_ isEmpty: Bool) -> [UInt8]) throws {
        let bytes = closing(rowBytes == openingBytes)
        if !bytes.isEmpty { try append(bytes) }
        if let waiting { try assembly?.assemble(waiting, into: stream) }
    }
}
