/// A value of the literal run of a graph: floating-point elements in Double, integers in Int, whatever the graph's own
/// types are.
///
/// The number of elements always agrees with the shape: it was checked when the tensor was made.
public struct InterpreterTensor: Sendable, Equatable {
    public enum Elements: Sendable, Equatable {
        case real([Double])
        case integer([Int])
        case boolean([Bool])
    }

    /// What sort of elements a tensor has.
    public enum Kind: String, Sendable, Hashable {
        case real
        case integer
        case boolean
    }

    /// Row-major; empty for a scalar.
    public let shape: [Int]
    public let elements: Elements

    /// Throws an ``InterpreterError`` unless there are as many elements as `shape` says.
    public init(shape: [Int], elements: Elements) throws {
        guard let count = try? Shapes.elementCount(of: shape), count == elements.count else {
            throw InterpreterError(.elementCountDiffers(shape: shape, count: elements.count))
        }
        self.shape = shape
        self.elements = elements
    }

    public init(shape: [Int], real: [Double]) throws {
        try self.init(shape: shape, elements: .real(real))
    }

    public init(shape: [Int], integer: [Int]) throws {
        try self.init(shape: shape, elements: .integer(integer))
    }

    public init(shape: [Int], boolean: [Bool]) throws {
        try self.init(shape: shape, elements: .boolean(boolean))
    }

    public var rank: Int { shape.count }
    public var elementCount: Int { elements.count }
    public var kind: Kind { elements.kind }

    /// The elements in row-major order, or nil where they are not real numbers.
    public var reals: [Double]? {
        if case .real(let values) = elements { values } else { nil }
    }

    /// The elements in row-major order, or nil where they are not integers.
    public var integers: [Int]? {
        if case .integer(let values) = elements { values } else { nil }
    }

    /// The elements in row-major order, or nil where they are not booleans.
    public var booleans: [Bool]? {
        if case .boolean(let values) = elements { values } else { nil }
    }
}

extension InterpreterTensor.Elements {
    public var count: Int {
        switch self {
        case .real(let values): values.count
        case .integer(let values): values.count
        case .boolean(let values): values.count
        }
    }

    public var kind: InterpreterTensor.Kind {
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
