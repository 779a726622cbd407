/// Where the blocks of a packed model are: sound, whatever the file said.
struct BlockTable {
    struct Block: Equatable {
        let name: String
        /// In bytes, from the start of the blocks.
        let offset: Int
        let byteCount: Int
        /// How its numbers are stored.
        let format: String
        let checksum: UInt64

        var bytes: Range<Int> { offset..<offset + byteCount }
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
                throw .blockOutOfBounds(
                    name: entry.name, offset: entry.offset, byteCount: entry.byteCount, bytes: byteCount)
            }
            guard entry.offset.isMultiple(of: PackedModelFormat.pageSize) else {
                throw .misalignedBlock(name: entry.name, offset: entry.offset)
            }
            guard entry.offset >= end else { throw .overlappingBlock(name: entry.name, offset: entry.offset, end: end) }
            guard entry.offset == end else { throw .gap(bytes: entry.offset - end, before: entry.name) }
            guard let checksum = Checksum.parse(entry.checksum) else {
                throw .unreadableChecksum(name: entry.name, text: entry.checksum)
            }
            blocks.append(
                Block(
                    name: entry.name, offset: entry.offset, byteCount: entry.byteCount, format: entry.format,
                    checksum: checksum))
            end += size
        }
        guard end == byteCount else { throw .gap(bytes: byteCount - end, before: nil) }
        self.blocks = blocks
        self.indices = indices
    }

    /// Lays blocks out one after another. Checksums are zero as yet.
    static func layOut(
        _ blocks: [PackedBlock]
    ) throws(PackedModelError) -> (entries: [BlockEntry], byteCount: Int) {
        var names: Set<String> = []
        var entries: [BlockEntry] = []
        var end = 0
        for block in blocks {
            guard names.insert(block.name).inserted else { throw .duplicateBlock(name: block.name) }
            let entry = BlockEntry(
                name: block.name, offset: end, byteCount: block.byteCount, format: block.format,
                checksum: Checksum.text(0))
            let (next, overflows) = try end.addingReportingOverflow(pagedBytes(of: entry))
            guard !overflows else { throw .impossibleSize(name: block.name, byteCount: block.byteCount) }
            entries.append(entry)
            end = next
        }
        return (entries, end)
    }

    subscript(name: String) -> Block? { indices[name].map { blocks[$0] } }

    private static func pagedBytes(of entry: BlockEntry) throws(PackedModelError) -> Int {
        guard entry.byteCount > 0, let bytes = PackedModelFormat.wholePages(entry.byteCount) else {
            throw .impossibleSize(name: entry.name, byteCount: entry.byteCount)
        }
        return bytes
    }
}
