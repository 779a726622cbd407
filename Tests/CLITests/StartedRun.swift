import Foundation
import Synchronization
import TestSupport

/// A run that continues beside the test.
final class StartedRun {
    private let process = Process()
    private let errorPipe = Pipe()

    /// Starts emotion-cli with these arguments.
    init(_ arguments: [String], folder: URL? = nil) throws {
        process.executableURL = CommandLineRun.program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errorPipe
        try process.run()
        // A pipe that nobody reads would hold the program up.
        let collected = collected
        errorPipe.fileHandleForReading.readabilityHandler = { collected.append($0.availableData) }
    }

    private let collected = Collected()

    var errors: String { collected.text }

    func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// The exit status, or the signal that ended it, negative.
    func wait() -> Int32 {
        process.waitUntilExit()
        errorPipe.fileHandleForReading.readabilityHandler = nil
        collected.append(errorPipe.fileHandleForReading.readDataToEndOfFile())
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// Waits until it has said something, or is over.
    func waitForMessage(_ text: String) {
        while process.isRunning, !errors.contains(text) { Thread.sleep(forTimeInterval: 0.002) }
    }

    /// Waits until the run has written so much, or is over.
    func waitForFile(_ path: String, ofBytes count: Int) {
        while process.isRunning {
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int ?? 0
            if size >= count { return }
            Thread.sleep(forTimeInterval: 0.002)
        }
    }
}

/// Bytes that come in from another thread.
private final class Collected: Sendable {
    private let bytes = Mutex(Data())

    func append(_ data: Data) { bytes.withLock { $0.append(data) } }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}
