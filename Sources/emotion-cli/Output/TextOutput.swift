import ArgumentParser
import Files
import Foundation
import NumPyFiles

/// Where text goes: a file that appears whole or not at all, or standard output.
struct TextOutput {
    private let file: OutputFile
    private let name: String

    /// Opens `path`, which ``commit()`` replaces; nil is standard output.
    init(_ path: String?) throws(CommandError) {
        name = path ?? standardOutput
        guard let path else {
            file = OutputFile(descriptor: STDOUT_FILENO)
            return
        }
        do throws(FileError) { file = try OutputFile(path: path) } catch { throw CommandError(path, error) }
    }

    /// Looks whether a file can be written there, and leaves nothing.
    static func check(_ path: String) throws(CommandError) {
        // Opening a pipe would wait for its reader.
        guard case .file? = try? OutputTarget(path) else { return }
        _ = try TextOutput(path)
    }

    func write(_ text: String) throws(CommandError) { try write(Array(text.utf8)) }

    /// Writes lines for people. Names in them may come from files: what would act on a terminal is escaped.
    func write(lines: [String]) throws(CommandError) { try write(lines.map { printable($0) + "\n" }.joined()) }

    func write(_ bytes: [UInt8]) throws(CommandError) {
        do throws(FileError) { try file.write(bytes.span.bytes) } catch { throw CommandError(name, error) }
    }

    /// Everything was written. On standard output it is already there.
    func commit() throws(CommandError) {
        do throws(FileError) { try file.commit() } catch { throw CommandError(name, error) }
    }
}

extension NPZWriter {
    /// Writes to a file, or with nil or `-` to standard output, unless that is a terminal.
    ///
    /// - Throws: also if the file's name is that of another kind of file, or there is one that this program did not write,
    ///   unless it may be replaced.
    convenience init(to path: String?, force: Bool) throws {
        if let path, path != "-" {
            let end = (path as NSString).pathExtension
            guard end.isEmpty || end.lowercased() == "npz" else {
                throw ValidationError("\(printable(path)): arrays are written as .npz; give the file such a name")
            }
            try OwnFile.archive.checkReplaceable(path, force: force)
            try self.init(path: path)
            return
        }
        if isatty(STDOUT_FILENO) != 0 {
            throw ValidationError("npz is binary: give --output FILE, or send standard output to a file")
        }
        self.init(OutputFile(descriptor: STDOUT_FILENO), name: standardOutput)
    }
}

private let standardOutput = "standard output"

/// Rows of text in columns as wide as their widest cell.
struct TextColumns {
    enum Side { case left, right }

    private let sides: [Side]
    private var rows: [[String]] = []

    /// - Parameter sides: which side each column's cells are at.
    init(_ sides: [Side]) { self.sides = sides }

    /// Names in the cells may come from files: what would act on a terminal is escaped.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == sides.count, "\(cells.count) cells for \(sides.count) columns")
        rows.append(cells.map { printable($0) })
    }

    /// An empty line.
    mutating func addGap() { rows.append(sides.map { _ in "" }) }

    var lines: [String] {
        let widths = sides.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return sides[column] == .left ? row[column] + space : space + row[column]
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

/// A number as every locale's reader sees it.
func text(_ number: Double, _ format: String) -> String {
    String(format: format, locale: Locale(identifier: "en_US_POSIX"), number)
}
