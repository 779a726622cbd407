/// The first bytes of a packed model.
///
/// | bytes | content |
/// | --- | --- |
/// | 0 to 7 | the magic number, `89 45 4D 4F 0D 0A 1A 0A` |
/// | 8 to 11 | the format's version |
/// | 12 to 15 | the description's length in bytes |
/// | 16 to 23 | the file's length in bytes |
/// | 24 to 31 | the description's checksum |
/// | 32 to 39 | the checksum of bytes 0 to 31 |
///
/// The magic number and the version keep their places in every version.
struct Preamble: Equatable {
    static let byteCount = 40

    var descriptionLength: UInt32
    var fileLength: UInt64
    var descriptionChecksum: UInt64

    var encoded: [UInt8] {
        var bytes = PackedModelFormat.magic
        bytes.append(littleEndian: PackedModelFormat.version)
        bytes.append(littleEndian: descriptionLength)
        bytes.append(littleEndian: fileLength)
        bytes.append(littleEndian: descriptionChecksum)
        bytes.append(littleEndian: Checksum.of(bytes.span.bytes))
        return bytes
    }
}

extension Preamble {
    /// Reads the start of a file of `fileLength` bytes: its first 40, or all there are.
    init(start bytes: [UInt8], fileLength actualLength: Int) throws(PackedModelError) {
        let magic = PackedModelFormat.magic
        guard !bytes.isEmpty else { throw .empty }
        // A file that ends within the magic number is a packed model as far as it goes.
        guard bytes.prefix(magic.count).elementsEqual(magic.prefix(bytes.count)) else {
            throw .notPackedModel(looksLikeONNX: looksLikeONNX(bytes))
        }
        guard bytes.count >= 12 else { throw .tooShort(bytes: actualLength) }
        let version = UInt32(littleEndian: bytes, at: 8)
        guard version == PackedModelFormat.version else {
            throw .otherVersion(found: version, known: PackedModelFormat.version)
        }
        guard bytes.count >= Self.byteCount else { throw .tooShort(bytes: actualLength) }
        descriptionLength = UInt32(littleEndian: bytes, at: 12)
        fileLength = UInt64(littleEndian: bytes, at: 16)
        descriptionChecksum = UInt64(littleEndian: bytes, at: 24)
        guard UInt64(littleEndian: bytes, at: 32) == Checksum.of(bytes.span.bytes.extracting(first: 32)) else {
            throw .damagedPreamble
        }
        guard UInt64(actualLength) == fileLength else {
            throw .wrongLength(found: actualLength, declared: fileLength)
        }
    }
}

/// Whether a file begins with field 1 of a `ModelProto`, the version of ONNX's IR, as exporters write it.
private func looksLikeONNX(_ bytes: [UInt8]) -> Bool {
    let fieldOne: UInt8 = 0x08
    return bytes.count > 2 && bytes[0] == fieldOne && (1...31).contains(bytes[1])
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

extension FixedWidthInteger {
    /// - Precondition: The bytes reach far enough.
    fileprivate init(littleEndian bytes: [UInt8], at offset: Int) {
        self = bytes[offset..<offset + Self.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Self($1) }
    }
}
