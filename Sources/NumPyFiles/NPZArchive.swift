import Files

/// A `.npz` file: arrays by name, as `numpy.savez` and `numpy.savez_compressed` write them.
///
/// The directory is read when the archive is opened, an array when it is asked for, also from several threads.
package struct NPZArchive: Sendable {
    package let path: String
    /// In the order of the file.
    package let names: [String]
    private let file: RegularFile
    private let directory: ZipDirectory
    private let entries: [String: ZipEntry]

    package init(contentsOf path: String) throws(NumPyError) {
        do throws(NumPyError.Reason) {
            file = try RegularFile(numPy: path)
            do throws(ZipError) { directory = try ZipDirectory(file) } catch { throw NumPyError.Reason(error) }
        } catch {
            throw NumPyError(file: path, reason: error)
        }
        self.path = path
        var names: [String] = []
        var entries: [String: ZipEntry] = [:]
        for entry in directory.entries where entry.name.hasSuffix(Self.suffix) {
            let name = String(entry.name.dropLast(Self.suffix.count))
            guard entries.updateValue(entry, forKey: name) == nil else {
                throw NumPyError(file: path, entry: name, reason: .duplicateName)
            }
            names.append(name)
        }
        self.names = names
        self.entries = entries
    }

    /// - Returns: The array, whose checksum and sizes were checked.
    /// - Throws: `.noSuchArray`, or what is wrong with the entry.
    package func array(named name: String) throws(NumPyError) -> NPYArray {
        do throws(NumPyError.Reason) {
            guard let entry = entries[name] else { throw .noSuchArray(available: names) }
            return try read(entry)
        } catch {
            throw NumPyError(file: path, entry: name, reason: error)
        }
    }

    package func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The shape of an array, of which nothing but the header is read.
    ///
    /// - Throws: `.noSuchArray`, or what is wrong with the entry.
    package func shape(of name: String) throws(NumPyError) -> [Int] {
        do throws(NumPyError.Reason) {
            guard let entry = entries[name] else { throw .noSuchArray(available: names) }
            guard entry.flags & Zip.encryptedFlag == 0 else { throw .encrypted }
            let place = try place(of: entry)
            switch entry.method {
            case Zip.stored:
                let start = place.prefix(12)
                let size = try NPYHeader.byteCount(startOf: file.bytes(start.startIndex..<start.endIndex))
                return try NPYHeader(file.bytes(place.lowerBound..<min(place.lowerBound + size, place.upperBound)))
                    .shape
            case Zip.deflated: return try inflatedHeader(of: entry, place).1.shape
            default: throw .unsupportedCompression(method: entry.method)
            }
        } catch {
            throw NumPyError(file: path, entry: name, reason: error)
        }
    }

    static let suffix = ".npy"

    private func place(of entry: ZipEntry) throws(NumPyError.Reason) -> Range<Int> {
        do throws(ZipError) { return try directory.data(of: entry, in: file) } catch { throw NumPyError.Reason(error) }
    }

    private func read(_ entry: ZipEntry) throws(NumPyError.Reason) -> NPYArray {
        guard entry.flags & Zip.encryptedFlag == 0 else { throw .encrypted }
        let place = try place(of: entry)
        let bytes: [UInt8] =
            switch entry.method {
            case Zip.stored: try readStored(entry, place)
            case Zip.deflated: try inflate(entry, place)
            default: throw .unsupportedCompression(method: entry.method)
            }
        let checksum = crc32(bytes)
        guard checksum == entry.checksum else { throw .checksumMismatch(declared: entry.checksum, found: checksum) }
        return try NPYFile.decode(bytes)
    }

    private func readStored(_ entry: ZipEntry, _ place: Range<Int>) throws(NumPyError.Reason) -> [UInt8] {
        guard place.count == entry.size else { throw .sizeMismatch(declared: entry.size, found: place.count) }
        return try file.bytes(place)
    }

    /// A few bytes can inflate to a thousand times as many, so the header is read first: only as much is inflated as its
    /// shape needs, and that must be what the directory says.
    private func inflate(_ entry: ZipEntry, _ place: Range<Int>) throws(NumPyError.Reason) -> [UInt8] {
        let (inflater, header, start) = try inflatedHeader(of: entry, place)
        let most = Self.mostInflated + 8 * place.count
        guard entry.size <= most else { throw .inflatesTooMuch(size: entry.size, compressed: place.count, most: most) }
        var bytes = start
        try header.checkDataByteCount(entry.size - bytes.count)
        bytes += try inflater.read(entry.size - bytes.count)
        guard bytes.count == entry.size, try inflater.isComplete() else {
            throw .sizeMismatch(declared: entry.size, found: bytes.count)
        }
        return bytes
    }

    /// The header of a compressed array, its bytes, and what inflates those after it.
    private func inflatedHeader(
        of entry: ZipEntry, _ place: Range<Int>
    ) throws(NumPyError.Reason) -> (Inflater, NPYHeader, bytes: [UInt8]) {
        guard entry.size / Inflater.maximumRatio <= place.count else {
            throw .sizeMismatch(declared: entry.size, found: place.count)
        }
        let inflater = try Inflater(file.bytes(place))
        var bytes = try inflater.read(min(12, entry.size))
        let size = try NPYHeader.byteCount(startOf: bytes)
        guard size <= entry.size else { throw .truncated(part: "header", needed: size, found: entry.size) }
        guard size <= Self.longestHeader else {
            throw .malformedHeader(offset: 0, expected: "at most \(Self.longestHeader) bytes")
        }
        bytes += try inflater.read(size - bytes.count)
        return (inflater, try NPYHeader(bytes), bytes)
    }

    /// Bytes that any array may inflate to, and more only in proportion to its compressed ones: what arrays of numbers
    /// compress to is a large part of them, but for silence.
    private static let mostInflated = 64 << 20
    /// NumPy's own have a hundred bytes.
    private static let longestHeader = 1 << 16
}
