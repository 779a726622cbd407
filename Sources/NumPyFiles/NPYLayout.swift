/// What an array is, without its elements: for those that are written piece by piece, in C order and little-endian.
public struct NPYLayout: Sendable, Hashable {
    public enum Element: Sendable, Hashable {
        case float32
        case float64
        /// Fixed-width unicode: UTF-32, padded with nulls to this many characters, at least one.
        case string(width: Int)
    }

    public let shape: [Int]
    public let element: Element

    public init(shape: [Int], _ element: Element) {
        self.shape = shape
        self.element = element
    }

    var header: NPYHeader {
        let type: NPYElementType =
            switch element {
            case .float32: NPYElementType(.float, byteSize: 4)
            case .float64: NPYElementType(.float, byteSize: 8)
            case .string(let width): NPYElementType(.unicode, byteSize: width * 4)
            }
        return NPYHeader(type: type, fortranOrder: false, shape: shape)
    }
}
