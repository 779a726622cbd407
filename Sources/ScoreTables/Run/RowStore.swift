import Corpus
import Files
import Foundation

/// Where a table's bytes go.
protocol RowStore: AnyObject {
    /// The bytes of rows so far, and of what the format puts around them.
    var rowBytes: Int { get }
    /// Adds a row, or what comes before the first row.
    func append(_ bytes: [UInt8]) throws
    func append(_ failure: RowFailure, reason: String) throws
    /// The run has come this far with what was added.
    func note(_ position: RunPosition) throws
    /// Adds what comes after the last row; nothing is added after it.
    func finish(with bytes: [UInt8]) throws
}

/// A stream: standard output, a pipe, a device. There is no run to resume, and failures have no table.
final class StreamStore: RowStore {
    private(set) var rowBytes = 0
    private let stream: OutputFile
    private let assembly: RowAssembly?
    /// The rows that wait to be assembled.
    private let waiting: AppendedFile?

    private let folder = NSTemporaryDirectory()

    init(_ stream: OutputFile, _ assembly: RowAssembly?) throws {
        self.stream = stream
        self.assembly = assembly
        do {
            waiting = assembly == nil ? nil : try AppendedFile(unnamedIn: folder)
        } catch {
            throw ScoreTableError.Reason.noPlaceForRows(folder: folder, code: error.code)
        }
    }

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

    func note(_ position: RunPosition) {}

    func finish(with bytes: [UInt8]) throws {
        if !bytes.isEmpty { try append(bytes) }
        if let waiting { try assembly?.assemble(waiting, into: stream) }
    }
}
