import ONNXLoader

/// A value of the literal run of a graph: floating-point elements in Double, integers in Int, whatever the graph's own
/// types are.
///
/// The number of elements always agrees with the shape: it was checked when the tensor was made. Two tensors are equal
/// if their shapes and elements are.
package struct InterpreterTensor: Sendable, Equatable {
    package enum Elements: Sendable, Equatable {
        case real([Double])
        case integer([Int])
        case boolean([Bool])

        package var count: Int {
            switch self {
            case .real(let values): values.count
            case .integer(let values): values.count
            case .boolean(let values): values.count
            }
        }

        package var kind: Kind {
            switch self {
            case .real: .real
            case .integer: .integer
            case .boolean: .boolean
            }
        }

        /// The elements that `selection` names, in its order.
        func picked(by selection: Selection) -> Self {
            switch self {
            case .real(let values): .real(selection.pick(from: values))
            case .integer(let values): .integer(selection.pick(from: values))
            case .boolean(let values): .boolean(selection.pick(from: values))
            }
        }
    }

    /// What sort of elements a tensor has.
    package enum Kind: String, Sendable, Hashable {
        case real
        case integer
        case boolean
    }

    /// Row-major; empty for a scalar.
    package let shape: [Int]
    package let elements: Elements
    /// The graph's own type of integer elements where it is known: of those of a file and those that were cast or
    /// quantised, and of a choice or another arrangement of them. Quantising reads the type of a zero point.
    package let integerType: ElementType?

    /// Throws an ``InterpreterError`` unless there are as many elements as `shape` says.
    package init(shape: [Int], elements: Elements, integerType: ElementType? = nil) throws {
        guard let count = try? Shapes.elementCount(of: shape), count == elements.count else {
            throw InterpreterError(.elementCountDiffers(shape: shape, count: elements.count))
        }
        self.shape = shape
        self.elements = elements
        self.integerType = integerType
    }

    package init(shape: [Int], real: [Double]) throws {
        try self.init(shape: shape, elements: .real(real))
    }

    package init(shape: [Int], integer: [Int], type: ElementType? = nil) throws {
        try self.init(shape: shape, elements: .integer(integer), integerType: type)
    }

    package init(shape: [Int], boolean: [Bool]) throws {
        try self.init(shape: shape, elements: .boolean(boolean))
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.shape == second.shape && first.elements == second.elements
    }

    /// The elements that `selection` names, in its shape.
    func picked(by selection: Selection) throws -> Self {
        try Self(shape: selection.shape, elements: elements.picked(by: selection), integerType: integerType)
    }

    /// The same elements in another shape, which must have as many.
    func reshaped(to shape: [Int]) throws -> Self {
        try Self(shape: shape, elements: elements, integerType: integerType)
    }

    package var rank: Int { shape.count }
    package var elementCount: Int { elements.count }
    package var kind: Kind { elements.kind }

    /// The elements in row-major order, or nil if they are not real numbers.
    package var reals: [Double]? {
        if case .real(let values) = elements { values } else { nil }
    }

    /// The elements in row-major order, or nil if they are not integers.
    package var integers: [Int]? {
        if case .integer(let values) = elements { values } else { nil }
    }

    /// The elements in row-major order, or nil if they are not booleans.
    package var booleans: [Bool]? {
        if case .boolean(let values) = elements { values } else { nil }
    }

    /// The elements of a tensor of a file. Throws an ``InterpreterError`` if one can't be represented here.
    package init(_ tensor: Tensor) throws {
        do {
            switch tensor.elementType.kind {
            case .real: try self.init(shape: tensor.shape, real: tensor.doubles())
            case .integer: try self.init(shape: tensor.shape, integer: tensor.integers(), type: tensor.elementType)
            case .boolean: try self.init(shape: tensor.shape, boolean: tensor.booleans())
            }
        } catch let error as ONNXError {
            throw InterpreterError(.unreadableTensor(tensor.name, reason: "\(error)"))
        }
    }

    /// The elements as a file has them: reals rounded to float32, integers as int64, booleans as such.
    ///
    /// Throws an ``InterpreterError`` if a finite number is beyond the range of float32.
    package func tensor(named name: String) throws -> Tensor {
        switch elements {
        case .real(let values):
            let floats = try values.map { value in
                let float = Float(value)
                try require(
                    float.isFinite || !value.isFinite, .notRepresentable("\(value)", as: "\(ElementType.float32)"))
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
    var kind: InterpreterTensor.Kind {
        if isFloatingPoint { return .real }
        return self == .bool ? .boolean : .integer
    }
}
