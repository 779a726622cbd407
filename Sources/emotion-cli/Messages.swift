import Foundation

/// What the program says on standard error: one line each.
enum Messages {
    /// What was wrong, and what would be right.
    static func error(_ message: String) { write("emotion-cli: error: \(message)") }

    /// What the user should know beside the results.
    static func notice(_ message: String) { write("emotion-cli: notice: \(message)") }

    private static func write(_ message: String) {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
        // If even standard error is closed, there is nowhere left to report to.
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}
