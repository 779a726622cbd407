import CBLAS
import Foundation

/// OpenBLAS, opened when it is first needed, on the kernels that suit the CPU.
///
/// OpenBLAS chooses its kernels while it is being loaded, from a list of CPU models; a CPU newer than the list gets
/// slow ones. `OPENBLAS_CORETYPE` overrides the choice, but only if it is set before the library is loaded. So the
/// library is not linked: ``load()`` asks the CPU which instructions it has, sets the variable unless the user has,
/// and opens the library. Where another part of the process loaded OpenBLAS before, its choice stands, and
/// ``coreName`` names it.
///
/// Calls run on the calling thread only: callers divide the work themselves.
package struct OpenBLAS: Sendable {
    /// The kernels in use, as OpenBLAS calls them, such as `SkylakeX`.
    package let coreName: String
    /// The library's version and build options.
    package let configuration: String

    private let sgemmEntry: SgemmEntry
    private let dgemmEntry: DgemmEntry

    /// Opens OpenBLAS; later calls return what the first one found.
    ///
    /// While the library is being opened, two variables of the process's environment may have other values. Where other threads change the environment, make the first call before they start.
    ///
    /// - Throws: ``OpenBLASError`` if the library can't be opened or lacks a function.
    package static func load() throws -> OpenBLAS { try loaded.get() }

    private static let loaded: Result<OpenBLAS, OpenBLASError> = open()

    private static func open() -> Result<OpenBLAS, OpenBLASError> {
        // One thread, whatever was asked for: its own threads would compete with the caller's, and it starts them as it is
        // opened.
        var environment = ["OPENBLAS_NUM_THREADS": "1"]
        if getenv("OPENBLAS_CORETYPE") == nil {
            environment["OPENBLAS_CORETYPE"] = InstructionSet.current.openBLASCore
        }
        let before = environment.map { name, _ in (name, getenv(name).map { String(cString: $0) }) }
        for (name, value) in environment { setenv(name, value, 1) }
        defer { for (name, value) in before { if let value { setenv(name, value, 1) } else { unsetenv(name) } } }

        guard let library = dlopen(libraryName, RTLD_NOW | RTLD_LOCAL) else {
            return .failure(OpenBLASError(reason: dlerror().map { String(cString: $0) } ?? "\(libraryName) not found"))
        }
        do throws(OpenBLASError) {
            let coreName = try function("openblas_get_corename", in: library, as: TextEntry.self)
            let configuration = try function("openblas_get_config", in: library, as: TextEntry.self)
            let setThreads = try function("openblas_set_num_threads", in: library, as: SetThreadsEntry.self)
            setThreads(1)
            return .success(
                OpenBLAS(
                    coreName: String(cString: coreName()),
                    configuration: String(cString: configuration()),
                    sgemmEntry: try function("cblas_sgemm", in: library, as: SgemmEntry.self),
                    dgemmEntry: try function("cblas_dgemm", in: library, as: DgemmEntry.self)
                ))
        } catch {
            return .failure(error)
        }
    }

    private static func function<Entry>(
        _ name: String, in library: UnsafeMutableRawPointer, as type: Entry.Type
    ) throws(OpenBLASError) -> Entry {
        guard let symbol = dlsym(library, name) else {
            throw OpenBLASError(reason: "\(libraryName) has no function \(name)")
        }
        return unsafeBitCast(symbol, to: type)
    }

    /// c = alpha · op(a) · op(b) + beta · c in float32, row-major; op transposes where asked.
    ///
    /// op(a) is `[m, k]`, op(b) `[k, n]`, c `[m, n]`. `lda` is the number of elements from one row of `a` to the next:
    /// at least `k`, or `m` where `a` is transposed; `ldb` likewise `n` or `k`; `ldc` at least `n`.
    package func sgemm(
        transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Float = 1,
        a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
        beta: Float = 0, c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        Self.checkStrides(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
        sgemmEntry(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }

    /// The same in float64.
    package func dgemm(
        transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Double = 1,
        a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
        beta: Double = 0, c: UnsafeMutablePointer<Double>, ldc: Int
    ) {
        Self.checkStrides(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
        dgemmEntry(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }

    /// OpenBLAS reports a bad stride on standard output and continues; here it is a programming error.
    private static func checkStrides(
        _ transposeA: Bool, _ transposeB: Bool, m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int
    ) {
        precondition(m >= 0 && n >= 0 && k >= 0, "negative matrix size \(m) × \(n) × \(k)")
        precondition(lda >= max(1, transposeA ? m : k), "row stride \(lda) of a is too short")
        precondition(ldb >= max(1, transposeB ? k : n), "row stride \(ldb) of b is too short")
        precondition(ldc >= max(1, n), "row stride \(ldc) of c is too short")
    }
}

/// Why OpenBLAS can't be used.
public struct OpenBLASError: Error, CustomStringConvertible {
    /// What the system's loader said.
    public let reason: String

    /// One line, with the package to install.
    public var description: String {
        "OpenBLAS can't be opened (\(reason)); on Debian: apt-get install libopenblas0"
    }
}

/// The library's name since OpenBLAS 0.2; Debian's alternatives point it at the threaded build.
private let libraryName = "libopenblas.so.0"

private typealias SgemmEntry =
    @convention(c) (
        CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, Float, UnsafePointer<Float>, blasint,
        UnsafePointer<Float>, blasint, Float, UnsafeMutablePointer<Float>, blasint
    ) -> Void
private typealias DgemmEntry =
    @convention(c) (
        CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, Double, UnsafePointer<Double>,
        blasint, UnsafePointer<Double>, blasint, Double, UnsafeMutablePointer<Double>, blasint
    ) -> Void
private typealias TextEntry = @convention(c) () -> UnsafePointer<CChar>
private typealias SetThreadsEntry = @convention(c) (CInt) -> Void
