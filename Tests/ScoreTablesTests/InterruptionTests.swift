import Corpus
import ScoreTables
import TestSupport
import Testing

@Suite("A run that is interrupted and resumed")
struct InterruptionTests {
    @Test("ends with the bytes of an undisturbed one, whichever step it stopped after", arguments: SampleRun.files)
    func everyStep(name: String) throws {
        let expected = try SampleRun.undisturbed(name)
        #expect(Set(expected.keys) == [name, "\(name).errors.csv", "\(name).notices.csv", "\(name).run"])
        for steps in 0...SampleRun.steps.count {
            let folder = try TemporaryFolder()
            try SampleRun.go(on: SampleRun.table(folder.file(name)), steps: steps)
            let table = try SampleRun.table(folder.file(name))
            #expect(!table.isFinished)
            #expect(table.position == (steps == 0 ? RunPosition() : SampleRun.positions[steps - 1]))
            try SampleRun.go(on: table)
            try table.finish()
            #expect(try folder.files() == expected, "stopped after \(steps) steps")
        }
    }

    @Test("ends so when it is interrupted after every single step, with torn tails", arguments: SampleRun.files)
    func again(name: String) throws {
        let expected = try SampleRun.undisturbed(name)
        let folder = try TemporaryFolder()
        let isSpooled = name.hasSuffix("npz") || name.hasSuffix("gz")
        for step in SampleRun.steps.indices {
            try SampleRun.go(on: SampleRun.table(folder.file(name)), steps: 1)
            // A row or a failure that was being written.
            try folder.append("torn, \"".utf8.prefix(step % 8), to: isSpooled ? "\(name).rows" : name)
            if folder.has("\(name).errors.csv") || step % 2 == 0 {
                try folder.append("x,\"".utf8.prefix(step % 4), to: "\(name).errors.csv")
            }
        }
        let table = try SampleRun.table(folder.file(name))
        #expect(table.position == SampleRun.positions.last)
        try table.finish()
        #expect(try folder.files() == expected)
    }
}
