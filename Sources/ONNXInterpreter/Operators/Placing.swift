/// Operators whose results depend on where an element is.
extension Operators {
    static let placing = [
        Operator("CumSum", since: 11, inputs: 2...2, attributes: ["exclusive", "reverse"], evaluate: cumulativeSum),
        Operator("Trilu", since: 14, inputs: 1...2, attributes: ["upper"], evaluate: triangle),
        Operator("NonZero", since: 9, evaluate: nonZero),
        Operator("OneHot", since: 11, inputs: 3...3, attributes: ["axis"], evaluate: oneHot),
    ]

    /// CumSum: the sums of all elements up to each along an axis, without the element itself where `exclusive`, from the
    /// end where `reverse`.
    private static func cumulativeSum(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let axis = try Shapes.resolve(axis: call.integer(1), rank: input.rank)
        let isExclusive = try call.flag("exclusive", default: false)
        let isReverse = try call.flag("reverse", default: false)
        func sums<Number>(_ values: [Number], from zero: Number, _ add: (Number, Number) throws -> Number) rethrows
            -> [Number]
        {
            var sum = zero
            let sums = try (isReverse ? values.reversed() : values).map { value in
                let before = sum
                sum = try add(sum, value)
                return isExclusive ? before : sum
            }
            return isReverse ? sums.reversed() : sums
        }
        try call.checkedCount(of: input.shape)
        let groups = Groups(of: input.shape, along: [axis])
        if case .integer(let values) = input.elements {
            let result = try groups.map(values) { group in
                try sums(group, from: 0) { try whole($0.addingReportingOverflow($1)) }
            }
            return try InterpreterTensor(shape: input.shape, integer: result, type: input.integerType)
        }
        return try InterpreterTensor(shape: input.shape, real: groups.map(call.reals(0)) { sums($0, from: 0, +) })
    }

    /// Trilu: matrices with zeros below their diagonal `k` or, where `upper` is 0, above it. Diagonal 0 is the main one,
    /// positive ones are above it.
    private static func triangle(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        try require(input.rank >= 2, .wrongShape(input: 0, found: input.shape, expected: "matrices"))
        let isUpper = try call.flag("upper", default: true)
        let diagonal = try call.optionalInput(1).map { _ in try call.integer(1) } ?? 0
        let (rows, columns) = (input.shape[input.rank - 2], input.shape[input.rank - 1])
        func masked<Element>(_ values: [Element], with zero: Element) -> [Element] {
            values.enumerated().map { place, value in
                let distance = place % columns - place / columns % rows
                return (isUpper ? distance >= diagonal : distance <= diagonal) ? value : zero
            }
        }
        let elements: InterpreterTensor.Elements =
            switch input.elements {
            case .real(let values): .real(masked(values, with: 0))
            case .integer(let values): .integer(masked(values, with: 0))
            case .boolean(let values): .boolean(masked(values, with: false))
            }
        return try InterpreterTensor(shape: input.shape, elements: elements, integerType: input.integerType)
    }

    /// NonZero: the indices of the elements that are not 0, [axes, elements found]. A scalar counts as a list.
    private static func nonZero(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let shape = input.rank == 0 ? [1] : input.shape
        let places =
            switch input.elements {
            case .real(let values): values.indices.filter { values[$0] != 0 }
            case .integer(let values): values.indices.filter { values[$0] != 0 }
            case .boolean(let values): values.indices.filter { values[$0] }
            }
        let result = [shape.count, places.count]
        try call.checkedCount(of: result)
        let indices = zip(Shapes.strides(of: shape), shape).flatMap { stride, size in
            places.map { $0 / stride % size }
        }
        return try InterpreterTensor(shape: result, integer: indices, type: .int64)
    }

    /// OneHot: along a new axis of size `depth`, the second of `values` where an index points and the first elsewhere. An
    /// index outside of it points nowhere; negative ones count from the back.
    private static func oneHot(_ call: Call) throws -> InterpreterTensor {
        let indices = try call.input(0)
        let axis = try Shapes.resolve(axis: call.int("axis") ?? -1, rank: indices.rank + 1)
        guard try call.input(1).elementCount == 1, let depth = Int(exactly: try call.numbers(1)[0]), depth >= 0 else {
            throw InterpreterError(.invalidValue("depth", value: "another", expected: "one whole number, 0 or more"))
        }
        let values = try call.input(2)
        try require(values.shape == [2], .wrongShape(input: 2, found: values.shape, expected: "[2]"))
        var shape = indices.shape
        shape.insert(depth, at: axis)
        let count = try call.checkedCount(of: shape)

        let stride = Shapes.strides(of: shape)[axis]
        var isOn = [Bool](repeating: false, count: count)
        for (place, index) in try call.numbers(0).enumerated() {
            guard let index = Int(exactly: index.rounded(.towardZero)), index >= -depth, index < depth else { continue }
            let position = index < 0 ? index + depth : index
            isOn[(place / stride * depth + position) * stride + place % stride] = true
        }
        let elements: InterpreterTensor.Elements =
            switch values.elements {
            case .real(let values): .real(isOn.map { $0 ? values[1] : values[0] })
            case .integer(let values): .integer(isOn.map { $0 ? values[1] : values[0] })
            case .boolean(let values): .boolean(isOn.map { $0 ? values[1] : values[0] })
            }
        return try InterpreterTensor(shape: shape, elements: elements, integerType: values.integerType)
    }
}
