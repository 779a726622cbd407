import CCPUFeatures

/// The vector instructions that kernels are compiled for.
public enum InstructionSet: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// 512-bit vectors, and sums of products of whole numbers in one instruction (VNNI).
    case avx512vnni
    /// 512-bit vectors (x86-64-v4).
    case avx512
    /// 256-bit vectors with fused multiply-add, and sums of products of whole numbers in one instruction (AVX-VNNI).
    case avxvnni
    /// 256-bit vectors with fused multiply-add (x86-64-v3).
    case avx2
    /// 128-bit vectors with fused multiply-add, which every arm64 processor has.
    case neon
    /// What every x86-64 processor has.
    case baseline

    /// The best that the processor and the operating system support.
    public static var current: InstructionSet { supported[0] }

    /// All that the processor and the operating system support, the best first.
    public static var supported: [InstructionSet] {
        #if arch(arm64)
            return [.neon]
        #else
            var sets: [InstructionSet] = []
            if cpu_supports_avx512_vnni() { sets.append(.avx512vnni) }
            if cpu_supports_x86_64_v4() { sets.append(.avx512) }
            if cpu_supports_avx_vnni() { sets.append(.avxvnni) }
            if cpu_supports_x86_64_v3() { sets.append(.avx2) }
            return sets + [.baseline]
        #endif
    }

    /// The name as people write it, such as `AVX-512`.
    public var description: String {
        switch self {
        case .avx512vnni: "AVX-512 VNNI"
        case .avx512: "AVX-512"
        case .avxvnni: "AVX-VNNI"
        case .avx2: "AVX2"
        case .neon: "NEON"
        case .baseline: "x86-64"
        }
    }

    /// The OpenBLAS kernels that suit these instructions; nil if OpenBLAS's own choice is as good.
    var openBLASCore: String? {
        switch self {
        case .avx512vnni, .avx512: "SkylakeX"
        case .avxvnni, .avx2: "Haswell"
        case .neon, .baseline: nil
        }
    }
}
