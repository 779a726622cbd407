import BLAS
import ONNXLoader
import Testing

@testable import ONNXInterpreter

@Suite struct LinearAlgebraTests {
    @Test func `matrices of two axes`() throws {
        let product = try result("MatMul", real([2, 3], [1, 2, 3, 4, 5, 6]), real([3, 2], [1, -1, 0, 2, 3, 0]))
        #expect(try product == real([2, 2], [10, 3, 22, 6]))
    }

    @Test func `one-dimensional inputs are a row and a column`() throws {
        let row = try real([2], [1, 2])
        #expect(try result("MatMul", row, real([2, 3], [1, 2, 3, 4, 5, 6])) == real([3], [9, 12, 15]))
        #expect(try result("MatMul", real([3, 2], [1, 2, 3, 4, 5, 6]), row) == real([3], [5, 11, 17]))
        #expect(try result("MatMul", row, real([2], [3, 4])) == real([], [11]))
        #expect(try result("MatMul", row, noise([5, 2, 3], seed: 1)).shape == [5, 3])
        #expect(try result("MatMul", noise([5, 3, 2], seed: 1), row).shape == [5, 3])
    }

    @Test func `batches broadcast both ways`() throws {
        let left = try noise([3, 1, 5, 7], seed: 1)
        let right = try noise([2, 7, 4], seed: 2)
        let product = try result("MatMul", left, right)
        #expect(product.shape == [3, 2, 5, 4])
        for outer in 0..<3 {
            for inner in 0..<2 {
                let a = try result("Gather", result("Gather", left, integer([], [outer])), integer([], [0]))
                let b = try result("Gather", right, integer([], [inner]))
                let c = try result("Gather", result("Gather", product, integer([], [outer])), integer([], [inner]))
                #expect(try largestDifference(c, naiveProduct(a, b)) < doubleTolerance)
            }
        }
        #expect(try result("MatMul", real([2, 0], []), real([0, 3], [])) == real([2, 3], [0, 0, 0, 0, 0, 0]))
        #expect(try result("MatMul", real([0, 2], []), real([2, 3], [1, 2, 3, 4, 5, 6])) == real([0, 3], []))
    }

    @Test func `matrices that don't fit`() throws {
        #expect(
            try refusal("MatMul", noise([2, 3], seed: 1), noise([4, 2], seed: 2))
                == .wrongShape(input: 1, found: [4, 2], expected: "3 rows, as input 0 of shape [2, 3] has columns"))
        #expect(
            try refusal("MatMul", noise([2, 2, 3], seed: 1), noise([3, 3, 2], seed: 2)) == .notBroadcastable([2], [3]))
        #expect(
            try refusal("MatMul", real([], [1]), noise([1], seed: 2))
                == .wrongShape(input: 0, found: [], expected: "a matrix"))
        #expect(
            try refusal("MatMul", integer([1, 1], [1]), integer([1, 1], [1]))
                == .wrongKind(input: 0, found: .integer, expected: "real ones"))
    }

    @Test(arguments: [false, true], [false, true])
    func `Gemm transposes, scales and adds`(transposesA: Bool, transposesB: Bool) throws {
        let a = try noise([5, 3], seed: 1)
        let b = try noise([3, 4], seed: 2)
        let flags: [String: Attribute] = [
            "alpha": .float(0.5), "beta": .float(-2), "transA": .int(transposesA ? 1 : 0),
            "transB": .int(transposesB ? 1 : 0),
        ]
        for biasShape in [[4], [5, 1], [1, 4], [5, 4], [], [1]] {
            let bias = try noise(biasShape, seed: 3)
            let product = try result("Mul", naiveProduct(a, b), real([], [0.5]))
            let expected = try result("Add", product, result("Mul", bias, real([], [-2])))
            let y = try result(
                "Gemm", transposesA ? result("Transpose", a) : a, transposesB ? result("Transpose", b) : b, bias,
                attributes: flags)
            #expect(try largestDifference(y, expected) < doubleTolerance)
        }
    }

    @Test func `Gemm without bias, and with one that doesn't fit`() throws {
        let a = try noise([5, 3], seed: 1)
        let b = try noise([3, 4], seed: 2)
        #expect(try largestDifference(result("Gemm", a, b), naiveProduct(a, b)) < doubleTolerance)
        #expect(try result("Gemm", real([2, 0], []), real([0, 1], []), real([1], [3])) == real([2, 1], [3, 3]))
        #expect(
            try refusal("Gemm", a, b, noise([2, 5, 4], seed: 3))
                == .wrongShape(input: 2, found: [2, 5, 4], expected: "one that broadcasts to [5, 4]"))
        #expect(try refusal("Gemm", a, b, noise([3], seed: 3)) == .notBroadcastable([3], [5, 4]))
        #expect(
            refusal("Gemm", a, b, attributes: ["transB": .int(1)])
                == .wrongShape(input: 1, found: [3, 4], expected: "3 rows after transposing"))
        #expect(
            try refusal("Gemm", noise([1, 5, 3], seed: 1), b)
                == .wrongShape(input: 0, found: [1, 5, 3], expected: "a matrix"))
    }

    @Test(arguments: [false, true], [false, true])
    func `plain loops give what OpenBLAS gives`(leftTransposed: Bool, rightTransposed: Bool) throws {
        let blas = try OpenBLAS.load()
        let (rows, inner, columns) = (7, 13, 5)
        let a = try #require(noise([3 + rows * inner], seed: 1).reals)
        let b = try #require(noise([2 + inner * columns], seed: 2).reals)
        let left = Matrix(
            a, from: 3, rows: leftTransposed ? inner : rows, columns: leftTransposed ? rows : inner,
            transposed: leftTransposed)
        let right = Matrix(
            b, from: 2, rows: rightTransposed ? columns : inner, columns: rightTransposed ? inner : columns,
            transposed: rightTransposed)
        var plain = try #require(noise([4 + rows * columns], seed: 3).reals)
        var fast = plain
        let before = plain
        addProduct(left, right, scaledBy: -1.5, to: &plain, at: 4, using: nil)
        addProduct(left, right, scaledBy: -1.5, to: &fast, at: 4, using: blas)
        #expect(plain[..<4] == before[..<4] && fast[..<4] == before[..<4])
        #expect(plain != before)
        #expect(try largestDifference(real([plain.count], plain), real([fast.count], fast)) < doubleTolerance)
    }

    /// The product by its definition.
    private func naiveProduct(_ left: InterpreterTensor, _ right: InterpreterTensor) throws -> InterpreterTensor {
        let (a, b) = (try #require(left.reals), try #require(right.reals))
        let (rows, inner, columns) = (left.shape[0], left.shape[1], right.shape[1])
        let values = (0..<rows * columns).map { place in
            (0..<inner).reduce(0) { $0 + a[place / columns * inner + $1] * b[$1 * columns + place % columns] }
        }
        return try real([rows, columns], values)
    }
}
