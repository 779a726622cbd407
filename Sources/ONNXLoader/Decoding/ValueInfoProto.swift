extension ValueInfo {
    /// Decodes `ValueInfoProto`.
    init(decoding reader: inout WireReader) throws(ONNXError) {
        try reader.charge(MemoryCost.valueInfo + MemoryCost.entry)
        self.init(name: "")
        var type: TensorType?
        while let number = try reader.next() {
            switch number {
            case 1: name = try reader.name("name")
            case 2:
                guard type == nil else { throw reader.failure(.givenTwice("the type"), "type") }
                type = try reader.message("type", TensorType.init(decodingTypeProto:))
            default: try reader.skip()
            }
        }
        elementType = type?.elementType
        shape = type?.shape
    }
}

/// The tensor type that a `TypeProto` declares, if it declares one.
private struct TensorType {
    var elementType: ElementType?
    var shape: [ValueInfo.Dimension]?

    /// Decodes `TypeProto`.
    init(decodingTypeProto reader: inout WireReader) throws(ONNXError) {
        while let number = try reader.next() {
            switch number {
            case 1:
                guard elementType == nil, shape == nil else {
                    throw reader.failure(.givenTwice("the tensor type"), "tensor_type")
                }
                self = try reader.message("tensor_type", TensorType.init(decodingTensor:))
            case 4, 5, 7, 8, 9:
                let kinds = [4: "sequence", 5: "map", 7: "opaque", 8: "sparse_tensor", 9: "optional"]
                let kind = kinds[number] ?? ""
                throw reader.failure(.unsupported("a value of \(kind) type", instead: "tensors are"), "\(kind)_type")
            default: try reader.skip()
            }
        }
    }

    /// Decodes `TypeProto.Tensor`.
    private init(decodingTensor reader: inout WireReader) throws(ONNXError) {
        while let number = try reader.next() {
            switch number {
            case 1: elementType = try ElementType(decoding: &reader, "elem_type")
            case 2:
                guard shape == nil else { throw reader.failure(.givenTwice("the shape"), "shape") }
                shape = try reader.message("shape", Self.decodeShape)
            default: try reader.skip()
            }
        }
    }

    /// Decodes `TensorShapeProto`.
    private static func decodeShape(_ reader: inout WireReader) throws(ONNXError) -> [ValueInfo.Dimension] {
        var shape: [ValueInfo.Dimension] = []
        while try reader.next(1) {
            guard shape.count < Tensor.mostDimensions else {
                throw reader.failure(.tooManyDimensions(limit: Tensor.mostDimensions), "dim[\(shape.count)]")
            }
            shape.append(try reader.message("dim", at: shape.count, Self.decodeDimension))
        }
        return shape
    }

    /// Decodes `TensorShapeProto.Dimension`.
    private static func decodeDimension(_ reader: inout WireReader) throws(ONNXError) -> ValueInfo.Dimension {
        var dimension = ValueInfo.Dimension.symbolic("")
        try reader.charge(MemoryCost.dimension)
        while let number = try reader.next() {
            switch number {
            case 1:
                let size = try reader.integer("dim_value")
                guard size >= 0 else {
                    throw reader.failure(.outOfRange(value: "\(size)", expected: "a size of 0 or more"), "dim_value")
                }
                dimension = .fixed(size)
            case 2: dimension = .symbolic(try reader.name("dim_param"))
            default: try reader.skip()
            }
        }
        return dimension
    }
}

extension ElementType {
    /// Decodes a `TensorProto.DataType`.
    init(decoding reader: inout WireReader, _ name: String) throws(ONNXError) {
        let number = try reader.integer(name)
        guard let type = ElementType(rawValue: number) else {
            throw reader.failure(.unsupportedElementType(number: number), name)
        }
        self = type
    }
}
