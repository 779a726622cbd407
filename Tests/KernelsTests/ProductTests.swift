import Kernels
import Synchronization
import TestSupport
import Testing

/// The same two factors cut to every size; their product in Double is computed once for each depth.
private struct ProductCase {
    static let mostRows = 512
    static let mostColumns = 130
    let depth: Int
    private let a: [Float]  // [mostRows, depth]
    private let b: [Float]  // [depth, mostColumns]
    private let expected: [Double]  // [mostRows, mostColumns]

    init(depth: Int) {
        self.depth = depth
        var samples = Samples(seed: depth)
        a = samples.next(Self.mostRows * depth)
        b = samples.next(depth * Self.mostColumns)
        expected = productInDouble(a, b, Self.mostRows, Self.mostColumns, depth)
    }

    /// The largest error of a product of this size, and whether nothing was written outside of it.
    func run(rows: Int, columns: Int, _ kernels: KernelSet, team: ThreadTeam? = nil) -> (error: Double, intact: Bool) {
        let left = matrix(rows: rows, columns: depth, rowStride: depth + 1, Array(a.prefix(rows * depth)))
        let right = panels(
            depth: depth, columns: columns,
            (0..<depth).flatMap { b[$0 * Self.mostColumns..<$0 * Self.mostColumns + columns] })
        let result = GuardedMatrix(rows: rows, columns: columns)
        kernels.multiply(left, right, into: result.matrix, team: team)
        let exact = (0..<rows).flatMap { expected[$0 * Self.mostColumns..<$0 * Self.mostColumns + columns] }
        return (largestDifference(result.elements, exact), result.isIntact)
    }
}

@Suite("Matrix product")
struct ProductTests {
    /// Rows around the blocks that tasks take, and of every tile height.
    static let rows = [1, 2, 5, 6, 7, 13, 49, 255, 256, 257, 512]
    /// Around vectors and panels.
    static let columns = [1, 15, 16, 17, 63, 64, 65, 127, 130]
    /// Around the parts that are summed in registers, and the blocks that all tiles take.
    static let depths = [1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000]

    @Test("agrees with sums in Double at every block edge, and writes nothing else", arguments: depths, Backend.all)
    func sizes(depth: Int, backend: Backend) throws {
        let kernels = try backend.kernels()
        let product = ProductCase(depth: depth)
        for rows in Self.rows {
            for columns in Self.columns {
                let (error, intact) = product.run(rows: rows, columns: columns, kernels)
                #expect(error <= Tolerance.sum(of: depth), "\(rows) × \(columns)")
                #expect(intact, "\(rows) × \(columns)")
            }
        }
    }

    @Test("shows every task of a shared product once, and gives the same bits", arguments: [1, 2, 3], Backend.all)
    func observer(threads: Int, backend: Backend) throws {
        let kernels = try backend.kernels()
        let (rows, depth, columns) = (300, 33, 2 * Panels.width + 7)
        var samples = Samples(seed: 5)
        let left = matrix(rows: rows, columns: depth, rowStride: depth, samples.next(rows * depth))
        let right = panels(depth: depth, columns: columns, samples.next(depth * columns))
        let (plain, observed) = (
            GuardedMatrix(rows: rows, columns: columns), GuardedMatrix(rows: rows, columns: columns)
        )
        kernels.multiply(left, right, into: plain.matrix, team: ThreadTeam(count: threads))
        let seen = Mutex<[Range<Int>]>([])
        kernels.multiply(left, right, into: observed.matrix, team: ThreadTeam(count: threads)) {
            columns, worker, task in
            #expect((0..<threads).contains(worker))
            task()
            seen.withLock { $0.append(columns) }
        }
        #expect(observed.elements.map(\.bitPattern) == plain.elements.map(\.bitPattern))
        // Two blocks of rows, for each of which the panels are passed by.
        let panels = stride(from: 0, to: columns, by: Panels.width).map { $0..<min(columns, $0 + Panels.width) }
        #expect(seen.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound } == panels.flatMap { [$0, $0] })
    }

    @Test("agrees with sums in Double for every number of rows", arguments: [10, 129], Backend.all)
    func everyRowCount(depth: Int, backend: Backend) throws {
        let kernels = try backend.kernels()
        let product = ProductCase(depth: depth)
        for rows in 1...70 {
            let (error, intact) = product.run(rows: rows, columns: 65, kernels)
            #expect(error <= Tolerance.sum(of: depth) && intact, "\(rows) rows")
        }
    }

    @Test("is shared by a team", arguments: [1, 2, 3, 5], Backend.all)
    func teams(threads: Int, backend: Backend) throws {
        let kernels = try backend.kernels()
        let product = ProductCase(depth: 200)
        let team = ThreadTeam(count: threads)
        for (rows, columns) in [(1, 1), (1, 130), (70, 65), (257, 64), (512, 130)] {
            let (error, intact) = product.run(rows: rows, columns: columns, kernels, team: team)
            #expect(error <= Tolerance.sum(of: 200) && intact, "\(rows) × \(columns)")
        }
    }

    @Test("of nothing is nothing, and of no depth zero", arguments: Backend.all)
    func empty(backend: Backend) throws {
        let kernels = try backend.kernels()
        for (rows, columns) in [(0, 5), (5, 0), (0, 0)] {
            let result = GuardedMatrix(rows: rows, columns: columns)
            kernels.multiply(
                matrix(rows: rows, columns: 3, [Float](repeating: 1, count: rows * 3)),
                panels(depth: 3, columns: columns, [Float](repeating: 1, count: 3 * columns)), into: result.matrix)
            #expect(result.isIntact)
        }
        let result = GuardedMatrix(rows: 7, columns: 65)
        kernels.multiply(
            matrix(rows: 7, columns: 0, []), panels(depth: 0, columns: 65, []), into: result.matrix)
        #expect(result.elements.allSatisfy { $0 == 0 } && result.isIntact)
    }

    @Test("takes parts of panels: some of the depth, and columns from a panel on", arguments: Backend.all)
    func parts(backend: Backend) throws {
        let kernels = try backend.kernels()
        let (rows, columns, depth) = (9, 200, 150)
        var samples = Samples(seed: 11)
        let (a, b) = (samples.next(rows * depth), samples.next(depth * columns))
        let (left, right) = (
            matrix(rows: rows, columns: depth, a), panels(depth: depth, columns: columns, b)
        )
        for depths in [0..<depth, 3..<131, 149..<150] {
            for taken in [0..<200, 64..<70, 128..<200, 64..<192] {
                let result = GuardedMatrix(rows: rows, columns: taken.count)
                kernels.multiply(
                    left[rows: 0..<rows, columns: depths], right[depth: depths][columns: taken], into: result.matrix)
                let exact = productInDouble(
                    (0..<rows).flatMap { a[$0 * depth + depths.lowerBound..<$0 * depth + depths.upperBound] },
                    depths.flatMap { b[$0 * columns + taken.lowerBound..<$0 * columns + taken.upperBound] },
                    rows, taken.count, depths.count)
                #expect(largestDifference(result.elements, exact) <= Tolerance.sum(of: depths.count))
                #expect(result.isIntact)
            }
        }
    }

    @Test("with factors of other sizes is stopped")
    func bounds() async {
        await #expect(processExitsWith: .failure) {
            let result = MutableMatrix(FloatBuffer(count: 4), rows: 2, columns: 2)
            try KernelSet().multiply(
                matrix(rows: 2, columns: 3, [1, 2, 3, 4, 5, 6]), panels(depth: 2, columns: 2, [1, 2, 3, 4]),
                into: result)
        }
        await #expect(processExitsWith: .failure) {
            let result = MutableMatrix(FloatBuffer(count: 6), rows: 2, columns: 3)
            try KernelSet().multiply(
                matrix(rows: 2, columns: 2, [1, 2, 3, 4]), panels(depth: 2, columns: 2, [1, 2, 3, 4]), into: result)
        }
        await #expect(processExitsWith: .failure) {
            let result = MutableMatrix(FloatBuffer(count: 4), rows: 2, columns: 2)
            try KernelSet().multiply(
                matrix(rows: 2, columns: 2, [1, 2, 3, 4]), panels(depth: 2, columns: 2, [1, 2, 3, 4]), into: result,
                Epilogue(bias: ConstantVector([1])))
        }
    }
}
