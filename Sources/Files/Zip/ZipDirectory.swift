/// Reads a zip file's central directory and finds its entries' data.
package struct ZipDirectory: Sendable {
    package let entries: [ZipEntry]
    /// The directory's place in the file; entries lie before it.
    private let directory: Range<Int>

    /// Refuses a directory of more than `mostEntries` before it is read.
    package init(_ file: some ReadableFile, mostEntries: Int = .max) throws(ZipError) {
        let end = try Self.findEnd(file)
        directory = end.directory
        guard end.entryCount <= mostEntries else { throw .tooManyEntries(limit: mostEntries) }
        var fields = FieldReader<ZipError>(try Self.bytes(of: file, directory), part: "zip directory")
        guard end.entryCount <= directory.count / Zip.centralHeaderSize else {
            throw .malformed("\(end.entryCount) entries do not fit in \(directory.count) bytes")
        }
        var entries: [ZipEntry] = []
        for _ in 0..<end.entryCount { entries.append(try Self.readEntry(&fields)) }
        guard fields.remaining == 0 else {
            throw .malformed("\(fields.remaining) bytes follow the last of \(end.entryCount) entries")
        }
        self.entries = entries
    }

    /// The place of an entry's compressed data.
    package func data(of entry: ZipEntry, in file: some ReadableFile) throws(ZipError) -> Range<Int> {
        let (local, first) = try localHeader(of: entry, in: file)
        let (end, overflow) = first.addingReportingOverflow(entry.compressedSize)
        guard !overflow, end <= directory.lowerBound else {
            throw .malformed("its \(entry.compressedSize) bytes reach into the directory")
        }
        guard local.name.utf8.elementsEqual(entry.name.utf8), local.method == entry.method else {
            throw .malformed("the entry at \(entry.offset) is another one")
        }
        return first..<end
    }

    /// What is written before an entry's data, and where that begins. Sizes and checksum may be zeros, as they may follow
    /// the data.
    package func localHeader(
        of entry: ZipEntry, in file: some ReadableFile
    ) throws(ZipError) -> (header: ZipEntry, dataStart: Int) {
        guard entry.offset <= directory.lowerBound - Zip.localHeaderSize else {
            throw .malformed("the entry starts at \(entry.offset), where no entry can be")
        }
        let start = entry.offset + Zip.localHeaderSize
        var fields = FieldReader<ZipError>(try Self.bytes(of: file, entry.offset..<start), part: "zip entry")
        guard try fields.read(UInt32.self) == Zip.localHeaderSignature else {
            throw .malformed("there is no entry at \(entry.offset)")
        }
        _ = try fields.read(2)  // version
        var header = try CommonFields(&fields)
        var texts = FieldReader<ZipError>(
            try Self.bytes(of: file, start..<start + header.nameLength + header.extraLength), part: "zip entry")
        let name = try texts.read(header.nameLength)
        try header.replaceFromZip64Field(in: texts.read(header.extraLength))
        return (try header.entry(name, at: UInt64(entry.offset)), start + header.nameLength + header.extraLength)
    }

    // MARK: - The end of the file

    private struct End {
        var entryCount: Int
        var directory: Range<Int>
    }

    private static func findEnd(_ file: some ReadableFile) throws(ZipError) -> End {
        // The last record is followed by a comment of at most 65,535 bytes.
        let tailStart = max(0, file.byteCount - Zip.endSize - Int(UInt16.max))
        let tail = try Self.bytes(of: file, tailStart..<file.byteCount)
        guard let position = lastEndRecord(tail) else { throw .notZip }

        var fields = FieldReader<ZipError>(tail, at: position + 4, part: "zip directory")
        let disks = [try fields.read(UInt16.self), try fields.read(UInt16.self)]
        let entriesHere = try fields.read(UInt16.self)
        let entries = try fields.read(UInt16.self)
        let size = try fields.read(UInt32.self)
        let offset = try fields.read(UInt32.self)

        // Some writers, torch's among them, put the zip64 records there even if all values fit in the others.
        let needsZip64 = entries == .max || size == .max || offset == .max
        let isFollowed = UInt64(offset) + UInt64(size) != UInt64(tailStart + position)
        if needsZip64 || isFollowed, let end = try zip64End(file, before: tailStart + position) {
            guard entries == .max || end.entryCount == Int(entries),
                size == .max || end.directory.count == Int(size),
                offset == .max || end.directory.lowerBound == Int(offset)
            else { throw .malformed("its two end records disagree") }
            return end
        }
        guard disks == [0, 0], entriesHere == entries else { throw .malformed("it spans several volumes") }
        return try end(
            entryCount: UInt64(entries), size: UInt64(size), offset: UInt64(offset), limit: tailStart + position)
    }

    /// The offset of the last end record whose comment reaches exactly to the end of the file.
    private static func lastEndRecord(_ tail: [UInt8]) -> Int? {
        let signature = (0..<4).map { UInt8(truncatingIfNeeded: Zip.endSignature >> ($0 * 8)) }
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
        _ file: some ReadableFile, before position: Int
    ) throws(ZipError) -> End? {
        let locatorStart = position - Zip.zip64LocatorSize
        guard locatorStart >= Zip.zip64EndSize else { return nil }
        var locator = FieldReader<ZipError>(try Self.bytes(of: file, locatorStart..<position), part: "zip directory")
        guard try locator.read(UInt32.self) == Zip.zip64LocatorSignature else { return nil }
        _ = try locator.read(4)  // volume
        let recordOffset = try locator.read(UInt64.self)
        guard recordOffset <= UInt64(locatorStart - Zip.zip64EndSize) else {
            throw .malformed("its end record is said to be at \(recordOffset)")
        }
        let start = Int(recordOffset)
        var record = FieldReader<ZipError>(
            try Self.bytes(of: file, start..<start + Zip.zip64EndSize), part: "zip directory")
        guard try record.read(UInt32.self) == Zip.zip64EndSignature else {
            throw .malformed("there is no end record at \(start)")
        }
        _ = try record.read(12)  // its size, versions
        let disks = [try record.read(UInt32.self), try record.read(UInt32.self)]
        let entriesHere = try record.read(UInt64.self)
        let entries = try record.read(UInt64.self)
        guard disks == [0, 0], entriesHere == entries else { throw .malformed("it spans several volumes") }
        let size = try record.read(UInt64.self)
        return try end(entryCount: entries, size: size, offset: record.read(UInt64.self), limit: start)
    }

    /// Checks that the directory ends where it must, at `limit`.
    private static func end(
        entryCount: UInt64, size: UInt64, offset: UInt64, limit: Int
    ) throws(ZipError) -> End {
        let (sum, overflow) = offset.addingReportingOverflow(size)
        guard !overflow, sum == UInt64(limit) else {
            throw .malformed("its \(size) bytes from \(offset) on should end at \(limit)")
        }
        return End(entryCount: Int(min(entryCount, UInt64(Int.max))), directory: Int(offset)..<limit)
    }

    // MARK: - Entries

    private static func readEntry(_ fields: inout FieldReader<ZipError>) throws(ZipError) -> ZipEntry {
        guard try fields.read(UInt32.self) == Zip.centralHeaderSignature else {
            throw .malformed("an entry does not begin with its signature")
        }
        _ = try fields.read(4)  // versions
        var header = try CommonFields(&fields)
        let commentLength = Int(try fields.read(UInt16.self))
        _ = try fields.read(8)  // volume, attributes
        header.offset = UInt64(try fields.read(UInt32.self))
        let name = try fields.read(header.nameLength)
        try header.replaceFromZip64Field(in: fields.read(header.extraLength))
        _ = try fields.read(commentLength)
        return try header.entry(name, at: header.offset)
    }

    private static func bytes(of file: some ReadableFile, _ range: Range<Int>) throws(ZipError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= file.byteCount else {
            throw .truncated(part: "file", needed: range.upperBound, found: file.byteCount)
        }
        let bytes: [UInt8]
        do throws(FileError) { bytes = try file.read(at: range.lowerBound, count: range.count) } catch {
            throw .failed(error)
        }
        // Another process may have cut the file since it was opened.
        guard bytes.count == range.count else {
            throw .truncated(part: "file", needed: range.upperBound, found: range.lowerBound + bytes.count)
        }
        return bytes
    }
}

/// The fields that local and central headers share, from the flags to the lengths, and an offset that only the central
/// ones have.
private struct CommonFields {
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    var compressedSize: UInt64
    var size: UInt64
    let nameLength: Int
    let extraLength: Int
    var offset: UInt64 = 0

    init(_ fields: inout FieldReader<ZipError>) throws(ZipError) {
        flags = try fields.read(UInt16.self)
        method = try fields.read(UInt16.self)
        _ = try fields.read(4)  // time
        checksum = try fields.read(UInt32.self)
        compressedSize = UInt64(try fields.read(UInt32.self))
        size = UInt64(try fields.read(UInt32.self))
        nameLength = Int(try fields.read(UInt16.self))
        extraLength = Int(try fields.read(UInt16.self))
    }

    /// A value that is all ones is in the zip64 field instead, in this order.
    mutating func replaceFromZip64Field(in extra: ArraySlice<UInt8>) throws(ZipError) {
        var extra = FieldReader<ZipError>(Array(extra), part: "zip entry's extra field")
        while extra.remaining >= 4 {
            let identifier = try extra.read(UInt16.self)
            let length = Int(try extra.read(UInt16.self))
            var field = FieldReader<ZipError>(Array(try extra.read(length)), part: "zip entry's zip64 field")
            guard identifier == Zip.zip64Field else { continue }
            if size == UInt32.max { size = try field.read(UInt64.self) }
            if compressedSize == UInt32.max { compressedSize = try field.read(UInt64.self) }
            if offset == UInt32.max { offset = try field.read(UInt64.self) }
        }
    }

    func entry(_ nameBytes: ArraySlice<UInt8>, at offset: UInt64) throws(ZipError) -> ZipEntry {
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw .malformed("an entry's name is not UTF-8")
        }
        guard let compressed = Int(exactly: compressedSize), let whole = Int(exactly: size),
            let start = Int(exactly: offset)
        else { throw .malformed("entry \(quoted(name)) has impossible sizes") }
        return ZipEntry(
            name: name, flags: flags, method: Int(method), checksum: checksum, compressedSize: compressed, size: whole,
            offset: start)
    }
}
