import Files

/// The tensors by name of a file that torch.save wrote.
struct TorchStateDict {
    /// In the order of the dictionary.
    let tensors: [CheckpointTensor]

    /// How often the tensors may use each byte of the file, on average: a few share weights, but a file of a few bytes must
    /// not stand for any number of large tensors.
    private static let mostUses = 4

    /// The tensors carry the path, and messages name it.
    init(_ file: MappedFile, path: String) throws(CheckpointError) {
        do throws(CheckpointError) {
            let archive = try TorchArchive(file)
            tensors = try Self.tensors(archive, path)
        } catch {
            throw error.inFile(path)
        }
    }

    private static func tensors(_ archive: TorchArchive, _ path: String) throws(CheckpointError) -> [CheckpointTensor] {
        let contents = archive.contents
        var tensors: [CheckpointTensor] = []
        var names: Set<String> = []
        var used = 0
        for item in try stateDict(of: contents) {
            guard let name = contents.text(item.key) else { throw CheckpointError(.torch(.keyIsNoText)) }
            do throws(CheckpointError) {
                try CheckpointTensor.check(name: name)
                guard names.insert(name).inserted else { throw CheckpointError(.duplicateTensor) }
                guard let tensor = contents.tensor(item.value) else { throw CheckpointError(.torch(.notATensor)) }
                tensors.append(try CheckpointTensor(name, tensor, archive, path))
            } catch {
                throw error.about("tensor \(quoted(name))")
            }
            let bytes = tensors[tensors.count - 1].elementCount * tensors[tensors.count - 1].elementType.bits / 8
            let (sum, overflow) = used.addingReportingOverflow(bytes)
            guard !overflow, sum / mostUses <= archive.file.size else {
                throw CheckpointError(.torch(.overused(most: mostUses)))
            }
            used = sum
        }
        return tensors
    }

    private static let usualKeys = ["state_dict", "model"]

    /// The dictionary of tensors: the pickle's value or, if it has no tensors of its own, the one under a usual key.
    private static func stateDict(of contents: PickleContents) throws(CheckpointError) -> [PickleNode.Item] {
        guard let root = contents.dictionary(contents.root) else { throw CheckpointError(.torch(.noStateDict)) }
        func hasTensors(_ items: [PickleNode.Item]) -> Bool { items.contains { contents.tensor($0.value) != nil } }
        if hasTensors(root) { return root }
        // More than two of these keys are repeated ones, which need no look at what they name.
        let usual = root.filter { usualKeys.contains(contents.text($0.key, atMost: 16) ?? "") }
        let inner = usual.prefix(usualKeys.count).compactMap { contents.dictionary($0.value) }.filter(hasTensors)
        guard usual.count <= usualKeys.count, inner.count == 1 else { throw CheckpointError(.torch(.noStateDict)) }
        return inner[0]
    }
}

extension CheckpointTensor {
    /// Finds the elements that a pickle describes in the archive.
    fileprivate init(
        _ name: String, _ tensor: PickledTensor, _ archive: TorchArchive, _ path: String
    ) throws(CheckpointError) {
        let type = tensor.type.elementType
        let elementSize = type.bits / 8
        let storage = try Self.place(of: tensor.storage, in: archive)
        let available = storage.count / elementSize
        let byteCount = try type.byteCount(ofShape: tensor.shape)
        let count = byteCount / elementSize
        guard count <= available else {
            throw CheckpointError(.torch(.expanded(shape: tensor.shape, count: available)))
        }
        let extent = count == 0 ? 0 : StridedElements.extent(shape: tensor.shape, strides: tensor.strides)
        guard tensor.offset <= available, let extent, extent <= available - tensor.offset else {
            throw CheckpointError(
                .torch(
                    .beyondStorage(
                        shape: tensor.shape, strides: tensor.strides, offset: tensor.offset, count: available)))
        }
        let start = storage.lowerBound + tensor.offset * elementSize
        let range = start..<start + extent * elementSize
        let isRowMajor = count == 0 || StridedElements.isRowMajor(shape: tensor.shape, strides: tensor.strides)
        self.init(
            name: name, type, shape: tensor.shape, file: archive.file, path: path,
            layout: isRowMajor
                ? .rowMajor(range)
                : .strided(StridedElements(shape: tensor.shape, strides: tensor.strides, range: range)))
    }

    private static func place(
        of storage: PickledStorage, in archive: TorchArchive
    ) throws(CheckpointError) -> Range<Int> {
        guard let place = archive.storage(storage.key) else {
            throw CheckpointError(.torch(.noStorage(key: storage.key)))
        }
        let elementSize = (storage.type?.elementType.bits ?? 8) / 8
        let (declared, overflow) = storage.count.multipliedReportingOverflow(by: elementSize)
        guard !overflow, declared == place.count else {
            throw CheckpointError(
                .torch(
                    .storageSize(key: storage.key, expected: overflow ? .max : declared, found: place.count)))
        }
        return place
    }
}
