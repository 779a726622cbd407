import MessageText

/// A text that names a recording in each line.
struct FileList {
    /// More than any path that can be opened.
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
        var line: [UInt8] = []
        var number = 1
        do throws(SystemFailure) {
            var source = try ByteSource(path)
            while let byte = try source.next() {
                if byte == ASCII.lineFeed {
                    collect(line, number: number, into: &collector)
                    line.removeAll(keepingCapacity: true)
                    number += 1
                } else if line.count <= Self.longestLine {
                    line.append(byte)
                }
            }
            collect(line, number: number, into: &collector)
            if collector.count == before { fail("the list names no file", into: &collector) }
        } catch {
            let isBegun = collector.count > before
            fail("the list can't be read\(isBegun ? " to its end" : ""): \(error)", into: &collector)
        }
    }

    private func collect(_ line: [UInt8], number: Int, into collector: inout RecordingCollector) {
        let bytes = line.last == ASCII.carriageReturn ? line.dropLast() : line[...]
        if bytes.allSatisfy(ASCII.isBlank) { return }
        let name = String(decoding: bytes, as: UTF8.self)
        let reason: String? =
            if bytes.count >= Self.longestLine {
                "is longer than any path; a list has one path a line"
            } else if !name.utf8.elementsEqual(bytes) {
                "is not UTF-8 text"
            } else {
                FileName.failure(name)
            }
        guard let reason else { return collector.add(name, in: folder) }
        let isPath = bytes.count < Self.longestLine
        collector.add(
            InputFailure(file: isPath ? name : self.name, reason: "line \(number) of \(printable(self.name)) \(reason)")
        )
    }

    private var name: String { path == "-" ? "standard input" : path }

    private func fail(_ reason: String, into collector: inout RecordingCollector) {
        collector.add(InputFailure(file: name, reason: reason))
    }
}
