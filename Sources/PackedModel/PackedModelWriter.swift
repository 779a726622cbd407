import Files

/// Writes packed models.
public enum PackedModelWriter {
    /// Writes a packed model that takes the place of any older file when it is whole. Equal contents and floats give
    /// equal bytes. What has an older file mapped keeps it.
    ///
    /// `fill` is called once for each block, in order. It gives the block's floats to `write`, all at once or in
    /// consecutive pieces; they are not kept.
    ///
    /// - Throws: ``PackedModelError``, or what `fill` throws; nothing of the file is then left.
    public static func write(
        to path: String, contents: some Encodable, blocks: [(name: String, count: Int)],
        fill: (_ block: Int, _ write: (Span<Float>) throws -> Void) throws -> Void
    ) throws {
        let layout = try BlockTable.layOut(blocks)
        var description = Description(contents: contents, blocks: layout.entries)
        // Checksums are of one length, so this has the length of the final text.
        let length = try description.encoded().count
        guard length <= PackedModelFormat.longestDescription,
            let blocksStart = PackedModelFormat.wholePages(Preamble.byteCount + length),
            case let (fileLength, overflows) = blocksStart.addingReportingOverflow(layout.byteCount), !overflows
        else { throw PackedModelError.tooLarge }

        do {
            let file = try OutputFile(path: path, reserving: fileLength)
            guard file.isSeekable else { throw PackedModelError.notAFile(kind: "a pipe or a terminal") }
            try file.write([UInt8](repeating: 0, count: blocksStart).span.bytes)
            for index in blocks.indices {
                let checksum = try writeBlock(index, blocks[index], to: file, fill: fill)
                description.blocks[index].checksum = Checksum.text(checksum)
            }
            let json = try description.encoded()
            guard json.count == length else {
                throw PackedModelError.contentsNotEncodable(reason: "they are not the same each time")
            }
            let preamble = Preamble(
                descriptionLength: UInt32(length), fileLength: UInt64(fileLength),
                descriptionChecksum: Checksum.of(json.span.bytes))
            try file.write((preamble.encoded + json).span.bytes, at: 0)
            try file.commit()
        } catch let error as FileError {
            throw error.isDiskFull
                ? PackedModelError.diskFull(bytes: fileLength) : PackedModelError.cannotWrite(reason: error.reason)
        }
    }

    /// Writes a block and the zeros after it, and returns its checksum.
    private static func writeBlock(
        _ index: Int, _ block: (name: String, count: Int), to file: OutputFile,
        fill: (_ block: Int, _ write: (Span<Float>) throws -> Void) throws -> Void
    ) throws -> UInt64 {
        var checksum = Checksum()
        var written = 0
        try fill(index) { floats in
            guard floats.count <= block.count - written else {
                throw PackedModelError.wrongFill(name: block.name, count: block.count)
            }
            checksum.append(floats.bytes)
            try file.write(floats.bytes)
            written += floats.count
        }
        guard written == block.count else { throw PackedModelError.wrongFill(name: block.name, count: block.count) }
        let bytes = block.count * MemoryLayout<Float>.size
        let padding = (PackedModelFormat.wholePages(bytes) ?? bytes) - bytes
        if padding > 0 { try file.write([UInt8](repeating: 0, count: padding).span.bytes) }
        return checksum.value
    }
}
