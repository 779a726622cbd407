import ONNXInterpreter

@testable import ONNXLoader
@testable import W2V2Recognition

/// What a canonical graph computes of a signal: naive loops in Double over its operations and their views, which share
/// nothing with the engine or the interpreter.
struct CanonicalEvaluation {
    /// Row-major.
    struct Numbers {
        let shape: [Int]
        let values: [Double]
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private let graph: CanonicalGraph
    private let signal: [Float]
    private var bases: [Int: Numbers] = [:]

    init(_ graph: CanonicalGraph, of signal: [Float]) {
        self.graph = graph
        self.signal = signal
    }

    /// An output of the graph, in the graph's order of axes.
    mutating func output(_ name: String) throws -> Numbers {
        guard let operand = graph.outputs.first(where: { $0.name == name })?.operand else {
            throw Failure("no operation computes \(name)")
        }
        return try value(operand)
    }

    /// A value as it is read: each axis a product of parts of the base's axes, outermost first.
    mutating func value(_ operand: Operand) throws -> Numbers {
        let base = try base(graph.index(of: operand))
        let strides = base.shape.strides
        let axes = try operand.view.axes.map { factors in
            try factors.reduce([0]) { offsets, factor in
                let count = try length(factor.extent)
                return offsets.flatMap { offset in
                    (0..<count).map { offset + $0 * factor.stride * strides[factor.axis] }
                }
            }
        }
        let offsets = axes.reduce([0]) { offsets, axis in offsets.flatMap { offset in axis.map { offset + $0 } } }
        guard offsets.count == base.values.count else {
            throw Failure("a view of \(offsets.count) elements on \(base.shape)")
        }
        return Numbers(shape: axes.map(\.count), values: offsets.map { base.values[$0] })
    }

    private func length(_ extent: Extent) throws -> Int {
        guard let length = extent.value(samples: signal.count) else { throw Failure("no length for \(extent)") }
        return length
    }

    private mutating func base(_ index: Int) throws -> Numbers {
        if let known = bases[index] { return known }
        let operation = graph[index]
        let shape = try operation.shape.map { try length($0) }
        let result = try compute(operation, shape: shape)
        guard result.shape == shape, shape.reduce(1, *) == result.values.count else {
            throw Failure("\(operation.name) gives \(result.shape), and should give \(shape)")
        }
        bases[index] = result
        return result
    }

    /// The base that an operation reads. Where both have a base of the same axes, the order in which the graph has them
    /// doesn't matter.
    private mutating func input(_ operation: Operation, _ place: Int = 0) throws -> Numbers {
        try base(graph.index(of: operation.inputs[place]))
    }

    private mutating func compute(_ operation: Operation, shape: [Int]) throws -> Numbers {
        switch operation.kind {
        case .signal: return Numbers(shape: shape, values: signal.map(Double.init))
        case .convolution(let parameters, let settings):
            return try value(operation.inputs[0]).convolved(parameters, settings)
        case .linear(let parameters): return try input(operation).times(parameters)
        case .product: return try value(operation.inputs[0]).multiplied(by: value(operation.inputs[1]))
        case .rearrangement: return Numbers(shape: shape, values: try value(operation.inputs[0]).values)
        case .slice(let axis, let start):
            return try input(operation).along(axis) { Array($0[start..<start + shape[axis]]) }
        case .sum: return try combined(operation, shape, +)
        case .difference: return try combined(operation, shape, -)
        case .elementwiseProduct: return try combined(operation, shape, *)
        case .quotient: return try combined(operation, shape, /)
        case .channelScale(let vector): return try input(operation).withChannels(vector, *)
        case .channelShift(let vector): return try input(operation).withChannels(vector, +)
        case .layerNorm(let norm):
            let epsilon = norm.epsilon.value.value
            return try input(operation).along(shape.count - 1) { $0.standardized(epsilon) }
                .withChannels(norm.weight, *).withChannels(norm.bias, +)
        case .softmax, .mean, .total, .standardization, .centering, .rootMeanSquareNorm:
            return try input(operation).alongAxis(operation.kind)
        default: return try input(operation).elementwise(operation.kind)
        }
    }

    /// Two or more values whose axes have the same lengths, or length 1.
    private mutating func combined(
        _ operation: Operation, _ shape: [Int], _ combine: (Double, Double) -> Double
    ) throws -> Numbers {
        var parts: [[Double]] = []
        for place in operation.inputs.indices { parts.append(try input(operation, place).widened(to: shape)) }
        let values = parts[1...].reduce(parts[0]) { left, right in zip(left, right).map(combine) }
        return Numbers(shape: shape, values: values)
    }
}

extension [Int] {
    /// How far apart the places along each axis are, of a row-major shape.
    var strides: [Int] { indices.map { self[($0 + 1)...].reduce(1, *) } }
}

extension CanonicalEvaluation.Numbers {
    /// The elements repeated along axes of length 1.
    func widened(to wanted: [Int]) throws -> [Double] {
        for axis in shape.indices where shape[axis] != 1 {
            guard axis < wanted.count, wanted[axis] == shape[axis] else {
                throw CanonicalEvaluation.Failure("\(shape) and \(wanted) don't meet")
            }
        }
        let (own, strides) = (shape.strides, wanted.strides)
        return (0..<wanted.reduce(1, *)).map { index in
            let offset = wanted.indices.reduce(0) { sum, axis in
                guard axis < shape.count, shape[axis] > 1 else { return sum }
                return sum + index / strides[axis] % wanted[axis] * own[axis]
            }
            return values[offset]
        }
    }
}
