import CXXHash

/// The packed model: a description and blocks of numbers that are mapped and used in place.
///
/// All numbers are little-endian. The file has three parts, and each of its bytes is covered by a checksum or must be
/// zero:
///
/// | part | place | content |
/// | --- | --- | --- |
/// | preamble | bytes 0 to 39 | the magic number, the format's version, lengths and checksums: see ``Preamble`` |
/// | description | from byte 40, of the length that the preamble tells | a JSON object: see ``Description`` |
/// | blocks | from the next multiple of 4096 to the end | one block after another |
///
/// Each block begins at a multiple of 4096 bytes, so that vectors of any width are aligned in it and no page holds two
/// blocks. What is left of the page after the description and after each block is zero. There are no other gaps: the
/// blocks follow each other in the order of the table, and the file ends with the last block's page.
///
/// The checksums are XXH3, 64 bits wide with seed 0. They tell damage, not malice.
enum PackedModelFormat {
    /// PNG's idea: no text begins with the first byte, and a transfer that changes line ends changes the rest. No
    /// protobuf message that is an ONNX model, no zip archive and no GGUF file begins like this.
    static let magic: [UInt8] = [0x89, 0x45, 0x4D, 0x4F, 0x0D, 0x0A, 0x1A, 0x0A]
    static let version: UInt32 = 2
    static let pageSize = 4096
    /// What a description may take; that of the published model takes a hundredth of it.
    static let longestDescription = 1 << 22

    /// A byte count rounded up to whole pages; nil if that is more than can be counted.
    static func wholePages(_ byteCount: Int) -> Int? {
        let (sum, overflows) = byteCount.addingReportingOverflow(pageSize - 1)
        return overflows ? nil : sum / pageSize * pageSize
    }
}

#if _endian(big)
    #error("Floats are used as they are in the file: little-endian.")
#endif

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
