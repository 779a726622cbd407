import Corpus
import Foundation
import ScoreTables
import TestSupport
import Testing

@Suite("A stream")
struct StreamTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("gets the bytes that a file would", arguments: SampleRun.files)
    func pipe(name: String) throws {
        let path = folder.file(name)
        try #require(mkfifo(path, 0o600) == 0)
        let reader = Process()
        reader.executableURL = URL(filePath: "/bin/cat")
        reader.arguments = [path]
        let copy = try folder.write([], to: "copy")
        reader.standardOutput = try FileHandle(forWritingTo: URL(filePath: copy))
        try reader.run()
        do {
            let table = try SampleRun.table(path, start: .new)
            #expect(table.errorsPath == nil)
            try SampleRun.go(on: table)
            #expect(table.position == SampleRun.positions.last)
            try table.finish()
        }
        reader.waitUntilExit()
        #expect(try folder.bytes("copy") == SampleRun.undisturbed(name)[name])
        #expect(try folder.contents() == ["copy", name].sorted())
    }

    @Test("has each row as soon as it is written")
    func flushes() throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let descriptor = open(path, O_RDWR | O_NONBLOCK)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let table = try ScoreTable(path: path, format: .jsonl, columns: SampleRun.columns)
        for index in 1...3 {
            try table.append(SampleRun.row("a.wav", seed: index), then: RunPosition(recording: index, rows: index))
            var bytes = [UInt8](repeating: 0, count: 10_000)
            let count = read(descriptor, &bytes, bytes.count)
            try #require(count > 0)
            let row = try JSONSerialization.jsonObject(with: Data(bytes.prefix(count))) as? [String: Any]
            #expect(row?["file"] as? String == "a.wav")
        }
    }

    @Test("has no run to resume")
    func notResumable() throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        for name in [path, "/dev/null"] {
            #expect(throws: ScoreTableError(file: name, reason: .notResumable)) { try SampleRun.table(name) }
        }
        #expect(throws: ScoreTableError(file: "standard output", reason: .notResumable)) {
            try ScoreTable(path: nil, format: .csv, columns: SampleRun.columns, start: .resume)
        }
    }

    @Test("whose reader went away says so")
    func closedPipe() async throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGPIPE, SIG_IGN)
            let descriptor = open(path, O_RDWR)
            try #require(descriptor >= 0)
            let table = try SampleRun.table(path, start: .new)
            close(descriptor)
            #expect(throws: ScoreTableError(file: path, reason: .cannotWrite(code: EPIPE, isKept: false))) {
                try SampleRun.go(on: table)
            }
        }
    }
}
