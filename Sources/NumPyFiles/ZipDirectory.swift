import Files

/// The structures of a zip file that `.npz` files use, with the sizes and offsets of the zip64 forms.
///
/// Field by field as in PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.
enum Zip {
    static let localHeaderSignature: UInt32 = 0x0403_4B50
    static let centralHeaderSignature: UInt32 = 0x0201_4B50
    static let endSignature: UInt32 = 0x0605_4B50
    static let zip64EndSignature: UInt32 = 0x0606_4B50
    static let zip64LocatorSignature: UInt32 = 0x0706_4B50

    static let localHeaderSize = 30
    static let centralHeaderSize = 46
    static let endSize = 22
    static let zip64EndSize = 56
    static let zip64LocatorSize = 20

    static let zip64Field: UInt16 = 0x0001
    /// A field that only pads, so that an entry's data starts at a round offset.
    static let alignmentField: UInt16 = 0xD935

    static let encryptedFlag: UInt16 = 1
    static let utf8Flag: UInt16 = 1 << 11

    /// Compression methods.
    static let stored = 0
    static let deflated = 8
}

/// What the central directory says about one entry.
struct ZipEntry {
    var name: String
    var flags: UInt16
    var method: Int
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    /// Where its local header starts.
    var offset: Int
}

/// Reads a zip file's central directory and finds its entries' data.
struct ZipDirectory {
    let entries: [ZipEntry]
    /// The directory's place in the file; entries lie before it.
    private let directory: Range<Int>

    init(_ file: RegularFile) throws(NumPyError.Reason) {
        let end = try Self.findEnd(file)
        directory = end.directory
        var fields = FieldReader(try file.bytes(directory), part: "zip directory")
        guard end.entryCount <= directory.count / Zip.centralHeaderSize else {
            throw .malformedArchive("\(end.entryCount) entries do not fit in \(directory.count) bytes")
        }
        var entries: [ZipEntry] = []
        for _ in 0..<end.entryCount { entries.append(try Self.readEntry(&fields)) }
        guard fields.remaining == 0 else {
            throw .malformedArchive("\(fields.remaining) bytes follow the last of \(end.entryCount) entries")
        }
        self.entries = entries
    }

    /// The place of an entry's compressed data.
    func data(of entry: ZipEntry, in file: RegularFile) throws(NumPyError.Reason) -> Range<Int> {
        guard entry.offset <= directory.lowerBound - Zip.localHeaderSize else {
            throw .malformedArchive("the entry starts at \(entry.offset), where no entry can be")
        }
        let start = entry.offset + Zip.localHeaderSize
        var fields = FieldReader(try file.bytes(entry.offset..<start), part: "zip entry")
        guard try fields.read(UInt32.self) == Zip.localHeaderSignature else {
            throw .malformedArchive("there is no entry at \(entry.offset)")
        }
        _ = try fields.read(4)  // version, flags
        let method = Int(try fields.read(UInt16.self))
        _ = try fields.read(16)  // time, checksum and sizes: the central directory's hold
        let nameLength = Int(try fields.read(UInt16.self))
        let extraLength = Int(try fields.read(UInt16.self))

        let first = start + nameLength + extraLength
        let (end, overflow) = first.addingReportingOverflow(entry.compressedSize)
        guard !overflow, end <= directory.lowerBound else {
            throw .malformedArchive("its \(entry.compressedSize) bytes reach into the directory")
        }
        let name = try file.bytes(start..<start + nameLength)
        guard name == Array(entry.name.utf8), method == entry.method else {
            throw .malformedArchive("the entry at \(entry.offset) is another one")
        }
        return first..<end
    }

    // MARK: - The end of the file

    private struct End {
        var entryCount: Int
        var directory: Range<Int>
    }

    private static func findEnd(_ file: RegularFile) throws(NumPyError.Reason) -> End {
        // The last record is followed by a comment of at most 65,535 bytes.
        let tailStart = max(0, file.byteCount - Zip.endSize - Int(UInt16.max))
        let tail = try file.bytes(tailStart..<file.byteCount)
        guard let position = lastEndRecord(tail) else { throw .notZip }

        var fields = FieldReader(tail, at: position + 4, part: "zip directory")
        let disks = [try fields.read(UInt16.self), try fields.read(UInt16.self)]
        let entriesHere = try fields.read(UInt16.self)
        let entries = try fields.read(UInt16.self)
        let size = try fields.read(UInt32.self)
        let offset = try fields.read(UInt32.self)

        let needsZip64 = entries == .max || size == .max || offset == .max
        if needsZip64, let end = try zip64End(file, before: tailStart + position) { return end }
        guard disks == [0, 0], entriesHere == entries else { throw .malformedArchive("it spans several volumes") }
        return try end(
            entryCount: UInt64(entries), size: UInt64(size), offset: UInt64(offset), limit: tailStart + position)
    }

    /// The offset of the last end record whose comment reaches exactly to the end of the file.
    private static func lastEndRecord(_ tail: [UInt8]) -> Int? {
        let signature = littleEndianBytes(Zip.endSignature)
        guard tail.count >= Zip.endSize else { return nil }
        return (0...tail.count - Zip.endSize).last { position in
            guard tail[position] == signature[0], tail[position..<position + 4].elementsEqual(signature) else {
                return false
            }
            let comment = Int(tail[position + 20]) | Int(tail[position + 21]) << 8
            return position + Zip.endSize + comment == tail.count
        }
    }

    private static func zip64End(
        _ file: RegularFile, before position: Int
    ) throws(NumPyError.Reason) -> End? {
        let locatorStart = position - Zip.zip64LocatorSize
        guard locatorStart >= Zip.zip64EndSize else { return nil }
        var locator = FieldReader(try file.bytes(locatorStart..<position), part: "zip directory")
        guard try locator.read(UInt32.self) == Zip.zip64LocatorSignature else { return nil }
        _ = try locator.read(4)  // volume
        let recordOffset = try locator.read(UInt64.self)
        guard recordOffset <= UInt64(locatorStart - Zip.zip64EndSize) else {
            throw .malformedArchive("its end record is said to be at \(recordOffset)")
        }
        let start = Int(recordOffset)
        var record = FieldReader(try file.bytes(start..<start + Zip.zip64EndSize), part: "zip directory")
        guard try record.read(UInt32.self) == Zip.zip64EndSignature else {
            throw .malformedArchive("there is no end record at \(start)")
        }
        _ = try record.read(12)  // its size, versions
        let disks = [try record.read(UInt32.self), try record.read(UInt32.self)]
        let entriesHere = try record.read(UInt64.self)
        let entries = try record.read(UInt64.self)
        guard disks == [0, 0], entriesHere == entries else { throw .malformedArchive("it spans several volumes") }
        let size = try record.read(UInt64.self)
        return try end(entryCount: entries, size: size, offset: record.read(UInt64.self), limit: start)
    }

    /// Checks that the directory ends where it must, at `limit`.
    private static func end(
        entryCount: UInt64, size: UInt64, offset: UInt64, limit: Int
    ) throws(NumPyError.Reason) -> End {
        let (sum, overflow) = offset.addingReportingOverflow(size)
        guard !overflow, sum == UInt64(limit) else {
            throw .malformedArchive("its \(size) bytes from \(offset) on should end at \(limit)")
        }
        return End(entryCount: Int(min(entryCount, UInt64(Int.max))), directory: Int(offset)..<limit)
    }

    // MARK: - Entries

    private static func readEntry(_ fields: inout FieldReader) throws(NumPyError.Reason) -> ZipEntry {
        guard try fields.read(UInt32.self) == Zip.centralHeaderSignature else {
            throw .malformedArchive("an entry does not begin with its signature")
        }
        _ = try fields.read(4)  // versions
        let flags = try fields.read(UInt16.self)
        let method = try fields.read(UInt16.self)
        _ = try fields.read(4)  // time
        let checksum = try fields.read(UInt32.self)
        var compressedSize = UInt64(try fields.read(UInt32.self))
        var size = UInt64(try fields.read(UInt32.self))
        let nameLength = Int(try fields.read(UInt16.self))
        let extraLength = Int(try fields.read(UInt16.self))
        let commentLength = Int(try fields.read(UInt16.self))
        _ = try fields.read(8)  // volume, attributes
        var offset = UInt64(try fields.read(UInt32.self))
        let nameBytes = try fields.read(nameLength)
        var extra = FieldReader(Array(try fields.read(extraLength)), part: "zip entry's extra field")
        _ = try fields.read(commentLength)

        // A value that is all ones is in the zip64 field instead, in this order.
        while extra.remaining >= 4 {
            let identifier = try extra.read(UInt16.self)
            let length = Int(try extra.read(UInt16.self))
            var field = FieldReader(Array(try extra.read(length)), part: "zip entry's zip64 field")
            guard identifier == Zip.zip64Field else { continue }
            if size == UInt32.max { size = try field.read(UInt64.self) }
            if compressedSize == UInt32.max { compressedSize = try field.read(UInt64.self) }
            if offset == UInt32.max { offset = try field.read(UInt64.self) }
        }
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw .malformedArchive("an entry's name is not UTF-8")
        }
        guard let compressed = Int(exactly: compressedSize), let whole = Int(exactly: size),
            let start = Int(exactly: offset)
        else { throw .malformedArchive("entry \(quoted(name)) has impossible sizes") }
        return ZipEntry(
            name: name, flags: flags, method: Int(method), checksum: checksum, compressedSize: compressed, size: whole,
            offset: start)
    }
}
