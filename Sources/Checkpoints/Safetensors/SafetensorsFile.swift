import Files

/// A safetensors file: the length of a header, the header, which is a JSON object, and the tensors' data.
///
/// As https://github.com/huggingface/safetensors specifies it: every byte of the data belongs to one tensor.
struct SafetensorsFile {
    /// In the order of their data.
    let tensors: [CheckpointTensor]

    /// The longest header that safetensors' own reader takes.
    static let longestHeader = 100_000_000
    /// A tensor takes about nine values of JSON, so this is a hundred thousand tensors.
    private static let mostValues = 1 << 20
    private static let lengthSize = 8

    /// The tensors carry the path, and messages name it.
    init(_ file: MappedFile, path: String) throws(CheckpointError) {
        do throws(CheckpointError) {
            let start = try Self.dataStart(of: file)
            let header = try JSONValue(objectIn: file.copy(Self.lengthSize..<start), .init(values: Self.mostValues))
            tensors = try SafetensorsHeader(header, dataSize: file.size - start).entries.map { entry in
                CheckpointTensor(
                    name: entry.name, entry.elementType, shape: entry.shape, file: file, path: path,
                    layout: .rowMajor(start + entry.begin..<start + entry.end))
            }
        } catch {
            throw error.inFile(path)
        }
    }

    /// Where the header ends and the data begins.
    private static func dataStart(of file: MappedFile) throws(CheckpointError) -> Int {
        guard file.size >= lengthSize else {
            throw CheckpointError(.safetensors(.noHeaderLength(fileSize: file.size)))
        }
        let declared: UInt64 = file.integer(at: 0)
        guard (2...UInt64(longestHeader)).contains(declared) else {
            throw CheckpointError(.safetensors(.headerLength(declared, limit: longestHeader)))
        }
        let length = Int(declared)
        guard length <= file.size - lengthSize else {
            throw CheckpointError(.safetensors(.headerBeyondFile(length: length, left: file.size - lengthSize)))
        }
        let first: UInt8 = file.integer(at: lengthSize)
        guard first == UInt8(ascii: "{") else { throw CheckpointError(.safetensors(.notABrace(first))) }
        return lengthSize + length
    }
}
