import Kernels

/// In which numbers the network's products are computed. States, norms, softmax, GELU and heads are float32 or better in
/// each, and attention's products are in 16 bits where there are whole numbers.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    /// Weights and what they are multiplied with are float32.
    case float32
    /// Whole numbers of 16 bits, with a scale for each column of a weight and for each frame; the first convolution, whose
    /// input is the signal, stays float32.
    case int16
    /// The same, but fully connected layers in 8 bits.
    case int8

    /// Whether there are whole numbers.
    var isInteger: Bool { self != .float32 }

    /// In which numbers attention's scores and contexts are computed.
    var attention: Precision { isInteger ? .int16 : .float32 }
}

extension Weight {
    /// How the weight is stored in a precision: what isn't in panels is always float32.
    package func storage(_ precision: Precision) -> PanelFormat {
        switch (precision, layout) {
        case (.float32, _), (_, .vector), (_, .matrix): .float32
        // The signal is multiplied as it is.
        case (_, .convolution(let kernel, _, _)) where rows == kernel: .float32
        case (_, .convolution): .int16
        case (.int16, .linear): .int16
        case (.int8, .linear): rows <= PanelLayout.deepestInt8 ? .int8 : .int16
        }
    }

    /// How the weight lies in panels.
    package func panels(_ precision: Precision) -> PanelLayout {
        let frameDepth = if case .convolution(let kernel, _, _) = layout { rows / kernel } else { rows }
        return PanelLayout(storage(precision), depth: rows, columns: columns, frameDepth: frameDepth)
    }

    /// Bytes of the weight in a precision.
    package func byteCount(_ precision: Precision) -> Int {
        switch layout {
        case .vector, .matrix: rows * columns * MemoryLayout<Float>.stride
        case .linear, .convolution: panels(precision).byteCount
        }
    }

    /// Floats that take as much room as the weight.
    func floatCount(_ precision: Precision) -> Int { byteCount(precision) / MemoryLayout<Float>.stride }
}
