extension Architecture {
    /// The most layers, or heads, that an operation is timed for.
    var timedLayers: Int { max(featureExtractor.count, encoderLayers, heads.count) }
}

/// What one call took, operation by operation.
struct CallTimes {
    /// The whole call, in seconds.
    let wall: Double
    /// Of each operation, by slot.
    private let operations: [OperationTime]

    /// What an operation took.
    struct OperationTime: Equatable {
        /// Its share of the call's time, in seconds.
        var seconds: Double
        /// How long each thread was busy with it, in seconds.
        var busySeconds: [Double]
    }

    /// What was recorded of a call on a network of at most `layers` layers.
    init(_ recorder: SpanRecorder, layers: Int) {
        wall = Self.seconds(UInt64(recorder.call.count))
        var operations = (0..<layers * NetworkOperation.Kind.allCases.count).map { _ in
            OperationTime(seconds: 0, busySeconds: recorder.lanes.map { _ in 0 })
        }
        for layer in 0..<layers {
            for operation in NetworkOperation.Kind.allCases {
                let region = ParallelRegion.containing(operation)
                // The feature extractor's layers are one region.
                let together = region == .featureExtractor ? 0..<layers : layer..<layer + 1
                let all = together.reduce(0) { sum, layer in
                    sum
                        + NetworkOperation.Kind.allCases.filter(region.operations.contains).reduce(0) {
                            $0 + recorder.busy(with: $1, layer: layer)
                        }
                }
                guard all > 0 else { continue }
                let wall = recorder.wall(of: region, layer: region == .featureExtractor ? 0 : layer)
                let share = Double(recorder.busy(with: operation, layer: layer)) / Double(all)
                operations[SpanRecorder.slot(operation, layer: layer)] = OperationTime(
                    seconds: Self.seconds(wall) * share,
                    busySeconds: recorder.lanes.map { Self.seconds($0.busy(with: operation, layer: layer)) })
            }
        }
        self.operations = operations
    }

    subscript(operation: NetworkOperation.Kind, layer: Int) -> OperationTime {
        operations[SpanRecorder.slot(operation, layer: layer)]
    }

    /// The part of the call that no operation took, in seconds: what comes before and after them, and between them.
    var rest: Double { max(0, wall - operations.reduce(0) { $0 + $1.seconds }) }

    private static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
}

extension SpanRecorder {
    /// How long all threads were busy with an operation, in nanoseconds.
    fileprivate func busy(with operation: NetworkOperation.Kind, layer: Int) -> UInt64 {
        lanes.reduce(0) { $0 + $1.busy(with: operation, layer: layer) }
    }
}
