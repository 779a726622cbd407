/// Operators that cut a tensor or extend it along its axes.
extension Operators {
    static let resizing = [
        Operator("Split", since: 11, inputs: 1...1, outputs: 1...Int.max, attributes: ["axis", "split"]) {
            try split($0, sizes: $0.ints("split"))
        },
        Operator("Split", since: 13, inputs: 1...2, outputs: 1...Int.max, attributes: ["axis"]) {
            try split($0, sizes: $0.optionalIntegerList(1))
        },
        Operator("Split", since: 18, inputs: 1...2, outputs: 1...Int.max, attributes: ["axis", "num_outputs"]) {
            try splitWithRest($0)
        },
        Operator("Pad", since: 11, inputs: 2...3, attributes: ["mode"], evaluate: pad),
        Operator("Pad", since: 18, inputs: 2...4, attributes: ["mode"], evaluate: pad),
        Operator("Tile", since: 6, inputs: 2...2, evaluate: tile),
    ]

    /// Split: parts of the given sizes along `axis`, which add up to it; without sizes, equal ones.
    private static func split(_ call: Call, sizes: [Int]?) throws -> [InterpreterTensor] {
        let input = try call.input(0)
        let axis = try Shapes.resolve(axis: call.int("axis") ?? 0, rank: input.rank)
        let count = call.node.outputs.count
        let length = input.shape[axis]
        if sizes == nil, length % count != 0 {
            throw InterpreterError(
                .wrongShape(
                    input: 0, found: input.shape, expected: "a multiple of \(count) on axis \(axis), or sizes of parts")
            )
        }
        let sizes = sizes ?? Array(repeating: length / count, count: count)
        var total = 0
        for size in sizes where size >= 0 { total = try whole(total.addingReportingOverflow(size)) }
        guard sizes.count == count, sizes.allSatisfy({ $0 >= 0 }), total == length else {
            throw InterpreterError(
                .invalidValue("the list of sizes", value: "\(sizes)", expected: "\(count) that add up to \(length)"))
        }

        let strides = Shapes.strides(of: input.shape)
        var selection = Selection(shape: input.shape, strides: strides)
        var start = 0
        return try sizes.map { size in
            selection.axes[axis] = .regular(first: start * strides[axis], step: strides[axis], count: size)
            start += size
            return try input.picked(by: selection)
        }
    }

    /// Split from operator set 18 on: `num_outputs` parts of one size, the last with what is left.
    private static func splitWithRest(_ call: Call) throws -> [InterpreterTensor] {
        let sizes = try call.optionalIntegerList(1)
        guard let count = try call.int("num_outputs") else { return try split(call, sizes: sizes) }
        let outputs = call.node.outputs.count
        try require(
            count == outputs && sizes == nil,
            .unsupportedAttributeValue("num_outputs", value: "\(count)", expected: "\(outputs), and no list of sizes"))
        let input = try call.input(0)
        let length = input.shape[try Shapes.resolve(axis: call.int("axis") ?? 0, rank: input.rank)]
        let part = length / count + (length % count == 0 ? 0 : 1)
        let (taken, overflow) = part.multipliedReportingOverflow(by: count - 1)
        try require(
            !overflow && taken <= length,
            .invalidValue("the number of parts", value: "\(count)", expected: "no more than \(length) elements make"))
        return try split(call, sizes: Array(repeating: part, count: count - 1) + [length - taken])
    }

    /// Pad: a constant, or 0, before and after the elements of each axis in `axes` (without them, of all): the second
    /// input has how many before, for each axis, and then how many after. Negative numbers cut.
    private static func pad(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let mode = try call.string("mode") ?? "constant"
        try require(
            mode == "constant", .unsupportedAttributeValue("mode", value: "'\(mode)'", expected: "'constant'"))
        let pads = try call.integerList(1)
        let axes = try call.optionalIntegerList(3) ?? Array(input.shape.indices)
        _ = try Shapes.resolve(axes: axes, rank: input.rank)
        try require(
            pads.count == 2 * axes.count,
            .wrongShape(input: 1, found: [pads.count], expected: "[\(2 * axes.count)], two for each axis"))

        var shape = input.shape
        // Where the first element of the input is in the result, and of the result in the input.
        var (starts, cuts) = (shape.map { _ in 0 }, shape.map { _ in 0 })
        var kept = shape
        for (position, given) in axes.enumerated() {
            let axis = try Shapes.resolve(axis: given, rank: input.rank)
            let (before, after) = (pads[position], pads[axes.count + position])
            let size = try whole(shape[axis].addingReportingOverflow(before))
            shape[axis] = try whole(size.addingReportingOverflow(after))
            starts[axis] = max(before, 0)
            cuts[axis] = try whole(0.subtractingReportingOverflow(min(before, 0)))
            let end = try whole(input.shape[axis].addingReportingOverflow(min(after, 0)))
            kept[axis] = max(0, try whole(end.subtractingReportingOverflow(cuts[axis])))
        }
        let count = try call.checkedCount(of: shape)
        let (inputStrides, strides) = (Shapes.strides(of: input.shape), Shapes.strides(of: shape))
        func padded<Element>(_ values: [Element], with value: Element) -> [Element] {
            var result = [Element](repeating: value, count: count)
            guard !kept.contains(0) else { return result }
            let origin = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
            let first = zip(cuts, inputStrides).reduce(0) { $0 + $1.0 * $1.1 }
            let targets = Selection(shape: kept, strides: strides).places()
            for (target, source) in zip(targets, Selection(shape: kept, strides: inputStrides).places()) {
                result[origin + target] = values[first + source]
            }
            return result
        }
        let hasValue = call.optionalInput(2) != nil
        switch input.elements {
        case .real(let values):
            return try InterpreterTensor(shape: shape, real: padded(values, with: hasValue ? call.real(2) : 0))
        case .integer(let values):
            return try InterpreterTensor(
                shape: shape, integer: padded(values, with: hasValue ? call.integer(2) : 0), type: input.integerType)
        case .boolean(let values):
            let value = hasValue ? try call.booleans(2) : [false]
            guard value.count == 1 else {
                throw InterpreterError(
                    .wrongShape(input: 2, found: try call.input(2).shape, expected: "a scalar"))
            }
            return try InterpreterTensor(shape: shape, boolean: padded(values, with: value[0]))
        }
    }

    /// Tile: the input repeated along each axis as often as the second input says.
    private static func tile(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        let repeats = try call.integerList(1)
        try require(
            repeats.count == input.rank,
            .wrongShape(input: 1, found: [repeats.count], expected: "[\(input.rank)], one for each axis"))
        try require(repeats.allSatisfy { $0 >= 0 }, .negativeDimension(shape: repeats))
        let shape = try zip(input.shape, repeats).map { try whole($0.multipliedReportingOverflow(by: $1)) }
        try call.checkedCount(of: shape)
        var selection = Selection(shape: shape, strides: Shapes.strides(of: input.shape))
        if !shape.contains(0) {
            for (axis, stride) in Shapes.strides(of: input.shape).enumerated() {
                selection.axes[axis] = .listed((0..<shape[axis]).map { $0 % input.shape[axis] * stride })
            }
        }
        return try input.picked(by: selection)
    }
}
