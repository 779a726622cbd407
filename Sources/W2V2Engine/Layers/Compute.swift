import Kernels

/// What layers compute with: the kernels and the threads of one call.
struct Compute {
    let kernels: KernelSet
    let team: ThreadTeam
    /// Whether the pages of mapped weights are let go after their use.
    let isLean: Bool
    /// Where times are noted; nil unless the call is profiled.
    var recorder: SpanRecorder?
    /// Which layer's times, or head's, are noted.
    var layer = 0
    /// Which thread's times are noted; the caller's is 0.
    var worker = 0

    /// Called when weights were used for the last time in a call.
    func finished(with weights: [ConstantPanels]) {
        guard isLean else { return }
        for weight in weights { weight.floats.letPagesGo() }
    }
}
