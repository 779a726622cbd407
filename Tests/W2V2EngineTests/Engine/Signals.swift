import TestSupport
import W2V2Engine

extension Prediction {
    /// All numbers' bits, so that 0 and -0 differ.
    var bits: [[UInt32]] { values.map { $0.map(\.bitPattern) } }
}

extension Backend {
    func options(threads: Int = 1) -> EngineOptions {
        EngineOptions(threads: threads, instructions: instructions, products: products)
    }
}
