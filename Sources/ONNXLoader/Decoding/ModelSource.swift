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
        file = try MappedFile(path: path)
        externalData = ExternalDataFolder(ofModel: path)
        let (product, overflow) = file.size.multipliedReportingOverflow(by: MemoryCost.perFileByte)
        memoryLimit = overflow || product > Int.max - MemoryCost.atLeast ? Int.max : product + MemoryCost.atLeast
        memoryLeft = memoryLimit
    }

    /// Counts memory; false where it is more than is left.
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
