/// Operators that read or replace single elements and blocks at given indices. Negative indices count from the back.
extension Operators {
    static let indexing = [
        Operator("GatherElements", since: 11, inputs: 2...2, attributes: ["axis"], evaluate: gatherElements),
        Operator("GatherND", since: 11, inputs: 2...2, evaluate: gatherBlocks),
        Operator("GatherND", since: 12, inputs: 2...2, attributes: ["batch_dims"], evaluate: gatherBlocks),
        Operator("ScatterElements", since: 11, inputs: 3...3, attributes: ["axis"], evaluate: scatterElements),
        Operator(
            "ScatterElements", since: 16, inputs: 3...3, attributes: ["axis", "reduction"], evaluate: scatterElements),
        Operator("ScatterND", since: 11, inputs: 3...3, evaluate: scatterBlocks),
        Operator("ScatterND", since: 16, inputs: 3...3, attributes: ["reduction"], evaluate: scatterBlocks),
    ]

    /// GatherElements: for each index of the second input, the element at that index along `axis` and at the index's own
    /// place along the other axes.
    private static func gatherElements(_ call: Call) throws -> InterpreterTensor {
        let data = try call.input(0)
        let shape = try call.input(1).shape
        let places = try elementPlaces(call)
        return try InterpreterTensor(
            shape: shape, elements: data.elements.picked(at: places), integerType: data.integerType)
    }

    /// ScatterElements: the first input with the elements that GatherElements would read replaced by those of the third,
    /// in their order.
    private static func scatterElements(_ call: Call) throws -> InterpreterTensor {
        try requireNoReduction(call)
        let data = try call.input(0)
        let (indices, updates) = (try call.input(1).shape, try call.input(2))
        try require(
            updates.shape == indices, .wrongShape(input: 2, found: updates.shape, expected: "\(indices), as input 1"))
        let places = try elementPlaces(call)
        return try InterpreterTensor(
            shape: data.shape, elements: data.elements.replacing(places, by: updates.elements),
            integerType: data.integerType)
    }

    /// Where in the first input each index of the second points.
    private static func elementPlaces(_ call: Call) throws -> [Int] {
        let (data, shape) = (try call.input(0).shape, try call.input(1).shape)
        let axis = try Shapes.resolve(axis: call.int("axis") ?? 0, rank: data.count)
        guard shape.count == data.count, data.indices.allSatisfy({ $0 == axis || shape[$0] <= data[$0] }) else {
            throw InterpreterError(
                .wrongShape(input: 1, found: shape, expected: "\(data) or less on all axes but axis \(axis)"))
        }
        try call.checkedCount(of: shape)
        var strides = Shapes.strides(of: data)
        let stride = strides[axis]
        strides[axis] = 0
        return try zip(Selection(shape: shape, strides: strides).places(), call.integers(1)).map { start, index in
            start + stride * (try Shapes.resolve(index: index, count: data[axis]))
        }
    }

    /// GatherND: for each list of indices along the last axis of the second input, the element or block of the first that
    /// it names. With `batch_dims`, that many axes are common to both, and lists name what is within them.
    private static func gatherBlocks(_ call: Call) throws -> InterpreterTensor {
        let data = try call.input(0)
        let blocks = try Blocks(call, batchRank: try call.int("batch_dims") ?? 0)
        try call.checkedCount(of: blocks.shape)
        return try InterpreterTensor(
            shape: blocks.shape, elements: data.elements.picked(at: blocks.places()), integerType: data.integerType)
    }

    /// ScatterND: the first input with the elements or blocks that GatherND would read replaced by those of the third, in
    /// their order.
    private static func scatterBlocks(_ call: Call) throws -> InterpreterTensor {
        try requireNoReduction(call)
        let (data, updates) = (try call.input(0), try call.input(2))
        let blocks = try Blocks(call, batchRank: 0)
        try require(
            updates.shape == blocks.shape,
            .wrongShape(input: 2, found: updates.shape, expected: "\(blocks.shape), as input 1 names"))
        return try InterpreterTensor(
            shape: data.shape, elements: data.elements.replacing(blocks.places(), by: updates.elements),
            integerType: data.integerType)
    }

    private static func requireNoReduction(_ call: Call) throws {
        let reduction = try call.string("reduction") ?? "none"
        try require(
            reduction == "none",
            .unsupportedAttributeValue("reduction", value: "'\(reduction)'", expected: "'none'"))
    }
}

/// The elements or blocks of a call's first input that the lists of indices in its second name.
private struct Blocks {
    /// Of all of them together.
    let shape: [Int]
    private let starts: [Int]
    private let size: Int

    init(_ call: Call, batchRank: Int) throws {
        let (data, indices) = (try call.input(0).shape, try call.input(1).shape)
        guard let length = indices.last, batchRank >= 0, batchRank < indices.count, batchRank <= data.count,
            length <= data.count - batchRank, data[..<batchRank] == indices[..<batchRank]
        else {
            throw InterpreterError(
                .wrongShape(
                    input: 1, found: indices, expected: "lists of indices into \(data), with \(batchRank) axes alike"))
        }
        shape = Array(indices.dropLast() + data[(batchRank + length)...])
        size = try Shapes.elementCount(of: Array(data[(batchRank + length)...]))
        let lists = try Shapes.elementCount(of: indices.dropLast())
        try call.checkedCount(of: Array(indices.dropLast()))
        let perBatch = try Shapes.elementCount(of: Array(indices[batchRank...].dropLast()))
        let strides = Shapes.strides(of: data)
        let batchStride = batchRank == 0 ? 0 : strides[batchRank - 1]
        let values = try call.integers(1)
        starts = try (0..<lists).map { list in
            try (0..<length).reduce(list / perBatch * batchStride) { start, position in
                let axis = batchRank + position
                return start + strides[axis]
                    * (try Shapes.resolve(index: values[list * length + position], count: data[axis]))
            }
        }
    }

    /// The place of each element. How many there are must have been checked.
    func places() -> [Int] { size == 0 ? [] : starts.flatMap { $0..<$0 + size } }
}

extension InterpreterTensor.Elements {
    fileprivate func picked(at places: [Int]) -> Self {
        switch self {
        case .real(let values): .real(places.map { values[$0] })
        case .integer(let values): .integer(places.map { values[$0] })
        case .boolean(let values): .boolean(places.map { values[$0] })
        }
    }

    /// These with the elements at some places replaced by `updates`, as many and of the same kind.
    fileprivate func replacing(_ places: [Int], by updates: Self) throws -> Self {
        func replaced<Element>(_ values: [Element], _ updates: [Element]) -> [Element] {
            var result = values
            for (place, update) in zip(places, updates) { result[place] = update }
            return result
        }
        switch (self, updates) {
        case (.real(let values), .real(let updates)): return .real(replaced(values, updates))
        case (.integer(let values), .integer(let updates)): return .integer(replaced(values, updates))
        case (.boolean(let values), .boolean(let updates)): return .boolean(replaced(values, updates))
        default: throw InterpreterError(.kindsDiffer(kind, updates.kind))
        }
    }
}
