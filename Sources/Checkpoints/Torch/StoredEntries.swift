import Files

/// The entries of a zip archive in a mapped file, all of them stored as they are: names and places of bytes.
///
/// Everything that the archive says of them is checked, but for the checksums of their data.
struct StoredEntries {
    private(set) var places: [String: Range<Int>] = [:]
    /// In the order of the directory.
    private(set) var names: [String] = []

    /// A tensor takes one.
    private static let mostEntries = 1 << 17

    init(_ file: MappedFile) throws(CheckpointError) {
        let directory: ZipDirectory
        do throws(ZipError) { directory = try ZipDirectory(file, mostEntries: Self.mostEntries) } catch {
            throw CheckpointError(.archive(error))
        }
        var extents: [(range: Range<Int>, name: String)] = []
        for entry in directory.entries {
            do throws(CheckpointError) {
                let place = try Self.place(of: entry, directory, file)
                guard places.updateValue(place, forKey: entry.name) == nil else {
                    throw CheckpointError(.torch(.duplicateEntry))
                }
                names.append(entry.name)
                extents.append((entry.offset..<place.upperBound, entry.name))
            } catch {
                throw error.about("entry \(quoted(entry.name))")
            }
        }
        extents.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(extents, extents.dropFirst()) where first.range.upperBound > second.range.lowerBound
        {
            throw CheckpointError(.torch(.overlap(with: first.name)), part: "entry \(quoted(second.name))")
        }
    }

    private static func place(
        of entry: ZipEntry, _ directory: ZipDirectory, _ file: MappedFile
    ) throws(CheckpointError) -> Range<Int> {
        guard isPlain(entry.name) else { throw CheckpointError(.torch(.entryName)) }
        guard entry.flags & Zip.encryptedFlag == 0 else { throw CheckpointError(.torch(.encrypted)) }
        guard entry.method == Zip.stored else { throw CheckpointError(.torch(.compressed(method: entry.method))) }
        guard entry.compressedSize == entry.size else {
            throw CheckpointError(.torch(.sizes(compressed: entry.compressedSize, size: entry.size)))
        }
        let local: ZipEntry
        let place: Range<Int>
        do throws(ZipError) {
            local = try directory.localHeader(of: entry, in: file).header
            place = try directory.data(of: entry, in: file)
        } catch {
            throw CheckpointError(.archive(error))
        }
        guard agrees(local, with: entry) else { throw CheckpointError(.torch(.otherLocalHeader)) }
        return place
    }

    /// Whether a local header says what the directory says. Sizes and checksum may be zeros if they follow the data.
    private static func agrees(_ local: ZipEntry, with entry: ZipEntry) -> Bool {
        var expected = entry
        if entry.flags & Zip.descriptorFlag != 0 {
            if local.checksum == 0 { expected.checksum = 0 }
            if local.size == 0, local.compressedSize == 0 { (expected.size, expected.compressedSize) = (0, 0) }
        }
        return local == expected
    }

    /// Whether it is the path of a file or folder inside the archive; a folder's ends in a slash.
    private static func isPlain(_ name: String) -> Bool {
        let path = name.hasSuffix("/") ? name.dropLast() : name[...]
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { !["", ".", ".."].contains($0) } && !name.utf8.contains(0)
            && !name.utf8.contains(UInt8(ascii: "\\"))
    }
}
