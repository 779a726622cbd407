/// The groups of elements of a row-major array that an operator treats together, such as the rows that Softmax works
/// on: the elements that differ only in their indices along some axes.
struct Groups {
    /// The place of each group's first element, groups in row-major order.
    let starts: [Int]
    /// What to add to a group's start for each of its elements, in row-major order.
    let offsets: [Int]

    /// The number of groups must have been checked: it may be large even where there are no elements.
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
    func map(_ values: [Double], _ body: ([Double]) -> [Double]) -> [Double] {
        var result = values
        for start in starts {
            for (offset, value) in zip(offsets, body(offsets.map { values[start + $0] })) {
                result[start + offset] = value
            }
        }
        return result
    }
}
