/// The network's operations as a tree in forward order, with what several calls took and what the sizes say of cost.
struct ProfileTree {
    let architecture: Architecture
    /// At least one.
    let calls: [CallTimes]
    private let operations: [NetworkOperation]
    private let precisions: ProductPrecisions

    init(
        architecture: Architecture, _ precisions: ProductPrecisions = .float32, samples: Int, calls: [CallTimes]
    ) {
        self.architecture = architecture
        self.precisions = precisions
        self.calls = calls
        operations = architecture.operations(samples: samples)
    }

    /// The tree, brought to the scale of the median call.
    ///
    /// Whatever else a machine does holds up one operation in one call and another in the next, so that the medians of
    /// the operations add up to less than that of the calls. What is lost so is each operation's in proportion.
    var root: Profile.Node {
        let root = medians
        return root.seconds > 0 ? root.scaled(by: median(calls.map(\.wall)) / root.seconds) : root
    }

    private var medians: Profile.Node {
        var stages: [Profile.Node] = []
        if architecture.inputNormalizationEpsilon != nil { stages.append(node(.inputNormalization)) }
        stages += [
            Profile.Node(
                name: "feature extractor",
                architecture.featureExtractor.indices.map(layer(.convolution ... .convolutionNorm))),
            Profile.Node(name: "feature projection", [node(.projectionNorm), node(.projection)]),
            node(.positionalConvolution),
            Profile.Node(
                name: "encoder",
                (0..<architecture.encoderLayers).map(layer(.attentionNorm ... .feedForwardOutput))),
            node(.finalNorm),
        ]
        if architecture.pooling.mixesLayers { stages.append(node(.mixing)) }
        stages.append(node(.pooling))
        if !architecture.heads.isEmpty {
            stages.append(
                Profile.Node(
                    name: "heads",
                    architecture.heads.enumerated().map { node(.head, layer: $0, name: $1.output) }))
        }
        stages.append(rest)
        return Profile.Node(name: "network", stages)
    }

    private func layer(_ kinds: ClosedRange<NetworkOperation.Kind>) -> (_ layer: Int) -> Profile.Node {
        { layer in
            let kinds = NetworkOperation.Kind.allCases.filter(kinds.contains)
            return Profile.Node(name: "layer \(layer)", kinds.map { node($0, layer: layer) })
        }
    }

    private func node(_ kind: NetworkOperation.Kind, layer: Int? = nil, name: String? = nil) -> Profile.Node {
        let times = calls.map { $0[kind, layer ?? 0] }
        let costs = operations.filter { $0.kind == kind && $0.layer == layer }
        var node = Profile.Node(
            name: name ?? kind.name, seconds: median(times.map(\.seconds)),
            busySeconds: times[0].busySeconds.indices.map { thread in median(times.map { $0.busySeconds[thread] }) },
            floatingPointOperations: costs.reduce(0) { $0 + $1.floatingPointOperations },
            bytes: costs.reduce(0) { $0 + precisions.bytes($1) })
        node.integerOperations = precisions.floatingPointOperations(costs).filter { $0.key.isInteger }
        return node
    }

    /// Time outside all operations: the caller's thread checks the signal, allocates, and distributes work.
    private var rest: Profile.Node {
        let seconds = median(calls.map(\.rest))
        let threads = calls[0][.head, 0].busySeconds.count
        return Profile.Node(
            name: "rest", seconds: seconds, busySeconds: (0..<threads).map { $0 == 0 ? seconds : 0 },
            floatingPointOperations: 0, bytes: 0)
    }
}

extension Profile.Node {
    /// The same with all times multiplied.
    fileprivate func scaled(by factor: Double) -> Self {
        var node = self
        node.seconds *= factor
        node.busySeconds = busySeconds.map { $0 * factor }
        node.children = children.map { $0.scaled(by: factor) }
        return node
    }
}

/// The number in the middle, or the mean of the two in the middle, of at least one.
func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
