import ONNXLoader

extension OracleTensor {
    /// The elements of a tensor of a file. Throws an ``OracleError`` where one can't be represented here.
    package init(_ tensor: Tensor) throws {
        do {
            switch tensor.elementType.kind {
            case .real: try self.init(shape: tensor.shape, real: tensor.doubles())
            case .integer: try self.init(shape: tensor.shape, integer: tensor.integers())
            case .boolean: try self.init(shape: tensor.shape, boolean: tensor.booleans())
            }
        } catch let error as ONNXError {
            throw OracleError(.unreadableTensor(tensor.name, reason: "\(error)"))
        }
    }

    /// The elements as a file has them: reals rounded to float32, integers as int64, booleans as such.
    ///
    /// Throws an ``OracleError`` where a finite number is beyond the range of float32.
    package func tensor(named name: String) throws -> Tensor {
        switch elements {
        case .real(let values):
            let floats = try values.map { value in
                let float = Float(value)
                guard float.isFinite || !value.isFinite else {
                    throw OracleError(.notRepresentable("\(value)", as: "\(ElementType.float32)"))
                }
                return float
            }
            return try Tensor(name: name, shape: shape, floats: floats)
        case .integer(let values):
            return try Tensor(name: name, shape: shape, integers: values)
        case .boolean(let values):
            return try Tensor(name: name, shape: shape, booleans: values)
        }
    }
}

extension ElementType {
    /// What becomes of elements of this type here.
    var kind: OracleTensor.Kind {
        if isFloatingPoint { return .real }
        return self == .bool ? .boolean : .integer
    }
}
