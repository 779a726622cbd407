/// The memory that states take, in bytes, besides the network's own.
struct StateMemory {
    /// The states themselves, in one piece the largest, and what is needed to compute them.
    let needed: Int
    /// The part of attention maps.
    let attention: Int

    init(of selection: StateSelection, in model: EmotionModel, samples: Int) {
        let architecture = model.architecture
        let frames = architecture.frames(samples: samples)
        let bytes = MemoryLayout<Float>.stride
        let states = selection.stages.map { stage in
            ByteCount.product(stage.shape(in: architecture, samples: samples) + [bytes])
        }
        let layerMaps = ByteCount.product([architecture.attentionHeads, frames, frames, bytes])
        attention = ByteCount.product([selection.attentionLayers.count, layerMaps])
        // Maps are computed layer by layer; and whoever is given a state may need another copy of it to write it.
        let map = selection.attentionLayers.isEmpty ? 0 : layerMaps
        let copy = max(states.max() ?? 0, attention)
        var tile = 0
        if selection.hasFeatureExtractor, frames > 0 {
            let capacity = model.network.featureExtractor.wholeCapacity(samples: samples)
            tile = ByteCount.product([
                capacity.even + capacity.odd + (model.precision.isInteger ? capacity.quantized : 0), bytes,
            ])
        }
        needed = ByteCount.sum(states + [attention, map, copy, tile])
    }

    /// - Throws: ``EngineError/statesTooLarge(bytes:attention:available:)`` if more is needed than there is; nil is
    ///   for a system that doesn't tell.
    func check(available: Int?) throws(EngineError) {
        guard let available, needed > available else { return }
        throw .statesTooLarge(bytes: needed, attention: attention, available: available)
    }
}
