import Kernels

/// In which numbers each of a network's products is computed, if the network has a precision.
package struct ProductPrecisions: Sendable {
    /// Those of weights that are whole numbers, by the parameters' names.
    private let precisions: [String: Precision]
    /// Of attention's scores and contexts, which have no weight.
    private let attention: Precision

    /// All in float32.
    package static let float32 = ProductPrecisions(precisions: [:], attention: .float32)

    private init(precisions: [String: Precision], attention: Precision) {
        self.precisions = precisions
        self.attention = attention
    }

    /// - Throws: `EngineError` if the sizes make no network.
    package init(_ architecture: Architecture, _ precision: Precision) throws {
        var precisions: [String: Precision] = [:]
        if precision.isInteger {
            for weight in try RecordedWeights.weights(of: architecture) {
                let format = weight.storage(precision)
                for parameter in weight.parameters where format != .float32 {
                    precisions[parameter] = Precision(format)
                }
            }
        }
        self.init(precisions: precisions, attention: precision.attention)
    }

    /// The numbers that an operation multiplies.
    package subscript(operation: NetworkOperation) -> Precision {
        switch operation.kind {
        case .scores, .context: attention
        default: precisions["\(operation.module).weight"] ?? .float32
        }
    }

    /// The multiplications and additions of each precision.
    package func floatingPointOperations(_ operations: [NetworkOperation]) -> [Precision: Int] {
        var counts: [Precision: Int] = [:]
        for operation in operations where operation.product != nil {
            counts[self[operation], default: 0] += operation.floatingPointOperations
        }
        return counts
    }

    /// What an operation reads and writes, in bytes: its weight as it is stored, all else in float32.
    package func bytes(_ operation: NetworkOperation) -> Int {
        let cell = MemoryLayout<Float>.stride
        guard let product = operation.product, operation.parameters > 0 else { return operation.bytes }
        let weight = product.depth * product.columns * product.count
        return operation.bytes - weight * (cell - cell / self[operation].format.numbersPerCell)
    }
}

extension Precision {
    init(_ format: PanelFormat) {
        self =
            switch format {
            case .float32: .float32
            case .int16: .int16
            case .int8: .int8
            }
    }

    /// How such numbers are stored.
    package var format: PanelFormat {
        switch self {
        case .float32: .float32
        case .int16: .int16
        case .int8: .int8
        }
    }
}

extension MultiplyAddPeak {
    /// The peaks of all precisions that it was made for.
    package func measureAll() -> [Precision: Double] {
        Dictionary(uniqueKeysWithValues: formats.map { (Precision($0), measure($0)) })
    }
}

/// The seconds that operations take at the peaks of their precisions, in operations a second.
package func secondsAtPeak(_ operations: [Precision: Int], _ peaks: [Precision: Double]) -> Double {
    // In an order of its own, so that the sum is the same each time.
    Precision.allCases.reduce(0) { seconds, precision in
        guard let count = operations[precision], let peak = peaks[precision] else { return seconds }
        return seconds + Double(count) / peak
    }
}

/// The larger of each precision's peaks.
package func bestPeaks(_ one: [Precision: Double], _ two: [Precision: Double]) -> [Precision: Double] {
    one.merging(two, uniquingKeysWith: max)
}

extension Architecture {
    /// Bytes of all weights as they are stored in a precision.
    package func weightBytes(_ precision: Precision) throws -> Int {
        try RecordedWeights.weights(of: self).reduce(0) { $0 + $1.byteCount(precision) }
    }
}
