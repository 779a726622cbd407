/// A choice of elements from a row-major array, in row-major order of the result: an element's place in the source is
/// the sum of one offset for each axis of the result.
///
/// Transposing, broadcasting, slicing and gathering are all selections.
struct Selection {
    /// For each axis of the result, what each index along it adds to the place in the source.
    var offsets: [[Int]]

    var shape: [Int] { offsets.map(\.count) }

    init(offsets: [[Int]]) {
        self.offsets = offsets
    }

    /// Every element of an array with the given dimensions and distances between neighbours. A stride of 0 repeats.
    init(shape: [Int], strides: [Int]) {
        offsets = zip(shape, strides).map { size, stride in (0..<size).map { $0 * stride } }
    }

    /// All of an array of shape `source`, repeated to fill `target`, which must be a shape that it broadcasts to and
    /// whose size has been checked.
    init(broadcasting source: [Int], to target: [Int]) {
        self.init(unit: 1, broadcasting: source, to: target)
    }

    /// Like ``init(broadcasting:to:)``, for an array whose elements are blocks of `unit` elements: selects the place
    /// where each block starts.
    init(unit: Int, broadcasting source: [Int], to target: [Int]) {
        let padded = Array(repeating: 1, count: target.count - source.count) + source
        let strides = zip(padded, Shapes.strides(of: padded)).map { size, stride in size == 1 ? 0 : stride * unit }
        self.init(shape: target, strides: strides)
    }

    /// Calls `body` with the place in the source of each element of the result, run by run: a start and the offsets
    /// along the last axis.
    private func forEachRun(_ body: (_ start: Int, _ run: [Int]) -> Void) {
        guard let run = offsets.last else { return body(0, [0]) }
        guard !shape.contains(0) else { return }
        let outer = offsets.dropLast()
        var indices = [Int](repeating: 0, count: outer.count)
        while true {
            var start = 0
            for axis in outer.indices { start += outer[axis][indices[axis]] }
            body(start, run)
            var axis = outer.count - 1
            while axis >= 0 {
                indices[axis] += 1
                if indices[axis] < outer[axis].count { break }
                indices[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }

    private var count: Int { offsets.reduce(1) { $0 * $1.count } }

    /// The place in the source of each element of the result.
    func places() -> [Int] {
        var places = [Int]()
        places.reserveCapacity(count)
        forEachRun { start, run in
            for offset in run { places.append(start + offset) }
        }
        return places
    }

    /// The selected elements of `source`.
    func pick<Element>(from source: [Element]) -> [Element] {
        var picked = [Element]()
        picked.reserveCapacity(count)
        forEachRun { start, run in
            for offset in run { picked.append(source[start + offset]) }
        }
        return picked
    }
}
