import Kernels
import TestSupport
import Testing

@Suite("Bits of a product")
struct ProductBitsTests {
    private static let depth = 300
    private static let columns = 130
    private static let rows = 600

    /// A product with all epilogues, of some of the rows of the same matrix.
    private static func product(
        _ kernels: KernelSet, rows: Range<Int> = 0..<rows, columns: Int = columns, team: ThreadTeam? = nil
    ) -> [UInt32] {
        var samples = Samples(seed: 5)
        let a = matrix(rows: Self.rows, columns: depth, samples.next(Self.rows * depth))
        let b = panels(depth: depth, columns: Self.columns, samples.next(depth * Self.columns))
        let bias = ConstantVector(samples.next(Self.columns))
        let result = mutableMatrix(rows: Self.rows, columns: Self.columns, samples.next(Self.rows * Self.columns))
        let c = result[rows: rows, columns: 0..<columns]
        kernels.multiply(
            a[rows: rows], b[columns: 0..<columns], into: c,
            Epilogue(bias: bias[0..<columns], gelu: true, adding: Matrix(c)), team: team)
        return bits(Matrix(c).elements())
    }

    @Test("are the same whatever the team, and from run to run", arguments: Backend.all)
    func teams(backend: Backend) throws {
        let kernels = try backend.kernels()
        let alone = Self.product(kernels)
        for threads in [1, 2, 3, 5] {
            let team = ThreadTeam(count: threads)
            for _ in 0..<3 { #expect(Self.product(kernels, team: team) == alone, "\(threads) threads") }
        }
    }

    @Test("of a row don't depend on how many rows and columns there are, with tiles", arguments: Backend.tiles)
    func rowCounts(backend: Backend) throws {
        let kernels = try backend.kernels()
        let all = Self.product(kernels)
        func expected(_ rows: Range<Int>, _ columns: Int) -> [UInt32] {
            rows.flatMap { all[$0 * Self.columns..<$0 * Self.columns + columns] }
        }
        for count in Array(1...70) + [127, 128, 129, 255, 256, 257, 511, 512, 513] {
            for first in [0, 5] {
                let rows = first..<first + count
                #expect(Self.product(kernels, rows: rows) == expected(rows, Self.columns), "rows \(rows)")
            }
        }
        for columns in [1, 15, 16, 17, 63, 64, 65, 127, 128] {
            #expect(
                Self.product(kernels, rows: 3..<52, columns: columns) == expected(3..<52, columns),
                "\(columns) columns")
        }
    }
}
