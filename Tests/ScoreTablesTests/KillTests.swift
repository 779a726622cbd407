import Foundation
import ScoreTables
import TestSupport
import Testing

@Suite("A process that is killed")
struct KillTests {
    @Test("at random moments, and resumed, leaves the bytes of an undisturbed run", arguments: SampleRun.files)
    func random(name: String) async throws {
        let expected = try SampleRun.undisturbed(name)
        let folder = try TemporaryFolder()
        for _ in 0..<4 {
            let path = folder.file(name)
            let delay = Int.random(in: 0..<30_000)
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
                Thread.detachNewThread {
                    usleep(useconds_t(delay))
                    kill(getpid(), SIGKILL)
                }
                // One run after another, so that there always is one.
                var start = RunStart.resume
                while true {
                    let table = try SampleRun.table(path, start: start)
                    if !table.isFinished {
                        try SampleRun.go(on: table)
                        try table.finish()
                    }
                    start = .new
                }
            }
            let table = try SampleRun.table(folder.file(name))
            if !table.isFinished {
                try SampleRun.go(on: table)
                try table.finish()
            }
            #expect(try folder.files() == expected, "killed after \(delay) µs")
        }
    }
}
