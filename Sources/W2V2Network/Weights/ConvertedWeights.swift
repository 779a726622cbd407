import Kernels

/// One of the network's parameters, in the layout that PyTorch keeps it in.
package protocol Parameter: Sendable {
    /// The name that transformers gives it in its Wav2Vec2Model, such as `encoder.layers.0.attention.q_proj.weight`. What
    /// belongs to a head on the pooled state begins with `heads.0` and so on, in the order of the model's outputs; the
    /// weights of a sum of all layers are `layer_weights`.
    var name: String { get }
    /// `[output, input]` for a fully connected layer's weight, `[output channels, input channels of a group, kernel]`
    /// for a convolution's, `[size]` for the others.
    var shape: [Int] { get }
    /// Whether its elements, those of a matrix, are stored in the order of `[input, output]`.
    var isTransposed: Bool { get }

    /// Elements in the order in which they are stored.
    func storedFloats(in range: Range<Int>) throws -> [Float]
    /// Takes the pages of the elements out of memory until they are read again.
    func releasePages()
}

/// Weights that are made of parameters: each is laid out as its layer computes with it.
package final class ConvertedWeights: WeightSource {
    private let parameters: [String: any Parameter]
    private let precision: Precision
    private var jobs: [(weight: Weight, buffer: FloatBuffer)] = []

    /// - Parameters:
    ///   - parameters: every one that the network asks for
    ///   - precision: of the weights in panels
    package init(_ parameters: [any Parameter], precision: Precision = .float32) {
        self.parameters = Dictionary(parameters.map { ($0.name, $0) }) { first, _ in first }
        self.precision = precision
    }

    package func vector(_ weight: Weight) throws -> ConstantVector {
        ConstantVector(ConstantBytes(try buffer(for: weight)))
    }

    package func matrix(_ weight: Weight) throws -> ConstantMatrix {
        ConstantMatrix(rows: weight.rows, columns: weight.columns, ConstantBytes(try buffer(for: weight)))
    }

    package func panels(_ weight: Weight) throws -> ConstantPanels {
        ConstantPanels(weight.panels(precision), ConstantBytes(try buffer(for: weight)))
    }

    /// Fills all weights that were asked for, on the threads of `team`; nobody may read one before.
    ///
    /// - Throws: what reading a parameter throws, or ``WeightError`` if a parameter was asked for by no layer.
    package func fill(on team: ThreadTeam) throws {
        try checkThatAllAreUsed(by: jobs.map(\.weight))
        var results = [Result<Void, any Error>?](repeating: nil, count: jobs.count)
        results.withUnsafeMutableBufferPointer { slots in
            team.forEach(jobs.count) { index, _ in
                slots[index] = Result { try write(jobs[index].weight, to: jobs[index].buffer) }
            }
        }
        for result in results { try result?.get() }
    }

    /// Checks that `weights`, all that a network asks for, are made of all parameters, each of the shape that it needs.
    package func check(_ weights: [Weight]) throws(WeightError) {
        for weight in weights { try check(weight) }
        try checkThatAllAreUsed(by: weights)
    }

    private func checkThatAllAreUsed(by weights: [Weight]) throws(WeightError) {
        let used = Set(weights.flatMap(\.parameters))
        if let unused = parameters.keys.filter({ !used.contains($0) }).min() { throw .unused(unused) }
    }

    /// The bytes of one weight, as ``fill(on:)`` would leave them.
    package func bytes(of weight: Weight) throws -> ConstantBytes {
        try check(weight)
        let buffer = FloatBuffer(count: weight.floatCount(precision))
        try write(weight, to: buffer)
        return ConstantBytes(buffer)
    }

    /// Room for a weight, to be filled later.
    private func buffer(for weight: Weight) throws -> FloatBuffer {
        try check(weight)
        let buffer = FloatBuffer(count: weight.floatCount(precision))
        jobs.append((weight, buffer))
        return buffer
    }

    private func check(_ weight: Weight) throws(WeightError) {
        for name in weight.parameters {
            guard let parameter = parameters[name] else { throw .missing(name) }
            guard parameter.shape == weight.parameterShape else {
                throw .otherShape(name, found: parameter.shape, expected: weight.parameterShape)
            }
        }
    }

    private func write(_ weight: Weight, to buffer: FloatBuffer) throws {
        let parameters = weight.parameters.compactMap { self.parameters[$0] }
        switch weight.layout {
        case .vector:
            let elements = try parameters.flatMap { try $0.storedFloats(in: 0..<$0.shape[0]) }
            MutableMatrix(buffer, rows: 1, columns: weight.columns).copy(elements)
        case .matrix:
            MutableMatrix(buffer, rows: weight.rows, columns: weight.columns)
                .copy(try parameters[0].inputMajorFloats())
        case .linear:
            try weight.panels(precision).write(to: buffer) { panels in
                for (index, parameter) in parameters.enumerated() {
                    try panels.takeLinear(parameter, at: index * parameter.shape[0])
                }
            }
        case .convolution(let kernel, let group, _):
            try weight.panels(precision).write(to: buffer) { panels in
                try panels.takeConvolution(parameters[0], kernel: kernel, group: group)
            }
        }
    }
}

/// Why parameters don't make a network's weights.
package enum WeightError: Error, Hashable, CustomStringConvertible {
    case missing(String)
    case otherShape(String, found: [Int], expected: [Int])
    case unused(String)

    package var description: String {
        switch self {
        case .missing(let name): "there is no parameter '\(name)', which the network needs"
        case .otherShape(let name, let found, let expected):
            "the parameter '\(name)' has the shape \(found); the network needs \(expected)"
        case .unused(let name): "the parameter '\(name)' has no place in the network"
        }
    }
}
