import Foundation
import Machine
import Synchronization
import TestSupport
import Testing

@Suite("Threads")
struct StartThreadTests {
    @Test("run what they are given, and let go of it")
    func running() async throws {
        final class Owner: Sendable {}
        weak var owner: Owner?
        for _ in 0..<200 {
            let strong = Owner()
            owner = strong
            await withCheckedContinuation { continuation in
                do {
                    try startThread(named: "a name that is longer than the system takes") { [strong] in
                        _ = strong
                        continuation.resume()
                    }
                } catch {
                    Issue.record(error)
                    continuation.resume()
                }
            }
        }
        for _ in 0..<1000 where owner != nil { usleep(1000) }
        #expect(owner == nil)
    }

    @Test("have the stack that is asked for", arguments: [1 << 20, 8 << 20])
    func stack(size: Int) async throws {
        let used = await withCheckedContinuation { continuation in
            do {
                try startThread(named: "stack", stackSize: size) {
                    continuation.resume(
                        returning: withUnsafeTemporaryAllocation(byteCount: size / 2, alignment: 16) { memory in
                            memory.initializeMemory(as: UInt8.self, repeating: 1)
                            return memory.count
                        })
                }
            } catch {
                continuation.resume(returning: 0)
            }
        }
        #expect(used == size / 2)
    }

    @Test("that can't be started are an error, and their work is never done")
    func refusal() async {
        await #expect(processExitsWith: .success) {
            // A stack that no address space has.
            let isRun = Atomic(false)
            do throws(ThreadError) {
                try startThread(named: "none", stackSize: 1 << 50) { exit(3) }
                exit(2)
            } catch {
                guard error.cause.code == EAGAIN || error.cause.code == ENOMEM else { exit(4) }
                guard error.description.hasPrefix("a thread can't be started: ") else { exit(5) }
            }
            usleep(50_000)
            exit(isRun.load(ordering: .relaxed) ? 6 : 0)
        }
    }

    @Test("that are missing are told in one line")
    func shortage() {
        let shortage = ThreadShortage(wanted: 64, started: 2, error: ThreadError(.init(EAGAIN)))
        #expect("\(shortage)" == "only 2 of 64 threads can be started: Resource temporarily unavailable")
    }
}
