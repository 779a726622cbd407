extension NPYArray.Elements {
    /// The same elements in row-major order, where `self` has them in column-major (Fortran) order. The shape must be
    /// theirs.
    func rowMajor(_ shape: [Int]) -> Self {
        switch self {
        case .bool(let values): .bool(transposed(values, shape))
        case .int8(let values): .int8(transposed(values, shape))
        case .int16(let values): .int16(transposed(values, shape))
        case .int32(let values): .int32(transposed(values, shape))
        case .int64(let values): .int64(transposed(values, shape))
        case .uint8(let values): .uint8(transposed(values, shape))
        case .uint16(let values): .uint16(transposed(values, shape))
        case .uint32(let values): .uint32(transposed(values, shape))
        case .uint64(let values): .uint64(transposed(values, shape))
        case .float32(let values): .float32(transposed(values, shape))
        case .float64(let values): .float64(transposed(values, shape))
        case .string(let values): .string(transposed(values, shape))
        }
    }
}

/// Walks the axes as an odometer, last axis fastest, over elements that lie first axis fastest.
private func transposed<Element>(_ values: [Element], _ shape: [Int]) -> [Element] {
    guard !values.isEmpty, shape.count > 1 else { return values }
    var strides: [Int] = []
    var stride = 1
    for axis in shape {
        strides.append(stride)
        stride *= axis
    }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    return values.indices.map { _ in
        defer {
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                position += strides[axis]
                if index[axis] < shape[axis] { break }
                position -= shape[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return values[position]
    }
}
