/// Where the blocks of a packed model are: sound, whatever the file said.
struct BlockTable {
    struct Block: Equatable {
        let name: String
        /// In bytes, from the start of the blocks.
        let offset: Int
        /// In floats.
        let count: Int
        let checksum: UInt64

        var bytes: Range<Int> { offset..<offset + count * MemoryLayout<Float>.size }
    }

    let blocks: [Block]
    private let indices: [String: Int]

    /// Checks a table that describes `byteCount` bytes, from the start of the blocks to the end of the file.
    init(_ entries: [BlockEntry], byteCount: Int) throws(PackedModelError) {
        var blocks: [Block] = []
        blocks.reserveCapacity(entries.count)
        var indices: [String: Int] = [:]
        var end = 0
        for entry in entries {
            guard indices.updateValue(blocks.count, forKey: entry.name) == nil else {
                throw .duplicateBlock(name: entry.name)
            }
            let size = try Self.pagedBytes(of: entry)
            guard entry.offset >= 0, entry.offset <= byteCount, size <= byteCount - entry.offset else {
                throw .blockOutOfBounds(name: entry.name, offset: entry.offset, count: entry.count, bytes: byteCount)
            }
            guard entry.offset.isMultiple(of: PackedModelFormat.pageSize) else {
                throw .misalignedBlock(name: entry.name, offset: entry.offset)
            }
            guard entry.offset >= end else { throw .overlappingBlock(name: entry.name, offset: entry.offset, end: end) }
            guard entry.offset == end else { throw .gap(bytes: entry.offset - end, before: entry.name) }
            guard let checksum = Checksum.parse(entry.checksum) else {
                throw .unreadableChecksum(name: entry.name, text: entry.checksum)
            }
            blocks.append(Block(name: entry.name, offset: entry.offset, count: entry.count, checksum: checksum))
            end += size
        }
        guard end == byteCount else { throw .gap(bytes: byteCount - end, before: nil) }
        self.blocks = blocks
        self.indices = indices
    }

    /// Lays blocks out one after another. Checksums are zero as yet.
    static func layOut(
        _ blocks: [(name: String, count: Int)]
    ) throws(PackedModelError) -> (entries: [BlockEntry], byteCount: Int) {
        var names: Set<String> = []
        var entries: [BlockEntry] = []
        var end = 0
        for (name, count) in blocks {
            guard names.insert(name).inserted else { throw .duplicateBlock(name: name) }
            let entry = BlockEntry(name: name, offset: end, count: count, checksum: Checksum.text(0))
            let (next, overflows) = try end.addingReportingOverflow(pagedBytes(of: entry))
            guard !overflows else { throw .impossibleCount(name: name, count: count) }
            entries.append(entry)
            end = next
        }
        return (entries, end)
    }

    subscript(name: String) -> Block? { indices[name].map { blocks[$0] } }

    private static func pagedBytes(of entry: BlockEntry) throws(PackedModelError) -> Int {
        guard entry.count > 0, let bytes = PackedModelFormat.pagedBytes(floats: entry.count) else {
            throw .impossibleCount(name: entry.name, count: entry.count)
        }
        return bytes
    }
}
