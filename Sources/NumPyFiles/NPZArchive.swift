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
            directory = try ZipDirectory(file)
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

    static let suffix = ".npy"

    private func read(_ entry: ZipEntry) throws(NumPyError.Reason) -> NPYArray {
        guard entry.flags & Zip.encryptedFlag == 0 else { throw .encrypted }
        let place = try directory.data(of: entry, in: file)
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
        guard entry.size / Inflater.maximumRatio <= place.count else {
            throw .sizeMismatch(declared: entry.size, found: place.count)
        }
        let inflater = try Inflater(file.bytes(place))
        var bytes = try inflater.read(min(12, entry.size))
        let headerSize = try NPYHeader.byteCount(startOf: bytes)
        guard headerSize <= entry.size else {
            throw .truncated(part: "header", needed: headerSize, found: entry.size)
        }
        bytes += try inflater.read(headerSize - bytes.count)
        try NPYHeader(bytes).checkDataByteCount(entry.size - headerSize)
        bytes += try inflater.read(entry.size - headerSize)
        guard bytes.count == entry.size, try inflater.isComplete() else {
            throw .sizeMismatch(declared: entry.size, found: bytes.count)
        }
        return bytes
    }
}
