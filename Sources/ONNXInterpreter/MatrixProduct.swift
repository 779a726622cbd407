import BLAS

/// A row-major matrix that lies in an array, read as it is or transposed.
struct Matrix {
    let elements: [Double]
    /// Where the first element is.
    let start: Int
    /// The sizes as read: after transposing.
    let rows: Int
    let columns: Int
    let transposed: Bool

    /// `rows` and `columns` are those of the matrix as it lies in the array, which must hold all of it.
    init(_ elements: [Double], from start: Int = 0, rows: Int, columns: Int, transposed: Bool = false) {
        precondition(rows >= 0 && columns >= 0 && start >= 0 && start + rows * columns <= elements.count)
        self.elements = elements
        self.start = start
        self.rows = transposed ? columns : rows
        self.columns = transposed ? rows : columns
        self.transposed = transposed
    }
}

/// Adds factor · left · right to the row-major matrix that lies in `result` from `start` on: with OpenBLAS or, where it
/// can't be opened, in plain loops.
func addProduct(
    _ left: Matrix, _ right: Matrix, scaledBy factor: Double = 1, to result: inout [Double], at start: Int = 0,
    using blas: OpenBLAS? = try? OpenBLAS.load()
) {
    precondition(left.columns == right.rows)
    precondition(start >= 0 && start + left.rows * right.columns <= result.count)
    let (m, n, k) = (left.rows, right.columns, left.columns)
    guard m > 0, n > 0, k > 0 else { return }
    left.elements.withUnsafeBufferPointer { leftElements in
        right.elements.withUnsafeBufferPointer { rightElements in
            result.withUnsafeMutableBufferPointer { resultElements in
                // None is empty: all three matrices have elements.
                guard let a = leftElements.baseAddress.map({ $0 + left.start }),
                    let b = rightElements.baseAddress.map({ $0 + right.start }),
                    let c = resultElements.baseAddress.map({ $0 + start })
                else { return }
                // OpenBLAS counts in 32 bits.
                if let blas, max(m, n, k) <= Int(Int32.max) {
                    blas.dgemm(
                        transposeA: left.transposed, transposeB: right.transposed, m: m, n: n, k: k, alpha: factor,
                        a: a, lda: left.transposed ? m : k, b: b, ldb: right.transposed ? k : n,
                        beta: 1, c: c, ldc: n)
                    return
                }
                // The distances between neighbours down a column and along a row.
                let (leftDown, leftAlong) = left.transposed ? (1, m) : (k, 1)
                let (rightDown, rightAlong) = right.transposed ? (1, k) : (n, 1)
                for row in 0..<m {
                    for inner in 0..<k {
                        let scaled = factor * a[row * leftDown + inner * leftAlong]
                        for column in 0..<n {
                            c[row * n + column] += scaled * b[inner * rightDown + column * rightAlong]
                        }
                    }
                }
            }
        }
    }
}
