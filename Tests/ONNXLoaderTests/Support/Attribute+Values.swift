import ONNXLoader

// The value of an attribute, if it is of that type.
extension Attribute {
    var float: Float? { if case .float(let value) = self { value } else { nil } }
    var int: Int64? { if case .int(let value) = self { value } else { nil } }
    var string: String? { if case .string(let value) = self { value } else { nil } }
    var tensor: Tensor? { if case .tensor(let value) = self { value } else { nil } }
    var floats: [Float]? { if case .floats(let value) = self { value } else { nil } }
    var ints: [Int64]? { if case .ints(let value) = self { value } else { nil } }
    var strings: [String]? { if case .strings(let value) = self { value } else { nil } }
}
