import Foundation

/// Hashes the bytes it is given with coreutils' `sha256sum`, through a pipe.
struct SHA256 {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init() throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sha256sum"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    func write(_ bytes: RawSpan) throws {
        try input.fileHandleForWriting.write(contentsOf: bytes.withUnsafeBytes { Data($0) })
    }

    /// The hash in lower-case hexadecimal. Nothing more can be written.
    func finish() throws -> String {
        try input.fileHandleForWriting.close()
        let line = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }
}
