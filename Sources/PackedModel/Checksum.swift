import CXXHash

/// XXH3, 64 bits wide with seed 0.
struct Checksum: ~Copyable {
    private let state: UnsafeMutableRawPointer

    /// The checksum of no bytes, to which more are appended.
    init() {
        guard let state = xxhash_xxh3_make() else { preconditionFailure("no memory for a checksum") }
        self.state = state
    }

    deinit { xxhash_xxh3_free(state) }

    mutating func append(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { xxhash_xxh3_append(state, $0.baseAddress, $0.count) }
    }

    /// That of all bytes so far.
    var value: UInt64 { xxhash_xxh3_value(state) }

    static func of(_ bytes: RawSpan) -> UInt64 {
        bytes.withUnsafeBytes { xxhash_xxh3($0.baseAddress, $0.count) }
    }
}

extension Checksum {
    private static let digits = 16

    /// Hexadecimal, always of the same length: JSON's numbers have 53 bits.
    static func text(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// Nil where it is not what `text` writes.
    static func parse(_ text: String) -> UInt64? {
        UInt64(text, radix: 16).flatMap { self.text($0) == text ? $0 : nil }
    }
}
