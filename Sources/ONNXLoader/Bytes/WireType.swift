/// How the bytes of a protobuf field are laid out.
public enum WireType: Int, Sendable, Hashable {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case groupStart = 3
    case groupEnd = 4
    case fixed32 = 5
}

extension WireType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .varint: "a varint"
        case .fixed64: "8 bytes"
        case .lengthDelimited: "length and bytes"
        case .groupStart, .groupEnd: "a group"
        case .fixed32: "4 bytes"
        }
    }
}
