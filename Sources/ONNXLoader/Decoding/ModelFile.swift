import Files

extension ONNXModel {
    /// Reads a model: maps the file, decodes it and checks its graph.
    ///
    /// Weights are not read but stay in the file, which must not be changed while the model is in use.
    package init(contentsOf path: String) throws(ONNXError) {
        do throws(ONNXError) {
            let source = try ModelSource(path: path)
            do throws(ONNXError) {
                var reader = WireReader(source)
                self = try ONNXModel(decoding: &reader)
            } catch {
                // A file of another kind is named for what it is, not for the byte that does not fit.
                let start = source.file.copy(0..<min(source.file.size, FileKind.startLength))
                if start.starts(with: "ID3".utf8) || start.starts(with: [0xFF, 0xFB]) {
                    throw ONNXError(.notONNX(looksLike: "it is an MP3 file"))
                }
                guard let kind = FileKind(start), !kind.isONNX else { throw error }
                throw ONNXError(.notONNX(looksLike: "it is \(kind)"))
            }
            files = [source.file] + source.externalData.files
        } catch {
            throw error.inFile(path)
        }
    }

    /// The size of the model file and of the files with its external data, in bytes; 0 for a model made in memory.
    package var fileSize: Int { files.reduce(0) { $0 + $1.size } }

    /// Asks for the files to be read ahead from the disk, for callers that will read all weights.
    package func prefetch() {
        for file in files { file.prefetch() }
    }

    /// Takes the pages of the mapped files out of memory, once the weights have been copied. Tensors can still be read:
    /// their pages come back from the file.
    package func releasePages() {
        for file in files { file.releasePages(in: 0..<file.size) }
    }
}

/// What the decoders of one model share: the mapped file, the files of external data, and how much memory the decoded
/// model may still take.
final class ModelSource {
    let file: MappedFile
    let externalData: ExternalDataFolder
    /// In bytes. Decoded forms are larger than their wire form, but in proportion: a file whose decoded form is many
    /// times its size was made to exhaust memory.
    let memoryLimit: Int
    private var memoryLeft: Int

    init(path: String) throws(ONNXError) {
        do throws(OpeningError) { file = try MappedFile(path: path) } catch { throw ONNXError(ONNXError.Reason(error)) }
        guard file.size > 0 else { throw ONNXError(.emptyFile) }
        externalData = ExternalDataFolder(ofModel: path)
        let (product, overflow) = file.size.multipliedReportingOverflow(by: MemoryCost.perFileByte)
        memoryLimit = overflow || product > Int.max - MemoryCost.atLeast ? Int.max : product + MemoryCost.atLeast
        memoryLeft = memoryLimit
    }

    /// Counts memory; false if it is more than is left.
    func charge(_ bytes: Int) -> Bool {
        guard bytes <= memoryLeft else { return false }
        memoryLeft -= bytes
        return true
    }
}

/// Estimates of what decoded values take in memory, in bytes.
enum MemoryCost {
    /// How many times the file's size the decoded model may take. An integer of one byte on the wire takes eight.
    static let perFileByte = 8
    /// What every model may take, however small its file.
    static let atLeast = 16 << 20

    /// A node with its arrays, before names and attributes.
    static let node = 2 * MemoryLayout<Node>.stride + 4 * array
    /// An attribute in its node's dictionary, before what it holds.
    static let attribute = 2 * (MemoryLayout<Attribute>.stride + MemoryLayout<String>.stride)
    /// A tensor in a dictionary, before its elements.
    static let tensor = 3 * (MemoryLayout<Tensor>.stride + MemoryLayout<String>.stride) + array
    static let valueInfo = 2 * MemoryLayout<ValueInfo>.stride + array
    /// A node's input or output in its array.
    static let reference = 2 * MemoryLayout<String>.stride
    /// A key and a value in a dictionary, or a name in the tables of the graph check.
    static let entry = 4 * MemoryLayout<String>.stride
    static let dimension = MemoryLayout<ValueInfo.Dimension>.stride
    private static let array = 32

    /// A string's own allocation; short ones need none.
    static func string(bytes: Int) -> Int { bytes <= 15 ? 0 : bytes + array }
}

extension ONNXError.Reason {
    init(_ error: OpeningError) {
        self = if case .notRegular(let kind) = error { .notAFile(kind: kind) } else { .cannotOpen(reason: "\(error)") }
    }
}
