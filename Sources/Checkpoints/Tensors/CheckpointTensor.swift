import Files

/// A tensor of a checkpoint. Its elements stay where they are in the mapped file until they are asked for.
///
/// The place of the elements always agrees with the shape: both were checked when the tensor was made.
package struct CheckpointTensor: Sendable {
    /// How many dimensions a shape may have.
    package static let mostDimensions = 32

    package let name: String
    package let elementType: CheckpointElementType
    /// Row-major; empty for a scalar. Entries are 0 or more.
    package let shape: [Int]
    /// The product of `shape`: 1 for a scalar.
    package let elementCount: Int
    /// The path of the file that holds it.
    package let path: String

    let file: MappedFile
    let layout: Layout

    /// Where the elements are, little-endian.
    enum Layout: Sendable {
        /// One after another in row-major order: a range of the file.
        case rowMajor(Range<Int>)
        case strided(StridedElements)

        /// The bytes of the file that hold the elements.
        var range: Range<Int> {
            switch self {
            case .rowMajor(let range): range
            case .strided(let elements): elements.range
            }
        }
    }

    /// The caller has checked that the layout is that of the shape's elements and lies within the file.
    init(
        name: String, _ elementType: CheckpointElementType, shape: [Int], file: MappedFile, path: String,
        layout: Layout
    ) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.file = file
        self.path = path
        self.layout = layout
        elementCount = shape.reduce(1, *)
    }

    private static let longestName = 1024

    static func check(name: String) throws(CheckpointError) {
        guard name.utf8.count <= longestName else {
            throw CheckpointError(.nameTooLong(bytes: name.utf8.count, limit: longestName))
        }
    }

    /// Takes the file's pages that hold only this tensor's elements out of memory. They are read again from the file when
    /// they are next needed.
    package func releasePages() { file.releasePages(in: layout.range) }
}
