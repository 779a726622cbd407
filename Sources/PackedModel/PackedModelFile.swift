import Files
import Foundation
import Kernels

/// A packed model, mapped and known to be whole.
///
/// Processes that open the same file share one copy of it in memory.
package final class PackedModelFile: Sendable {
    private let mapping: MappedFile
    private let json: Data
    private let table: BlockTable
    /// Where the blocks begin, in bytes from the start of the file.
    private let blocksStart: Int

    /// Maps a file and checks all of it, its blocks on `threads` threads, the caller's included. Their pages stay in
    /// the system's cache, and in this process's memory only with `keepingPages`: they then needn't come back.
    ///
    /// - Throws: ``PackedModelError`` if a single byte is not as it was written.
    package init(path: String, verifyingOn threads: Int, keepingPages: Bool = false) throws(PackedModelError) {
        precondition(threads > 0, "checking a file needs a thread")
        do { mapping = try MappedFile(path: path) } catch { throw PackedModelError(error) }
        let size = mapping.size
        let preamble = try Preamble(start: mapping.copy(0..<min(Preamble.byteCount, size)), fileLength: size)

        let length = Int(preamble.descriptionLength)
        let end = Preamble.byteCount + length
        guard length <= PackedModelFormat.longestDescription,
            let start = PackedModelFormat.wholePages(end), start <= size
        else { throw .impossibleDescription(bytes: length) }
        let range = Preamble.byteCount..<end
        guard mapping.checksum(of: range) == preamble.descriptionChecksum, mapping.isZero(end..<start) else {
            throw .damagedDescription
        }
        json = Data(mapping.copy(range))
        blocksStart = start
        let entries: [BlockEntry]
        do { entries = try Description<AnyContents>(json: json).blocks } catch let error as PackedModelError {
            throw error
        } catch { throw .unexpectedDescription(reason: "\(error)") }
        table = try BlockTable(entries, byteCount: size - start)
        try verifyBlocks(on: threads, keepingPages: keepingPages)
    }

    /// Whether a file begins as a packed model does; false if it cannot be read.
    package static func isPackedModel(_ path: String) -> Bool {
        let magic = PackedModelFormat.magic
        return (try? RegularFile(path).read(at: 0, count: magic.count)) == magic
    }

    /// What the file's writer gave as its contents.
    ///
    /// - Throws: ``PackedModelError`` if they have another form, `EngineError` if they are an architecture that is none.
    package func contents<Contents: Decodable>(as type: Contents.Type) throws -> Contents {
        try Description<Contents>(json: json).contents
    }

    /// In the file's order.
    package var blocks: [PackedBlock] {
        table.blocks.map { PackedBlock(name: $0.name, format: $0.format, byteCount: $0.byteCount) }
    }

    /// A block.
    ///
    /// - Throws: ``PackedModelError`` if there is no such block.
    package func block(_ name: String) throws(PackedModelError) -> MappedBlock {
        guard let block = table[name] else { throw .missingBlock(name: name) }
        return MappedBlock(mapping, bytes: bytes(of: block), format: block.format)
    }

    private func bytes(of block: BlockTable.Block) -> Range<Int> {
        blocksStart + block.bytes.lowerBound..<blocksStart + block.bytes.upperBound
    }

    // MARK: Checking the blocks

    private func verifyBlocks(on threads: Int, keepingPages: Bool) throws(PackedModelError) {
        let shares = shares(for: threads)
        guard shares.count > 1 else {
            if let damaged = firstDamage(in: Array(table.blocks.indices), keepingPages: keepingPages) {
                throw damaged.error
            }
            return
        }
        var damages = [Damage?](repeating: nil, count: shares.count)
        damages.withUnsafeMutableBufferPointer { buffer in
            // Each thread writes to an element of its own, and only until this call returns.
            nonisolated(unsafe) let buffer = buffer
            ThreadTeam(count: shares.count).forEach(shares.count) { share, _ in
                buffer[share] = firstDamage(in: shares[share], keepingPages: keepingPages)
            }
        }
        if let damaged = damages.compactMap({ $0 }).min(by: { $0.block < $1.block }) { throw damaged.error }
    }

    /// The blocks of each thread, ascending, with about as many bytes for each: the largest blocks are dealt out
    /// first, each to the thread that has least.
    private func shares(for threads: Int) -> [[Int]] {
        let blocks = table.blocks
        var shares = [(bytes: Int, blocks: [Int])](repeating: (0, []), count: max(1, min(threads, blocks.count)))
        for index in blocks.indices.sorted(by: { (blocks[$1].byteCount, $0) < (blocks[$0].byteCount, $1) }) {
            let least = shares.indices.min { shares[$0].bytes < shares[$1].bytes } ?? 0
            shares[least].bytes += blocks[index].byteCount
            shares[least].blocks.append(index)
        }
        return shares.map { $0.blocks.sorted() }
    }

    private struct Damage: Sendable {
        let block: Int
        let error: PackedModelError
    }

    /// `indices` are ascending.
    private func firstDamage(in indices: [Int], keepingPages: Bool) -> Damage? {
        for index in indices {
            let block = table.blocks[index]
            let bytes = bytes(of: block)
            guard mapping.checksum(of: bytes) == block.checksum else {
                return Damage(block: index, error: .damagedBlock(name: block.name))
            }
            // The table was checked: the page that a block ends in is part of the file.
            let pageEnd = PackedModelFormat.wholePages(bytes.upperBound) ?? mapping.size
            guard mapping.isZero(bytes.upperBound..<pageEnd) else {
                return Damage(block: index, error: .damagedBlock(name: block.name))
            }
            if !keepingPages { mapping.releasePages(in: bytes.lowerBound..<pageEnd) }
        }
        return nil
    }
}

extension MappedFile {
    fileprivate func checksum(of range: Range<Int>) -> UInt64 { withBytes(in: range) { Checksum.of($0.bytes) } }

    fileprivate func isZero(_ range: Range<Int>) -> Bool { withBytes(in: range) { $0.allSatisfy { $0 == 0 } } }
}

extension PackedModelError {
    /// Why a file can't be mapped.
    fileprivate init(_ error: OpeningError) {
        self = if case .notRegular(let kind) = error { .notAFile(kind: kind) } else { .cannotOpen(reason: "\(error)") }
    }
}
