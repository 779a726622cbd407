import ONNXLoader
import TestSupport

/// A tiny model export as parsed.
func fixture(_ name: String) throws -> ONNXModel {
    try ONNXModel(contentsOf: Fixtures.model(name))
}
