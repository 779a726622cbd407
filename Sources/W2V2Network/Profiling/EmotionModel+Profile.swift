import Kernels

extension EmotionModel {
    /// Times every operation of the network on a signal.
    ///
    /// First the speed of reading from memory is measured, then one call warms up; the peak is measured right before and
    /// after the calls that count. A profiled call gives the same answer as any other, to the bit.
    ///
    /// - Parameters:
    ///   - signal: as for ``predict(_:workspace:)``
    ///   - repeats: calls to time; at least one
    ///   - workspace: memory to use again; a new one is made if none is given
    /// - Returns: the network as a tree of times and costs
    /// - Throws: ``EngineError`` if the signal is too short or not finite.
    public func profile(_ signal: [Float], repeats: Int = 5, workspace: Workspace? = nil) throws -> Profile {
        precondition(repeats > 0, "a profile needs a call")
        let workspace = workspace ?? Workspace(for: architecture)
        let bandwidth = ReadBandwidth(threads: threads).measure()
        _ = try predict(signal, workspace: workspace)

        let precisions = try ProductPrecisions(architecture, precision)
        let used = precisions.floatingPointOperations(architecture.operations(samples: signal.count)).keys
        let peak = try MultiplyAddPeak(of: kernels, threads: threads, formats: Set(used.map(\.format) + [.float32]))
        let peaksBefore = peak.measureAll()
        let layers = architecture.timedLayers
        let recorder = SpanRecorder(layers: layers, threads: threads)
        let calls = try (0..<repeats).map { _ in
            try recorder.record { _ = try forward(signal, workspace: workspace, recorder: recorder) }
            return CallTimes(recorder, layers: layers)
        }
        return Profile(
            backend: backend, precision: precision, processor: Processor.name, threads: threads, samples: signal.count,
            frames: architecture.frames(samples: signal.count), repeats: repeats,
            wallSeconds: median(calls.map(\.wall)),
            roofline: Profile.Roofline(peaks: bestPeaks(peaksBefore, peak.measureAll()), bandwidth: bandwidth),
            network: ProfileTree(
                architecture: architecture, precisions, samples: signal.count, calls: calls
            ).root)
    }

    /// Records what each thread does in one call, piece by piece, after a call to warm up.
    ///
    /// - Parameters:
    ///   - signal: as for ``predict(_:workspace:)``
    ///   - workspace: memory to use again; a new one is made if none is given
    /// - Returns: the spans of each thread
    /// - Throws: ``EngineError`` if the signal is too short or not finite.
    public func trace(_ signal: [Float], workspace: Workspace? = nil) throws -> Trace {
        let workspace = workspace ?? Workspace(for: architecture)
        _ = try predict(signal, workspace: workspace)
        let recorder = SpanRecorder(layers: architecture.timedLayers, threads: threads, spans: Trace.spansOfThread)
        try recorder.record { _ = try forward(signal, workspace: workspace, recorder: recorder) }
        return Trace(recorder, architecture)
    }
}
