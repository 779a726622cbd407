/// The element types of safetensors, by the names that headers give them.
enum SafetensorsType {
    static func elementType(named name: String) -> CheckpointElementType? {
        switch name {
        case "F32": .float32
        case "F16": .float16
        case "BF16": .bfloat16
        default: others[name].map { .other(name: name, bits: $0) }
        }
    }

    /// The types whose elements are not read, with the bits of one.
    private static let others = [
        "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64, "F64": 64,
        "C64": 64, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E5M2FNUZ": 8, "F8_E4M3FNUZ": 8, "F4": 4,
        "F6_E2M3": 6, "F6_E3M2": 6,
    ]
}
