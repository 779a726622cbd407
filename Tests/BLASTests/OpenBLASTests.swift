import Foundation
import Testing

@testable import BLAS

@Suite("OpenBLAS")
struct OpenBLASTests {
    @Test("runs the kernels that suit the CPU, unless the user chose others")
    func coreName() throws {
        let blas = try OpenBLAS.load()
        let chosen = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] ?? InstructionSet.current.openBLASCore
        if let chosen {
            #expect(blas.coreName.lowercased() == chosen.lowercased())
        } else {
            #expect(!blas.coreName.isEmpty)
        }
    }

    @Test(
        "leaves the environment as the process was given it", arguments: ["OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS"])
    func environment(variable: String) throws {
        _ = try OpenBLAS.load()
        let given = try Data(contentsOf: URL(filePath: "/proc/self/environ")).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
        let value = given.first { $0.hasPrefix("\(variable)=") }.map { $0.dropFirst(variable.count + 1) }
        #expect(getenv(variable).map { String(cString: $0) } == value.map(String.init))
    }

    @Test("multiplies in single and double precision, transposed or not", arguments: [false, true], [false, true])
    func products(transposeA: Bool, transposeB: Bool) throws {
        let (m, n, k) = (3, 5, 7)
        let a = (0..<m * k).map { Double($0 % 11) - 5 }
        let b = (0..<k * n).map { Double($0 % 7) - 3 }
        let c = (0..<m * n).map { Double($0) }
        let (lda, ldb) = (transposeA ? m : k, transposeB ? k : n)
        var expected = c.map { 2 * $0 }
        for row in 0..<m {
            for column in 0..<n {
                for inner in 0..<k {
                    let x = transposeA ? a[inner * lda + row] : a[row * lda + inner]
                    let y = transposeB ? b[column * ldb + inner] : b[inner * ldb + column]
                    expected[row * n + column] += 3 * x * y
                }
            }
        }
        let blas = try OpenBLAS.load()
        var double = c
        blas.dgemm(
            transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: 3, a: a, lda: lda, b: b, ldb: ldb,
            beta: 2, c: &double, ldc: n)
        #expect(double == expected)
        var single = c.map(Float.init)
        blas.sgemm(
            transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: 3, a: a.map(Float.init), lda: lda,
            b: b.map(Float.init), ldb: ldb, beta: 2, c: &single, ldc: n)
        #expect(single.map(Double.init) == expected)
    }
}
