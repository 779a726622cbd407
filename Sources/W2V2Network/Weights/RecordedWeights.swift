import Kernels

/// Notes which weights a network asks for, and gives it zeros.
package final class RecordedWeights: WeightSource {
    /// In forward order.
    package private(set) var weights: [Weight] = []
    /// As many as the largest weight so far has; memory that nobody writes to takes no room.
    private var zeros = FloatBuffer(count: 0)

    /// Every weight of a network of `architecture`, in forward order.
    package static func weights(of architecture: Architecture) throws -> [Weight] {
        let source = RecordedWeights()
        _ = try Network(architecture, source)
        return source.weights
    }

    package func vector(_ weight: Weight) -> ConstantVector {
        ConstantVector(record(weight))
    }

    package func matrix(_ weight: Weight) -> ConstantMatrix {
        ConstantMatrix(rows: weight.rows, columns: weight.columns, record(weight))
    }

    package func panels(_ weight: Weight) -> ConstantPanels {
        ConstantPanels(weight.panels(.float32), record(weight))
    }

    private func record(_ weight: Weight) -> ConstantBytes {
        weights.append(weight)
        let floats = weight.floatCount(.float32)
        if zeros.count < floats { zeros = FloatBuffer(count: floats) }
        return ConstantBytes(zeros, floats: floats)
    }
}
