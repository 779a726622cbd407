import Files

/// Writes a `.npz` file that `numpy.load` reads: stored entries, each array's data at a multiple of 64 bytes.
///
/// The same arrays give the same bytes: every entry is dated 1980-01-01, the first day that zip knows.
///
/// A file appears when `finish()` has returned; until then, an older one stays as it is.
package final class NPZWriter {
    private let destination: String
    private let output: OutputFile
    private var entries: [ZipEntry] = []
    private var names: Set<String> = []
    private var position = 0
    private var isOpen = true
    /// Sizes and offsets from here on are written in the zip64 form.
    private let zip64Threshold: Int

    /// Writes to a file or stream that was opened before, which `finish()` commits; it need not be seekable. Messages use
    /// the given name.
    package init(_ output: OutputFile, name: String) {
        destination = name
        self.output = output
        zip64Threshold = Int(UInt32.max)
    }

    /// Writes to a file. The threshold is at most what 32 bits can hold; tests set it low.
    package init(path: String, zip64Threshold: Int = Int(UInt32.max)) throws(NumPyError) {
        destination = path
        self.zip64Threshold = zip64Threshold
        do { output = try OutputFile(path: path) } catch {
            throw NumPyError(file: path, reason: NumPyError.Reason(error))
        }
    }

    package func add(_ array: NPYArray, named name: String) throws(NumPyError) {
        do throws(NumPyError.Reason) {
            try reserve(name)
            let (header, data) = try NPYFile.parts(of: array)
            let checksum = crc32(data, after: crc32(header))
            try begin(named: name + NPZArchive.suffix, byteCount: header.count + data.count, checksum: checksum)
            try emit(header)
            try emit(data)
        } catch {
            throw NumPyError(file: destination, entry: name, reason: error)
        }
    }

    /// Adds an array whose data comes in pieces, so that it need not be held at once.
    ///
    /// `pieces` passes the data on in the order of the file, as `layout` describes it. It is called twice, as the data's
    /// checksum comes before the data, and must give the same both times. Its own errors are passed on.
    package func add(
        _ layout: NPYLayout, named name: String, pieces: (_ append: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        func refusal(_ reason: NumPyError.Reason) -> NumPyError {
            NumPyError(file: destination, entry: name, reason: reason)
        }
        let (header, byteCount): ([UInt8], Int)
        do throws(NumPyError.Reason) {
            try reserve(name)
            header = layout.header.encoded
            byteCount = try layout.header.dataByteCount()
        } catch {
            throw refusal(error)
        }
        var (checksum, counted) = (crc32(header), 0)
        try pieces { piece in
            checksum = crc32(piece, after: checksum)
            counted += piece.count
        }
        guard counted == byteCount else { throw refusal(.sizeMismatch(declared: byteCount, found: counted)) }
        var (written, left) = (crc32(header), byteCount)
        do throws(NumPyError.Reason) {
            try begin(named: name + NPZArchive.suffix, byteCount: header.count + byteCount, checksum: checksum)
            try emit(header)
        } catch {
            throw refusal(error)
        }
        do {
            try pieces { piece in
                written = crc32(piece, after: written)
                left -= piece.count
                do throws(NumPyError.Reason) { try emit(piece) } catch { throw refusal(error) }
            }
        } catch {
            isOpen = false
            throw error
        }
        guard left == 0, written == checksum else {
            isOpen = false
            throw refusal(.changedPieces)
        }
    }

    private func reserve(_ name: String) throws(NumPyError.Reason) {
        guard isOpen else { throw .writerFinished }
        guard !name.isEmpty, name.utf8.count <= 65_000 else { throw .invalidName }
        guard names.insert(name).inserted else { throw .duplicateName }
    }

    /// Writes the directory; no array can be added after it.
    package func finish() throws(NumPyError) {
        do throws(NumPyError.Reason) {
            guard isOpen else { throw .writerFinished }
            isOpen = false
            try emit(directory())
            do { try output.commit() } catch { throw NumPyError.Reason(error) }
        } catch {
            throw NumPyError(file: destination, reason: error)
        }
    }

    // MARK: - Zip structures

    /// 1980-01-01 00:00: time, then date.
    private static let timestamp = littleEndianBytes(UInt16(0)) + littleEndianBytes(UInt16(1 << 5 | 1))
    private static let alignment = 64

    /// Writes what comes before an entry's bytes.
    private func begin(named name: String, byteCount: Int, checksum: UInt32) throws(NumPyError.Reason) {
        let entry = ZipEntry(
            name: name, flags: name.utf8.allSatisfy { $0 < 0x80 } ? 0 : Zip.utf8Flag, method: Zip.stored,
            checksum: checksum, compressedSize: byteCount, size: byteCount, offset: position)
        // A local header has both sizes in its zip64 field, or neither.
        let sizes = entry.size >= zip64Threshold ? [entry.size, entry.size] : []
        var extra = zip64Field(sizes)
        let unpadded = position + Zip.localHeaderSize + name.utf8.count + extra.count + 4
        let padding = (Self.alignment - unpadded % Self.alignment) % Self.alignment
        extra += littleEndianBytes(Zip.alignmentField) + littleEndianBytes(UInt16(padding))
        extra += [UInt8](repeating: 0, count: padding)

        var header = littleEndianBytes(Zip.localHeaderSignature) + version(zip64: !sizes.isEmpty)
        header += commonFields(entry, zip64: !sizes.isEmpty) + littleEndianBytes(UInt16(extra.count))
        header += Array(name.utf8) + extra
        try emit(header)
        entries.append(entry)
    }

    private func directory() -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            let largeSize = entry.size >= zip64Threshold
            let largeOffset = entry.offset >= zip64Threshold
            let extra = zip64Field((largeSize ? [entry.size, entry.size] : []) + (largeOffset ? [entry.offset] : []))
            let isZip64 = largeSize || largeOffset
            bytes += littleEndianBytes(Zip.centralHeaderSignature) + version(zip64: isZip64) + version(zip64: isZip64)
            bytes += commonFields(entry, zip64: largeSize) + littleEndianBytes(UInt16(extra.count))
            bytes += [UInt8](repeating: 0, count: 10)  // comment length, volume, attributes
            bytes += littleEndianBytes(largeOffset ? UInt32.max : UInt32(entry.offset))
            bytes += Array(entry.name.utf8) + extra
        }
        return bytes + endRecords(directorySize: bytes.count)
    }

    private func endRecords(directorySize: Int) -> [UInt8] {
        let largestOffset = max(directorySize, position)
        let isZip64 = largestOffset >= zip64Threshold || entries.count >= min(zip64Threshold, Int(UInt16.max))
        var bytes: [UInt8] = []
        if isZip64 {
            bytes += littleEndianBytes(Zip.zip64EndSignature) + littleEndianBytes(UInt64(Zip.zip64EndSize - 12))
            bytes += version(zip64: true) + version(zip64: true) + [UInt8](repeating: 0, count: 8)  // volumes
            bytes += littleEndianBytes(UInt64(entries.count)) + littleEndianBytes(UInt64(entries.count))
            bytes += littleEndianBytes(UInt64(directorySize)) + littleEndianBytes(UInt64(position))
            bytes += littleEndianBytes(Zip.zip64LocatorSignature) + littleEndianBytes(UInt32(0))
            bytes += littleEndianBytes(UInt64(position + directorySize)) + littleEndianBytes(UInt32(1))
        }
        let count = isZip64 ? UInt16.max : UInt16(entries.count)
        bytes += littleEndianBytes(Zip.endSignature) + littleEndianBytes(UInt32(0))  // volumes
        bytes += littleEndianBytes(count) + littleEndianBytes(count)
        bytes += littleEndianBytes(isZip64 ? UInt32.max : UInt32(directorySize))
        bytes += littleEndianBytes(isZip64 ? UInt32.max : UInt32(position))
        return bytes + littleEndianBytes(UInt16(Self.comment.count)) + Self.comment
    }

    /// The archive's comment, which says who wrote it.
    private static let comment = Array("emotion-cli".utf8)

    /// Whether a file is an archive that this program wrote.
    package static func isOwn(_ file: RegularFile) -> Bool {
        let end = littleEndianBytes(UInt16(comment.count)) + comment
        return (try? file.read(at: max(0, file.byteCount - end.count), count: end.count)) == end
    }

    /// The version of zip that reads the entry: 2.0, or 4.5 with zip64.
    private func version(zip64: Bool) -> [UInt8] { littleEndianBytes(UInt16(zip64 ? 45 : 20)) }

    /// The fields that local and central headers share, from the flags to the length of the name.
    private func commonFields(_ entry: ZipEntry, zip64: Bool) -> [UInt8] {
        let size = littleEndianBytes(zip64 ? UInt32.max : UInt32(entry.size))
        return littleEndianBytes(entry.flags) + littleEndianBytes(UInt16(entry.method)) + Self.timestamp
            + littleEndianBytes(entry.checksum) + size + size + littleEndianBytes(UInt16(entry.name.utf8.count))
    }

    private func zip64Field(_ values: [Int]) -> [UInt8] {
        guard !values.isEmpty else { return [] }
        return littleEndianBytes(Zip.zip64Field) + littleEndianBytes(UInt16(values.count * 8))
            + values.flatMap { littleEndianBytes(UInt64($0)) }
    }

    private func emit(_ bytes: [UInt8]) throws(NumPyError.Reason) {
        do { try output.write(bytes.span.bytes) } catch {
            isOpen = false
            throw NumPyError.Reason(error)
        }
        position += bytes.count
    }
}
