import Foundation

/// What a target tries once.
struct Input {
    let bytes: [UInt8]
    let scratch: Scratch
    private let steps = Steps()

    private final class Steps { var names: [String] = [] }

    init(_ bytes: [UInt8], in scratch: Scratch) {
        self.bytes = bytes
        self.scratch = scratch
    }

    /// The steps that the input came to, each as often as it did.
    var stepsReached: [String] { steps.names }

    /// Notes a step that the input came to.
    func reached(_ step: String) { steps.names.append(step) }

    /// A file with these bytes, or the input's.
    func file(_ name: String, _ bytes: [UInt8]? = nil) throws -> String {
        try scratch.write(bytes ?? self.bytes, as: name)
    }
}

/// A folder for files, in memory if the system has such a place.
struct Scratch: Sendable {
    let path: String

    init() {
        let parent = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = "\(parent)/emotion-fuzz-\(UUID().uuidString)"
        mkdir(path, 0o700)
    }

    /// Writes without a rename: what a target has mapped, it has let go of.
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    /// Removes what one input left, so that the next begins as the first did.
    func clear() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// The generator of Steele, Lea and Flood (2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
