import Files

/// A text that names a recording in each line.
struct FileList {
    /// More than any path that can be opened has.
    static let longestLine = 1 << 16

    /// As it was given; `-` is standard input.
    private let path: String
    /// What relative files are relative to.
    private let folder: String

    init(_ path: String, in folder: String) {
        self.path = path
        self.folder = folder
    }

    /// Collects the files in the order of the list, without blank lines. What can't be read, be it the list or a line, is
    /// a failure in its place.
    func collect(into collector: inout RecordingCollector) {
        let before = collector.count
        do throws(InputFailure) {
            var reader = try LineReader(path, longest: Self.longestLine)
            while let line = try reader.next() {
                let bytes = line.last == ASCII.carriageReturn ? line.dropLast() : line[...]
                if bytes.allSatisfy(ASCII.isBlank) { continue }
                if reader.isCut {
                    fail(reader.number, name, "is longer than any path; a list has one path a line", into: &collector)
                } else {
                    collect(bytes, number: reader.number, into: &collector)
                }
            }
            if collector.count == before { throw InputFailure(file: name, reason: "the list names no file") }
        } catch {
            collector.add(error)
        }
    }

    private func collect(_ line: ArraySlice<UInt8>, number: Int, into collector: inout RecordingCollector) {
        let file = String(decoding: line, as: UTF8.self)
        if !file.utf8.elementsEqual(line) {
            fail(number, file, "is not UTF-8 text", into: &collector)
        } else if let reason = FileName.failure(file) {
            fail(number, file, reason, into: &collector)
        } else {
            collector.add(file, in: folder)
        }
    }

    private var name: String { path == "-" ? "standard input" : path }

    private func fail(_ line: Int, _ file: String, _ reason: String, into collector: inout RecordingCollector) {
        collector.add(InputFailure(file: file, reason: "line \(line) of \(printable(name)) \(reason)"))
    }
}
