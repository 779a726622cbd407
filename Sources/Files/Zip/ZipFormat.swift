/// The structures of a zip file, with the sizes and offsets of the zip64 forms.
///
/// Field by field as in PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.
package enum Zip {
    package static let localHeaderSignature: UInt32 = 0x0403_4B50
    package static let centralHeaderSignature: UInt32 = 0x0201_4B50
    package static let endSignature: UInt32 = 0x0605_4B50
    package static let zip64EndSignature: UInt32 = 0x0606_4B50
    package static let zip64LocatorSignature: UInt32 = 0x0706_4B50

    package static let localHeaderSize = 30
    package static let centralHeaderSize = 46
    package static let endSize = 22
    package static let zip64EndSize = 56
    package static let zip64LocatorSize = 20

    package static let zip64Field: UInt16 = 0x0001
    /// A field that only pads, so that an entry's data starts at a round offset.
    package static let alignmentField: UInt16 = 0xD935

    package static let encryptedFlag: UInt16 = 1
    /// The sizes and the checksum follow the data; the local header may have zeros in their place.
    package static let descriptorFlag: UInt16 = 1 << 3
    package static let utf8Flag: UInt16 = 1 << 11

    /// Compression methods.
    package static let stored = 0
    package static let deflated = 8
}

/// What the central directory, or a local header, says about one entry.
package struct ZipEntry: Sendable, Equatable {
    package var name: String
    package var flags: UInt16
    package var method: Int
    package var checksum: UInt32
    package var compressedSize: Int
    package var size: Int
    /// Where its local header starts.
    package var offset: Int

    package init(
        name: String, flags: UInt16, method: Int, checksum: UInt32, compressedSize: Int, size: Int, offset: Int
    ) {
        self.name = name
        self.flags = flags
        self.method = method
        self.checksum = checksum
        self.compressedSize = compressedSize
        self.size = size
        self.offset = offset
    }
}

/// What is wrong with a zip file. Messages leave the file's path to the caller.
package enum ZipError: TruncationError, Sendable, Hashable {
    /// It doesn't end with a directory.
    case notZip
    case malformed(String)
    case truncated(part: String, needed: Int, found: Int)
    case tooManyEntries(limit: Int)
    case failed(FileError)
}
