/// The names of Python that a checkpoint may have. Each stands for itself: nothing is looked up, and nothing called.
enum PickleGlobal: Sendable, Hashable {
    case orderedDict
    case size
    case rebuildTensor
    case rebuildTensorV2
    case rebuildTensorV3
    case rebuildParameter
    case rebuildParameterWithState
    case parameter
    /// A storage class: elements of a type.
    case storage(TorchType)
    case untypedStorage
    case dtype(TorchType)
    /// A function that gives a memory layout from its name.
    case layout

    /// Nil for every name that is not known.
    init?(_ name: String) {
        guard let global = Self.known[name] else { return nil }
        self = global
    }

    private static let known: [String: PickleGlobal] = {
        var known: [String: PickleGlobal] = [
            "collections.OrderedDict": .orderedDict,
            "torch.Size": .size,
            "torch._utils._rebuild_tensor": .rebuildTensor,
            "torch._utils._rebuild_tensor_v2": .rebuildTensorV2,
            "torch._utils._rebuild_tensor_v3": .rebuildTensorV3,
            "torch._utils._rebuild_parameter": .rebuildParameter,
            "torch._utils._rebuild_parameter_with_state": .rebuildParameterWithState,
            "torch.nn.parameter.Parameter": .parameter,
            "torch.storage.UntypedStorage": .untypedStorage,
            "torch.UntypedStorage": .untypedStorage,
            "torch.serialization._get_layout": .layout,
        ]
        for type in TorchType.allCases {
            known["torch.\(type.dtype)"] = .dtype(type)
            if let storage = type.storage { known["torch.\(storage)"] = .storage(type) }
        }
        return known
    }()

    /// As messages put it.
    var name: String { Self.known.filter { $0.value == self }.keys.min() ?? "a name" }
}

/// The element types of torch.
enum TorchType: Sendable, Hashable, CaseIterable {
    case float32, float16, bfloat16, float64
    case int64, int32, int16, int8, uint8, bool
    case uint16, uint32, uint64
    case complex64, complex128
    case float8E4M3, float8E5M2

    var elementType: CheckpointElementType {
        switch self {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .float64, .int64, .uint64, .complex64: .other(name: dtype, bits: 64)
        case .int32, .uint32: .other(name: dtype, bits: 32)
        case .int16, .uint16: .other(name: dtype, bits: 16)
        case .int8, .uint8, .bool, .float8E4M3, .float8E5M2: .other(name: dtype, bits: 8)
        case .complex128: .other(name: dtype, bits: 128)
        }
    }

    /// Its name in torch.
    var dtype: String {
        switch self {
        case .float8E4M3: "float8_e4m3fn"
        case .float8E5M2: "float8_e5m2"
        default: "\(self)"
        }
    }

    /// The class of its storages, of which the newer types have none.
    var storage: String? {
        switch self {
        case .float32: "FloatStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .float64: "DoubleStorage"
        case .int64: "LongStorage"
        case .int32: "IntStorage"
        case .int16: "ShortStorage"
        case .int8: "CharStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        case .complex64: "ComplexFloatStorage"
        case .complex128: "ComplexDoubleStorage"
        case .uint16, .uint32, .uint64, .float8E4M3, .float8E5M2: nil
        }
    }
}
