/// An array as a `.npy` file holds it: a shape, and elements of one type in row-major (C) order.
package struct NPYArray: Sendable, Equatable {
    /// NumPy's own limit on the number of axes.
    package static let maximumRank = 64

    package enum Elements: Sendable, Equatable {
        case bool([Bool])
        case int8([Int8])
        case int16([Int16])
        case int32([Int32])
        case int64([Int64])
        case uint8([UInt8])
        case uint16([UInt16])
        case uint32([UInt32])
        case uint64([UInt64])
        /// Also what float16 is widened to.
        case float32([Float])
        case float64([Double])
        /// Fixed-width unicode (`<U…`), without the null characters that pad it.
        case string([String])

        package var count: Int {
            switch self {
            case .bool(let values): values.count
            case .int8(let values): values.count
            case .int16(let values): values.count
            case .int32(let values): values.count
            case .int64(let values): values.count
            case .uint8(let values): values.count
            case .uint16(let values): values.count
            case .uint32(let values): values.count
            case .uint64(let values): values.count
            case .float32(let values): values.count
            case .float64(let values): values.count
            case .string(let values): values.count
            }
        }
    }

    /// Empty for a scalar. Entries are 0 or more, and their product is `elements.count`.
    package let shape: [Int]
    package let elements: Elements

    /// - Throws: `.invalidShape`, or `.countMismatch` if the elements do not fill the shape.
    package init(shape: [Int], elements: Elements) throws(NumPyError.Reason) {
        guard try elementCount(of: shape) == elements.count else {
            throw .countMismatch(shape: shape, count: elements.count)
        }
        self.shape = shape
        self.elements = elements
    }

    package init(shape: [Int], float32 values: [Float]) throws(NumPyError.Reason) {
        try self.init(shape: shape, elements: .float32(values))
    }

    /// An array with one axis.
    package init(_ elements: Elements) {
        shape = [elements.count]
        self.elements = elements
    }

    /// The elements if they are float32 (or were float16 in the file).
    package var float32: [Float]? {
        if case .float32(let values) = elements { values } else { nil }
    }

    /// The elements if they are float64.
    package var float64: [Double]? {
        if case .float64(let values) = elements { values } else { nil }
    }

    /// The elements if they are strings.
    package var strings: [String]? {
        if case .string(let values) = elements { values } else { nil }
    }

    /// The elements of any type of number or truth value, as numbers; `nil` for strings. Integers beyond 2^53 are
    /// rounded.
    package var doubles: [Double]? {
        switch elements {
        case .bool(let values): values.map { $0 ? 1 : 0 }
        case .int8(let values): values.map(Double.init)
        case .int16(let values): values.map(Double.init)
        case .int32(let values): values.map(Double.init)
        case .int64(let values): values.map(Double.init)
        case .uint8(let values): values.map(Double.init)
        case .uint16(let values): values.map(Double.init)
        case .uint32(let values): values.map(Double.init)
        case .uint64(let values): values.map(Double.init)
        case .float32(let values): values.map(Double.init)
        case .float64(let values): values
        case .string: nil
        }
    }
}

/// The product of a shape's axes: 1 for a scalar.
func elementCount(of shape: [Int]) throws(NumPyError.Reason) -> Int {
    guard shape.count <= NPYArray.maximumRank, shape.allSatisfy({ $0 >= 0 }) else { throw .invalidShape(shape) }
    if shape.contains(0) { return 0 }
    var count = 1
    for axis in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: axis)
        guard !overflow else { throw .invalidShape(shape) }
        count = product
    }
    return count
}

/// An array without its elements, for writing them piece by piece, in C order and little-endian.
package struct NPYLayout: Sendable, Hashable {
    package enum Element: Sendable, Hashable {
        case float32
        case float64
        /// Fixed-width unicode: UTF-32, padded with nulls to this many characters, at least one.
        case string(width: Int)
    }

    package let shape: [Int]
    package let element: Element

    package init(shape: [Int], _ element: Element) {
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
