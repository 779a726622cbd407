import ONNXLoader

/// What a graph is given: the signal, and a mask where there is one, which marks every sample as part of it.
struct GraphInputs {
    /// The name of the signal.
    let signal: String
    let samples: Extent
    /// The exact number of samples that the graph takes; nil if it takes any.
    let fixedSamples: Int?
    let masks: [(name: String, value: KnownValue)]

    init(_ inputs: [ValueInfo]) throws {
        guard let signal = inputs.first, inputs.count <= 2, inputs.dropFirst().allSatisfy({ Self.isMask($0.name) })
        else {
            throw RecognitionError(
                node: nil, found: "inputs \(inputs.map(\.name))",
                expected: "one input, the signal, or the signal and its attention_mask; export it again with these")
        }
        self.signal = signal.name
        let label = "input '\(signal.name)'"
        guard let type = signal.elementType, [.float32, .float16, .bfloat16, .float64].contains(type) else {
            throw RecognitionError(
                node: label, found: signal.elementType.map { "elements of type \($0)" } ?? "no element type",
                expected: "a signal of float32 samples")
        }
        let samples = try Self.length(signal, label)
        self.samples = samples
        if let count = samples.constant, !Self.lengths.contains(count) {
            throw RecognitionError(
                node: label, found: "a signal of \(count) samples",
                expected: "from \(Self.lengths.lowerBound) to \(Self.lengths.upperBound)")
        }
        fixedSamples = samples.constant
        masks = try inputs.dropFirst().map { mask in
            let label = "input '\(mask.name)'"
            let length = try Self.length(mask, label)
            guard length == samples, let type = mask.elementType else {
                throw RecognitionError(
                    node: label, found: "a mask of \(length) numbers",
                    expected: "one for each sample, as the signal has")
            }
            let shape: [Extent] = [.one, samples]
            if type == .bool {
                return (mask.name, KnownValue(kind: .boolean, shape: shape, content: .truth(true)))
            }
            return (
                mask.name,
                KnownValue(kind: type.isFloatingPoint ? .float : .integer, shape: shape, content: .uniform(1))
            )
        }
    }

    /// Of a signal whose length is fixed: three days at 16 kHz, so that nothing counted from it overflows.
    private static let lengths = 1...1 << 32

    private static func isMask(_ name: String) -> Bool { name.lowercased().contains("mask") }

    /// The length of the one signal in `[1 or open, length]`.
    private static func length(_ input: ValueInfo, _ label: String) throws(RecognitionError) -> Extent {
        guard let shape = input.shape, shape.count == 2 else {
            throw RecognitionError(
                node: label, found: input.shape.map { "\($0.count) axes" } ?? "no shape",
                expected: "a signal of shape [1, samples]")
        }
        if case .fixed(let batch) = shape[0], batch != 1 {
            throw RecognitionError(
                node: label, found: "a batch of \(batch)",
                expected: "one signal at a time; export it again with a batch of 1, or one that is left open")
        }
        if case .fixed(let samples) = shape[1] { return .fixed(samples) }
        return .signal
    }
}
