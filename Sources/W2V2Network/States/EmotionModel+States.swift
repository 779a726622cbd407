import Kernels
import Machine

extension EmotionModel {
    /// Scores a signal and keeps what the network computes on the way.
    ///
    /// - Parameters:
    ///   - signal: as for ``predict(_:workspace:)``
    ///   - selection: what to keep; every stage but no attention maps if nil
    ///   - workspace: memory to use again; a new one is made if none is given
    /// - Returns: the states in forward order, then the attention maps
    /// - Throws: ``EngineError``: if the signal is too short or not finite, or before anything is computed if the
    ///   network lacks what is selected, or it doesn't fit into memory.
    public func states(
        _ signal: [Float], _ selection: StateSelection? = nil, workspace: Workspace? = nil
    ) throws(EngineError) -> NetworkStates {
        let selection = selection ?? .all(of: architecture)
        var states: [NetworkState] = []
        let prediction = try visitStates(signal, selection, workspace: workspace) { states.append($0) }
        return NetworkStates(
            prediction: prediction, states: states, attentionLayers: selection.attentionLayers.sorted())
    }

    /// The same, one state after the other as it is computed, so that not all of them are in memory at once. The
    /// attention maps come last, and together.
    ///
    /// Where the selection has an output of the feature extractor's layers, the feature extractor runs in one piece, on
    /// one thread: it then takes longer, and memory grows with the signal's length. The prediction has the same bits as
    /// without; only those of OpenBLAS may differ, as they do between numbers of threads.
    public func states(
        _ signal: [Float], _ selection: StateSelection? = nil, workspace: Workspace? = nil,
        visit: (NetworkState) throws -> Void
    ) throws -> Prediction {
        var failure: (any Error)?
        let prediction = try visitStates(signal, selection ?? .all(of: architecture), workspace: workspace) { state in
            guard failure == nil else { return }
            do { try visit(state) } catch { failure = error }
        }
        if let failure { throw failure }
        return prediction
    }

    private func visitStates(
        _ signal: [Float], _ selection: StateSelection, workspace: Workspace?, visit: (NetworkState) -> Void
    ) throws(EngineError) -> Prediction {
        try check(selection)
        let network = memory(samples: signal.count, threads: threads)
        try StateMemory(of: selection, in: self, samples: signal.count)
            .check(available: AvailableMemory.bytes.map { max(0, $0 - network) })

        var maps: [Float] = []
        let prediction = try withoutActuallyEscaping(visit) { visit throws(EngineError) in
            try forward(
                signal, workspace: workspace,
                observe: StageObserver(
                    seesFeatureExtractor: selection.hasFeatureExtractor, attentionLayers: selection.attentionLayers
                ) { stage, state in
                    guard selection.stages.contains(stage) else { return }
                    visit(self.state(stage, state.elements(), samples: signal.count))
                } showAttention: { _, map in
                    if maps.isEmpty { maps.reserveCapacity(selection.attentionLayers.count * map.rows * map.columns) }
                    for row in 0..<map.rows { maps += map.row(row) }
                })
        }
        let outputs = Stage.all(of: architecture).filter { !$0.hasTimeAxis }
        for (stage, values) in zip(outputs, prediction.values) where selection.stages.contains(stage) {
            visit(state(stage, values, samples: signal.count))
        }
        if !selection.attentionLayers.isEmpty {
            let frames = architecture.frames(samples: signal.count)
            visit(
                NetworkState(
                    name: NetworkState.attentionName, stage: nil,
                    shape: [selection.attentionLayers.count, architecture.attentionHeads, frames, frames],
                    values: maps))
        }
        return prediction
    }

    private func state(_ stage: Stage, _ values: [Float], samples: Int) -> NetworkState {
        NetworkState(
            name: stage.name(in: architecture), stage: stage,
            shape: stage.shape(in: architecture, samples: samples), values: values)
    }

    /// - Throws: ``EngineError/noSuchState(_:)``
    private func check(_ selection: StateSelection) throws(EngineError) {
        let stages = Set(Stage.all(of: architecture))
        if let stage = selection.stages.first(where: { !stages.contains($0) }) {
            throw .noSuchState("\(stage)")
        }
        if let layer = selection.attentionLayers.first(where: { !(0..<architecture.encoderLayers).contains($0) }) {
            throw .noSuchState("attention of encoder layer \(layer)")
        }
    }
}
