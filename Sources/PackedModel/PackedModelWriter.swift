import Files

/// A block of a packed model: a weight in one of the layouts that the engine computes with.
package struct PackedBlock: Sendable, Hashable, Codable {
    /// The names of the parameters that it holds, such as `encoder.layers.0.attention.{q_proj,k_proj,v_proj}.weight`.
    package let name: String
    /// How its numbers are stored, such as `float32`.
    package let format: String
    /// One or more; what fills up a layout included.
    package let byteCount: Int

    package init(name: String, format: String, byteCount: Int) {
        self.name = name
        self.format = format
        self.byteCount = byteCount
    }
}

/// Writes packed models.
package enum PackedModelWriter {
    /// Writes a packed model that takes the place of any older file when it is whole. Equal contents and blocks give
    /// equal bytes. A process that has the older file mapped keeps it.
    ///
    /// `fill` is called once for each block, in order. It gives the block's bytes to `write`, all at once or in
    /// consecutive pieces; they are not kept.
    ///
    /// - Throws: ``PackedModelError``, or what `fill` throws; nothing of the file is then left.
    package static func write(
        to path: String, contents: some Encodable, blocks: [PackedBlock],
        fill: (_ block: Int, _ write: (RawSpan) throws -> Void) throws -> Void
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
        _ index: Int, _ block: PackedBlock, to file: OutputFile,
        fill: (_ block: Int, _ write: (RawSpan) throws -> Void) throws -> Void
    ) throws -> UInt64 {
        var checksum = Checksum()
        var written = 0
        let incomplete = PackedModelError.wrongFill(name: block.name, byteCount: block.byteCount)
        try fill(index) { bytes in
            guard bytes.byteCount <= block.byteCount - written else { throw incomplete }
            checksum.append(bytes)
            try file.write(bytes)
            written += bytes.byteCount
        }
        guard written == block.byteCount else { throw incomplete }
        let padding = (PackedModelFormat.wholePages(written) ?? written) - written
        if padding > 0 { try file.write([UInt8](repeating: 0, count: padding).span.bytes) }
        return checksum.value
    }
}
