/// Arithmetic on shapes, axes and indices. Everything here may come from a file, so nothing may overflow.
enum Shapes {
    /// The product of the dimensions: 1 for a scalar.
    ///
    /// Throws if a dimension is negative, or if the product is above `limit`. Zero dimensions count as one in
    /// that comparison, so that every stride and every single dimension of an accepted shape is within the limit too.
    static func elementCount(of shape: [Int], limit: Int = .max) throws -> Int {
        var product = 1
        for dimension in shape {
            try require(dimension >= 0, .negativeDimension(shape: shape))
            let (next, overflow) = product.multipliedReportingOverflow(by: max(dimension, 1))
            try require(!overflow && next <= limit, .tooManyElements(shape: shape, limit: limit))
            product = next
        }
        return shape.contains(0) ? 0 : product
    }

    /// The distance between neighbours along each axis of a row-major array. `shape` must have been accepted by
    /// ``elementCount(of:limit:)``.
    static func strides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
        }
        return strides
    }

    /// `axis` counted from the front; negative ones count from the back.
    static func resolve(axis: Int, rank: Int) throws -> Int {
        try require(axis >= -rank && axis < rank, .axisOutOfRange(axis, rank: rank))
        return axis < 0 ? axis + rank : axis
    }

    /// Axes counted from the front, as a set. Throws if one is given twice.
    static func resolve(axes: [Int], rank: Int) throws -> Set<Int> {
        var resolved = Set<Int>()
        for axis in axes {
            guard resolved.insert(try resolve(axis: axis, rank: rank)).inserted else {
                throw InterpreterError(.repeatedAxis(axis))
            }
        }
        return resolved
    }

    /// `index` counted from the front; negative ones count from the back.
    static func resolve(index: Int, count: Int) throws -> Int {
        try require(index >= -count && index < count, .indexOutOfRange(index, count: count))
        return index < 0 ? index + count : index
    }

    /// How many numbers there are from one number up to but without another that is `distance` away, in steps of
    /// `step`, which is not 0.
    static func stepCount(over distance: Int, by step: Int) -> Int {
        guard distance.signum() == step.signum() else { return 0 }
        return Int((distance.magnitude - 1) / step.magnitude) + 1
    }

    /// The shape that two shapes broadcast to, by numpy's rule: axes are matched from the back, and a missing axis or
    /// one of size 1 repeats.
    static func broadcast(_ first: [Int], _ second: [Int]) throws -> [Int] {
        let rank = max(first.count, second.count)
        let left = Array(repeating: 1, count: rank - first.count) + first
        let right = Array(repeating: 1, count: rank - second.count) + second
        return try zip(left, right).map { a, b in
            if a == b || b == 1 { return a }
            if a == 1 { return b }
            throw InterpreterError(.notBroadcastable(first, second))
        }
    }
}
