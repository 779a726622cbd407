import Files

/// Writes zip archives, also damaged ones.
struct ZipBuilder {
    struct Entry {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// What the directory says, if it is not the size of the data.
        var size: UInt32?
        var compressedSize: UInt32?
        /// Where the directory says the entry begins.
        var offset: UInt32?
        var localName: String?
        var localSize: UInt32?
        /// The sizes and the offset in a zip64 field of the directory.
        var isZip64 = false
    }

    var entries: [Entry]

    /// What torch.save writes for a pickle and storages.
    static func torch(_ pickle: [UInt8], storages: [[UInt8]] = [], others: [(String, String)] = []) -> ZipBuilder {
        var entries = [Entry(name: "archive/data.pkl", data: pickle)]
        entries += others.map { Entry(name: "archive/\($0.0)", data: Array($0.1.utf8)) }
        entries += storages.enumerated().map { Entry(name: "archive/data/\($0.offset)", data: $0.element) }
        return ZipBuilder(entries: entries)
    }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let start = file.count
            let size = UInt32(entry.data.count)
            let name = Array(entry.name.utf8)
            let localName = Array((entry.localName ?? entry.name).utf8)
            file += littleEndian(Zip.localHeaderSignature) + littleEndian(UInt16(20)) + littleEndian(entry.flags)
            file += littleEndian(entry.method) + [UInt8](repeating: 0, count: 8)
            file += littleEndian(entry.localSize ?? entry.compressedSize ?? size)
            file += littleEndian(entry.localSize ?? entry.size ?? size)
            file += littleEndian(UInt16(localName.count)) + [0, 0] + localName + entry.data

            let values = [entry.size ?? size, entry.compressedSize ?? size, entry.offset ?? UInt32(start)]
            let extra =
                entry.isZip64
                ? littleEndian(Zip.zip64Field) + littleEndian(UInt16(24)) + values.flatMap { littleEndian(UInt64($0)) }
                : []
            directory += littleEndian(Zip.centralHeaderSignature) + [20, 0, 20, 0] + littleEndian(entry.flags)
            directory += littleEndian(entry.method) + [UInt8](repeating: 0, count: 8)
            directory += littleEndian(entry.isZip64 ? .max : values[1]) + littleEndian(entry.isZip64 ? .max : values[0])
            directory += littleEndian(UInt16(name.count)) + littleEndian(UInt16(extra.count))
            directory +=
                [UInt8](repeating: 0, count: 10) + littleEndian(entry.isZip64 ? .max : values[2]) + name + extra
        }
        let count = littleEndian(UInt16(entries.count))
        let end =
            littleEndian(Zip.endSignature) + [0, 0, 0, 0] + count + count + littleEndian(UInt32(directory.count))
            + littleEndian(UInt32(file.count)) + [0, 0]
        return file + directory + end
    }
}
