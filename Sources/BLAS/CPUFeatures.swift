import CCPUFeatures

/// The vector instructions of the CPU this runs on.
public enum CPUFeatures: String, Sendable, CaseIterable {
    /// 512-bit vectors (x86-64-v4).
    case avx512
    /// 256-bit vectors with fused multiply-add (x86-64-v3).
    case avx2
    /// What every CPU of this architecture has.
    case baseline

    /// Whether the program was compiled for x86-64.
    public static var isX86: Bool {
        #if arch(x86_64)
            true
        #else
            false
        #endif
    }

    /// The best the CPU and the operating system support.
    public static var current: CPUFeatures {
        if cpu_supports_x86_64_v4() { return .avx512 }
        if cpu_supports_x86_64_v3() { return .avx2 }
        return .baseline
    }

    /// The OpenBLAS kernels that suit these instructions; nil where OpenBLAS's own choice is as good.
    var openBLASCore: String? {
        switch self {
        case .avx512: "SkylakeX"
        case .avx2: "Haswell"
        case .baseline: nil
        }
    }
}
