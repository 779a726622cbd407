/// A choice of elements from a row-major array, in row-major order of the result: an element's place in the source is
/// the sum of one offset for each axis of the result.
///
/// Transposing, broadcasting, slicing and gathering are all selections.
struct Selection {
    /// What each index along an axis of the result adds to the place in the source.
    enum Axis {
        /// Indices 0, 1, 2 … add first, first + step, first + 2 · step … A step of 0 repeats.
        case regular(first: Int = 0, step: Int, count: Int)
        case listed([Int])

        var count: Int {
            switch self {
            case .regular(_, _, let count): count
            case .listed(let offsets): offsets.count
            }
        }

        var offsets: [Int] {
            switch self {
            case .regular(let first, let step, let count): (0..<count).map { first + $0 * step }
            case .listed(let offsets): offsets
            }
        }
    }

    var axes: [Axis]

    var shape: [Int] { axes.map(\.count) }

    /// Every element of an array with the given dimensions and distances between neighbours. A stride of 0 repeats.
    init(shape: [Int], strides: [Int]) {
        axes = zip(shape, strides).map { size, stride in .regular(step: stride, count: size) }
    }

    /// All of an array of shape `source`, repeated to fill `target`, which must be a shape that it broadcasts to and
    /// whose size has been checked.
    ///
    /// If the array's elements are blocks of `unit` elements, the selected places are those where blocks start.
    init(broadcasting source: [Int], to target: [Int], unit: Int = 1) {
        let padded = Array(repeating: 1, count: target.count - source.count) + source
        let strides = zip(padded, Shapes.strides(of: padded)).map { size, stride in size == 1 ? 0 : stride * unit }
        self.init(shape: target, strides: strides)
    }

    /// The place in the source of each element of the result.
    func places() -> [Int] { map { $0 } }

    /// The selected elements of `source`.
    func pick<Element>(from source: [Element]) -> [Element] { map { source[$0] } }

    /// What `body` makes of the place of each element of the result.
    private func map<Value>(_ body: (Int) -> Value) -> [Value] {
        // An empty result may have huge axes beside the empty one: they are not to be listed.
        guard !axes.contains(where: { $0.count == 0 }) else { return [] }
        var values = [Value]()
        let outer = axes.dropLast().map(\.offsets)
        let run = axes.last?.offsets ?? [0]
        var indices = [Int](repeating: 0, count: outer.count)
        while true {
            let start = outer.indices.reduce(0) { $0 + outer[$1][indices[$1]] }
            for offset in run { values.append(body(start + offset)) }
            // Counts up, the last outer axis fastest.
            var axis = outer.count - 1
            while axis >= 0 {
                indices[axis] += 1
                if indices[axis] < outer[axis].count { break }
                indices[axis] = 0
                axis -= 1
            }
            if axis < 0 { return values }
        }
    }
}

/// The groups of elements of a row-major array that an operator treats together, such as the rows that Softmax works
/// on: the elements that differ only in their indices along some axes.
struct Groups {
    /// The place of each group's first element, groups in row-major order.
    let starts: [Int]
    /// What to add to a group's start for each of its elements, in row-major order.
    let offsets: [Int]

    /// The number of groups must have been checked: it may be large even if there are no elements.
    init(of shape: [Int], along axes: Set<Int>) {
        let strides = Shapes.strides(of: shape)
        let others = shape.indices.filter { !axes.contains($0) }
        let along = shape.indices.filter { axes.contains($0) }
        starts = Selection(shape: others.map { shape[$0] }, strides: others.map { strides[$0] }).places()
        offsets =
            starts.isEmpty ? [] : Selection(shape: along.map { shape[$0] }, strides: along.map { strides[$0] }).places()
    }

    /// One value for each group.
    func reduce<Value>(_ values: [Value], _ body: ([Value]) throws -> Value) rethrows -> [Value] {
        try starts.map { start in try body(offsets.map { values[start + $0] }) }
    }

    /// The array with each group replaced by what `body` makes of it, which must have as many elements.
    func map<Value>(_ values: [Value], _ body: ([Value]) throws -> [Value]) rethrows -> [Value] {
        var result = values
        for start in starts {
            for (offset, value) in zip(offsets, try body(offsets.map { values[start + $0] })) {
                result[start + offset] = value
            }
        }
        return result
    }
}
