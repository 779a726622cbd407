import KernelTable

// The only symbol that this target exports. The names differ because two functions of different instruction sets with
// one name would be one function.
#if AVX512VNNI
    /// The kernels for AVX-512 with VNNI.
    package func avx512VNNIKernels() -> KernelTable { kernels() }
#elseif AVX512
    /// The kernels for AVX-512 (x86-64-v4).
    package func avx512Kernels() -> KernelTable { kernels() }
#elseif AVXVNNI
    /// The kernels for AVX2 with FMA and VNNI.
    package func avxVNNIKernels() -> KernelTable { kernels() }
#elseif AVX2
    /// The kernels for AVX2 with FMA (x86-64-v3).
    package func avx2Kernels() -> KernelTable { kernels() }
#elseif FUSED
    /// The kernels for what every processor of this architecture has, with the bits of those that have more.
    package func baselineFusedKernels() -> KernelTable { kernels() }
#else
    /// The kernels for what every processor of this architecture has.
    package func baselineKernels() -> KernelTable { kernels() }
#endif

private func kernels() -> KernelTable {
    #if AVX512 || AVX2 || arch(arm64)
        let hasFusedMultiplyAdd = true
    #else
        let hasFusedMultiplyAdd = false
    #endif
    return KernelTable(
        hasFusedMultiplyAdd: hasFusedMultiplyAdd, product: product,
        finish: { source, stride, rows, columns, epilogue in
            epilogue.store(source, stride: stride, to: 0..<rows, columns: 0..<columns)
        },
        normalize: { $0.run() },
        quantize: { $0.run() },
        quantizeColumns: { $0.run() },
        softmax: { $0.run() },
        multiplyAddRounds: runMultiplyAddRounds)
}

private func product(_ format: PanelFormat) -> @Sendable (PanelProduct) -> Void {
    switch format {
    case .int16: multiplyInt16Panel
    case .int8: multiplyInt8Panel
    case .float32: multiplyPanel
    }
}
