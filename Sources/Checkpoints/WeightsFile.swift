import Files

/// The tensors of one file, whichever of the two forms it has.
enum WeightsFile {
    static func tensors(path: String) throws(CheckpointError) -> (form: CheckpointForm, [CheckpointTensor]) {
        let file: MappedFile
        do throws(OpeningError) { file = try MappedFile(path: path) } catch {
            throw CheckpointError(CheckpointError.Reason(error), file: path)
        }
        guard file.size > 0 else { throw CheckpointError(.emptyFile, file: path) }
        let start = file.copy(0..<min(file.size, FileKind.startLength))
        if start.starts(with: zipStart) { return (.torch, try TorchStateDict(file, path: path).tensors) }
        if isLegacy(start) { throw CheckpointError(.legacyTorch, file: path) }
        do throws(CheckpointError) {
            return (.safetensors, try SafetensorsFile(file, path: path).tensors)
        } catch {
            // A file of another kind is named for what it is, not for the byte that does not fit.
            guard !isSafetensors(start), let kind = FileKind(start) else { throw error }
            let isGGUF = start.starts(with: "GGUF".utf8)
            // What to do with a model is not said for those who expected weights.
            let name = isGGUF ? "a GGUF file" : kind.use == .model ? kind.name : "\(kind)"
            throw CheckpointError(.notWeights(looksLike: name), file: path)
        }
    }

    private static let zipStart: [UInt8] = [0x50, 0x4B, 3, 4]

    /// A pickle without an archive, or a tar archive: what torch wrote before version 1.6.
    private static func isLegacy(_ start: [UInt8]) -> Bool {
        start.count >= 2 && start[0] == 0x80 && (2...5).contains(start[1]) && !isSafetensors(start)
            || start.dropFirst(257).starts(with: "ustar".utf8)
    }

    /// The length of a safetensors header may begin with any bytes, but is far from needing eight.
    private static func isSafetensors(_ start: [UInt8]) -> Bool {
        start.count > 8 && start[4..<8].allSatisfy { $0 == 0 } && start[8] == UInt8(ascii: "{")
    }
}
