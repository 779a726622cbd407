import BLAS
import InstructionSetBaseline
import InstructionSetBaselineFused
import KernelTable

#if ISA_TARGETS && arch(x86_64)
    import InstructionSetAVX2
    import InstructionSetAVX512
    import InstructionSetAVX512VNNI
    import InstructionSetAVXVNNI
#endif

/// What computes the matrix products.
public enum MatrixProducts: String, Sendable, Hashable, CaseIterable {
    /// The tiles of this package.
    case tiles
    /// OpenBLAS.
    case openBLAS = "openblas"
}

/// The kernels in use: for one instruction set, with the matrix products of its tiles or of OpenBLAS.
public struct KernelSet: Sendable {
    package let instructions: InstructionSet
    let table: KernelTable
    /// nil if tiles multiply float32, too.
    let openBLAS: OpenBLAS?
    /// What was asked for, not what the instructions leave.
    private let wanted: MatrixProducts?

    /// - Parameters:
    ///   - instructions: nil for the best that the processor has.
    ///   - products: nil for tiles, or OpenBLAS if the instruction set has none that are fast.
    ///   - forWholeNumbers: whether there are few products of float32, which then need not be fast.
    /// - Throws: ``KernelError`` if the processor or this program lacks what is asked for, `OpenBLASError` if
    ///   OpenBLAS is needed and can't be opened.
    public init(
        instructions: InstructionSet? = nil, products: MatrixProducts? = nil, forWholeNumbers: Bool = false
    ) throws {
        let available = Self.available
        let chosen = instructions ?? available[0]
        guard available.contains(chosen), let table = Self.table(chosen, fused: forWholeNumbers) else {
            throw KernelError.unsupportedInstructions(chosen, available: available)
        }
        self.instructions = chosen
        self.table = table
        wanted = products
        let isFast = table.hasFusedMultiplyAdd || forWholeNumbers
        if products == .tiles, !isFast { throw KernelError.noTiles(chosen) }
        openBLAS = products == .openBLAS || !isFast ? try OpenBLAS.load() : nil
    }

    /// The instruction sets that both the processor and this program have, the best first.
    package static var available: [InstructionSet] {
        InstructionSet.supported.filter { table($0, fused: false) != nil }
    }

    /// Such as `AVX-512 tiles`, or `OpenBLAS SkylakeX, AVX-512`; and that kernels for this processor are missing from the
    /// program, if they are.
    package var description: String {
        let computing = openBLAS.map { "OpenBLAS \($0.coreName), \(instructions)" } ?? "\(instructions) tiles"
        return computing + Self.note(best: InstructionSet.current, available: Self.available)
    }

    /// Names the kernels that this processor could use if they had been compiled in.
    package static func note(best: InstructionSet, available: [InstructionSet]) -> String {
        available.contains(best)
            ? "" : " (kernels for \(best) are not compiled in: build with EMOTION_TARGET_ARCH=x86_64)"
    }

    /// Checks that products can be computed with panels of these formats.
    package func check(_ formats: Set<PanelFormat>) throws(KernelError) {
        // In the order of the formats, so that the error is the same each time.
        for format in PanelFormat.allCases
        where formats.contains(format) && format != .float32 && wanted == .openBLAS {
            throw .noProducts(format.rawValue, backend: description)
        }
    }

    /// What computes the matrix products.
    package var products: MatrixProducts { openBLAS == nil ? .tiles : .openBLAS }

    /// `fused` is for the bits of instruction sets with a fused multiply-add.
    private static func table(_ instructions: InstructionSet, fused: Bool) -> KernelTable? {
        switch instructions {
        #if ISA_TARGETS && arch(x86_64)
            case .avx512vnni: avx512VNNIKernels()
            case .avx512: avx512Kernels()
            case .avxvnni: avxVNNIKernels()
            case .avx2: avx2Kernels()
        #else
            case .avx512vnni, .avx512, .avxvnni, .avx2: nil
        #endif
        #if arch(arm64)
            case .neon: baselineKernels()
            case .baseline: nil
        #else
            case .neon: nil
            case .baseline: fused ? baselineFusedKernels() : baselineKernels()
        #endif
        }
    }
}

/// Why kernels can't be used.
public enum KernelError: Error, Hashable, CustomStringConvertible {
    /// The processor or this program lacks the instructions.
    case unsupportedInstructions(InstructionSet, available: [InstructionSet])
    /// The instructions have no fused multiply-add, which tiles need.
    case noTiles(InstructionSet)
    /// Weights in this format can't be multiplied by this backend.
    case noProducts(String, backend: String)

    /// On one line: what is wrong, and what would be right.
    public var description: String {
        switch self {
        case .unsupportedInstructions(let instructions, let available):
            let names = available.map(\.rawValue).joined(separator: ", ")
            return "\(instructions) can't be used here; this processor and this program have \(names)"
        case .noTiles(let instructions):
            return "\(instructions) has no fused multiply-add, which tiles need; use OpenBLAS for the matrix products"
        case .noProducts(let format, let backend):
            return "weights stored as \(format) can't be multiplied by \(backend); tiles can"
        }
    }
}

extension KernelSet {
    /// Runs rounds of a format's multiply-adds on registers only, and returns how many operations a round has, two for each
    /// pair of numbers that is multiplied: the most that these instructions do on one core.
    package func multiplyAddRounds(_ rounds: Int, of format: PanelFormat = .float32) -> Int {
        table.multiplyAddRounds(format, rounds)
    }
}
