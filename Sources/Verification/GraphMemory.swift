import W2V2Engine

/// The memory that the interpreter takes to run a model's graph on a signal.
package enum GraphMemory {
    /// In bytes, about: measured, its peak is that of two attention maps of a layer, or of six outputs of the feature
    /// extractor's first layer, in double precision.
    package static func bytes(samples: Int, _ architecture: Architecture) -> Int {
        let frames = Double(architecture.frames(samples: samples))
        let maps = 2 * Double(architecture.attentionHeads) * frames * frames
        let first = architecture.featureExtractor.first.map { layer in
            Double(samples) / Double(layer.stride) * Double(layer.outputChannels)
        }
        let bytes = (maps + 6 * (first ?? 0)) * Double(MemoryLayout<Double>.stride)
        return Int(exactly: bytes.rounded(.up)) ?? .max
    }
}
