import TestSupport
import Testing

@testable import ScoreTables

@Suite("The precision of a run's rows")
struct PrecisionFactTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("out.csv")
    }

    /// What is kept in progress files and beside finished tables; those of older programs don't name the precision.
    private func identity(_ precision: String?) -> RunIdentity {
        RunIdentity(facts: (precision.map { [RunIdentity.precision($0)] } ?? []) + SampleRun.identity.facts)
    }

    private func expectRefusal(
        of now: String?, before: String, start: RunStart, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let files = try folder.files()
        let error = #expect(throws: ScoreTableError.self, sourceLocation: sourceLocation) {
            try SampleRun.table(path, start: start, identity: identity(now))
        }
        #expect(
            error?.description
                == "\(path): this file belongs to a run with other settings: the precision was \(before), now "
                + (now ?? "float32"), sourceLocation: sourceLocation)
        #expect(try folder.files() == files, sourceLocation: sourceLocation)
    }

    @Test("is that of an unfinished run, whether resumed or retried", arguments: [RunStart.resume, .retry])
    func unfinished(start: RunStart) throws {
        try SampleRun.go(on: SampleRun.table(path, identity: identity("int16")), steps: 9)
        try expectRefusal(of: "int8", before: "int16", start: start)
        try expectRefusal(of: "float32", before: "int16", start: start)
        try expectRefusal(of: nil, before: "int16", start: start)
        let table = try SampleRun.table(path, start: start, identity: identity("int16"))
        #expect(table.position == SampleRun.positions[8])
    }

    @Test("is that of a finished run, whether resumed or retried", arguments: [RunStart.resume, .retry])
    func finished(start: RunStart) throws {
        let table = try SampleRun.table(path, identity: identity("int8"))
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.text("out.csv.run").contains(#"{"name":"the precision","value":"int8"}"#))
        try expectRefusal(of: "int16", before: "int8", start: start)
        let again = try SampleRun.table(path, start: start, identity: identity("int8"))
        #expect(again.isFinished == (start == .resume))
    }

    @Test(
        "is float32 where an older program left none, so that float32 continues and others don't",
        arguments: [9, Int.max])
    func continued(steps: Int) throws {
        do {
            let table = try SampleRun.table(path, identity: identity(nil))
            try SampleRun.go(on: table, steps: steps)
            if steps == .max { try table.finish() }
            #expect(try !folder.text(steps == .max ? "out.csv.run" : "out.csv.progress").contains("precision"))
        }
        try expectRefusal(of: "int8", before: "float32", start: .resume)
        let table = try SampleRun.table(path, start: .resume, identity: identity("float32"))
        #expect(table.isFinished == (steps == .max))
        #expect(steps == .max || table.position == SampleRun.positions[steps - 1])
    }
}
