import ONNXLoader

/// Layers that occur in several modules.
extension ArchitectureReader {
    /// The epsilon of every LayerNorm in the architecture.
    static let layerNormEpsilon = 1e-5

    /// Checks a LayerNorm that was met where one belongs.
    func check(_ norm: LayerNorm, at index: Int, size: Int, in module: String) throws {
        guard norm.epsilon.value.isClose(to: Self.layerNormEpsilon) else {
            throw RecognitionError(
                node: norm.epsilon.node, module: module, found: "epsilon \(norm.epsilon.value.value)",
                expected: "LayerNorm's epsilon \(Self.layerNormEpsilon)")
        }
        guard norm.weight.shape == [size], norm.bias.shape == [size] else {
            throw misfit(
                index, in: module, "LayerNorm of weight \(norm.weight.shape) and bias \(norm.bias.shape)",
                expected: "both [\(size)]")
        }
    }

    /// Takes the LayerNorm over `size` channels that is the only reader of `index`.
    mutating func layerNorm(_ index: Int, size: Int, in module: String) throws -> Int {
        let (reader, norm) = try take(after: index, in: module, expecting: "LayerNorm over channels") { $0.asLayerNorm }
        try check(norm, at: reader, size: size, in: module)
        try keep(norm, as: module)
        return reader
    }

    /// Takes the fully connected layer that is the only reader of `index`.
    mutating func linear(
        _ index: Int, inputSize: Int, outputSize: Int? = nil, in module: String, mayBeOutput: Bool = false
    ) throws -> (outputSize: Int, output: Int) {
        let (reader, parameters) = try take(
            after: index, in: module, expecting: "Linear", mayBeOutput: mayBeOutput
        ) { $0.asLinear }
        try check(parameters, at: reader, inputSize: inputSize, outputSize: outputSize, in: module)
        try keep(parameters, as: module)
        return (parameters.outputSize, reader)
    }

    func check(
        _ parameters: LinearParameters, at index: Int, inputSize: Int, outputSize: Int?, in module: String
    ) throws {
        guard parameters.bias != nil else {
            let isScaled = graph.readers(of: index).contains { graph[$0].kind.asScale != nil }
            throw misfit(
                index, in: module, isScaled ? "a factor (alpha) before the bias" : "no bias",
                expected: "Linear's bias, added to the product")
        }
        guard parameters.inputSize == inputSize, outputSize.map({ $0 == parameters.outputSize }) ?? true else {
            throw misfit(
                index, in: module, "Linear from \(parameters.inputSize) to \(parameters.outputSize)",
                expected: "Linear from \(inputSize)\(outputSize.map { " to \($0)" } ?? "")")
        }
    }

    /// Takes the convolution that is the only reader of `index`, or is `reader`, on features in the order
    /// `[1, channels, frames]`.
    mutating func convolution(
        _ index: Int, reader: Int? = nil, in module: String, expecting expected: String
    ) throws -> (index: Int, weight: [Int], settings: ConvolutionSettings) {
        let place: Int
        if let reader {
            try claim(reader, in: module)
            place = reader
        } else {
            place = try take(after: index, in: module, expecting: expected) { $0.asConvolution }.index
        }
        guard let (parameters, settings) = graph[place].kind.asConvolution, let operand = graph[place].inputs.first
        else { throw misfit(place, in: module, expected: expected) }
        let base = AxisView(of: shape(of: index)).axes
        guard operand.view.axes == [[], base.count == 3 ? base[2] : [], base[1]] else {
            throw misfit(
                place, in: module, "axes in another order or of another size", expected: "[1, channels, frames]")
        }
        guard parameters.bias != nil else {
            throw misfit(place, in: module, "no bias", expected: "a convolution with a bias")
        }
        try keep(parameters, as: module)
        return (place, parameters.weight.shape, settings)
    }

    mutating func gelu(_ index: Int, in module: String) throws -> Int {
        try take(after: index, in: module, expecting: "GELU in its exact form, with erf") { $0.asGELU }.index
    }

    /// The two readers of a state that a branch starts from: the branch's first operation, and the sum that adds its
    /// result to the state. Neither is taken.
    func branch<Payload>(
        from state: Int, in module: String, expecting expected: String, _ match: (Operation.Kind) -> Payload?
    ) throws -> (index: Int, payload: Payload, sum: Int) {
        var start: (index: Int, payload: Payload)?
        var sum: Int?
        let readers = graph.readers(of: state)
        for reader in readers {
            if start == nil, let payload = match(graph[reader].kind) {
                start = (reader, payload)
            } else if sum == nil, graph[reader].kind.mayBeSum {
                // One that could not be followed may be the sum: the reason is inside of the branch.
                sum = reader
            } else {
                throw misfit(reader, in: module, expected: expected)
            }
        }
        let output = graph.outputNames(of: state).first
        guard let start, let sum, output == nil else {
            throw RecognitionError(
                node: (output == nil ? readers.first : state).flatMap { graph.label($0) }, module: module,
                found: output.map { "'\($0)' is an output of the graph" } ?? "no residual connection",
                expected: expected)
        }
        return (start.index, start.payload, sum)
    }

    /// The parts of a residual connection around a normalised branch. The LayerNorm is taken; the sum is for the end of
    /// the branch.
    mutating func residualBranch(
        _ state: Int, size: Int, in module: String, norm normModule: String
    ) throws -> (output: Int, sum: Int) {
        let (index, norm, sum) = try branch(
            from: state, in: module,
            expecting: "the state read by a LayerNorm and by the sum after the branch (pre-norm), and by nothing else"
        ) { $0.asLayerNorm }
        try claim(index, in: "\(module).\(normModule)")
        try check(norm, at: index, size: size, in: "\(module).\(normModule)")
        try keep(norm, as: "\(module).\(normModule)")
        return (index, sum)
    }

    /// Takes the sum that ends a residual connection: of `state` and the branch's result, in either order.
    mutating func residualSum(_ state: Int, plus branch: Int, at sum: Int, in module: String) throws -> Int {
        let (index, _) = try take(
            after: branch, in: module, expecting: "the sum with the residual", as: "Residual"
        ) { $0.asSum }
        guard index == sum, Set(graph[index].inputs.map(\.source)) == [state, branch] else {
            throw misfit(
                index, in: module, "adds another value",
                expected: "the branch's result plus '\(graph[state].value?.name ?? "the state")'")
        }
        return index
    }
}
