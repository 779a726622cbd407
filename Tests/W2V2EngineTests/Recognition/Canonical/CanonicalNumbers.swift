import Foundation

@testable import ONNXLoader
@testable import W2V2Recognition

/// What the operations compute of numbers.
extension CanonicalEvaluation.Numbers {
    private typealias Failure = CanonicalEvaluation.Failure

    func elementwise(_ kind: W2V2Recognition.Operation.Kind) throws -> Self {
        let function: (Double) -> Double
        switch kind {
        case .gelu: function = { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }
        case .tanh: function = { Foundation.tanh($0) }
        case .scale(let number): function = { $0 * number.value }
        case .shift(let number): function = { $0 + number.value }
        case .square: function = { $0 * $0 }
        case .power(let number): function = { pow($0, number.value) }
        case .squareRoot: function = { $0.squareRoot() }
        case .reciprocal: function = { 1 / $0 }
        case .errorFunction: function = { erf($0) }
        default: throw Failure("\(kind) can't be computed")
        }
        return Self(shape: shape, values: values.map(function))
    }

    func alongAxis(_ kind: W2V2Recognition.Operation.Kind) throws -> Self {
        switch kind {
        case .softmax(let axis):
            return along(axis) { line in
                let largest = line.max() ?? 0
                let powers = line.map { exp($0 - largest) }
                return powers.map { $0 / powers.reduce(0, +) }
            }
        case .mean(let axis): return along(axis) { [$0.mean] }
        case .total(let axis): return along(axis) { [$0.reduce(0, +)] }
        case .centering(let axis): return along(axis) { line in line.map { $0 - line.mean } }
        case .standardization(let axis, let epsilon): return along(axis) { $0.standardized(epsilon.value.value) }
        case .rootMeanSquareNorm(let axis, let epsilon):
            return along(axis) { $0.divided(byRootOfMeanSquarePlus: epsilon.value.value) }
        default: throw Failure("\(kind) can't be computed")
        }
    }

    /// Each line along an axis, changed.
    func along(_ axis: Int, _ change: ([Double]) -> [Double]) -> Self {
        let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
        var lines: [[Double]] = []
        for start in 0..<outer {
            for offset in 0..<inner {
                lines.append(
                    change((0..<shape[axis]).map { values[(start * shape[axis] + $0) * inner + offset] }))
            }
        }
        let length = lines.first?.count ?? 0
        var result = shape
        result[axis] = length
        var elements: [Double] = []
        for start in 0..<outer {
            for place in 0..<length {
                for offset in 0..<inner { elements.append(lines[start * inner + offset][place]) }
            }
        }
        return Self(shape: result, values: elements)
    }

    /// With one number for each place along the last axis.
    func withChannels(_ constant: Constant, _ combine: (Double, Double) -> Double) throws -> Self {
        let vector = try constant.tensor().doubles()
        guard vector.count == shape.last else { throw Failure("\(vector.count) numbers on \(shape)") }
        return Self(shape: shape, values: values.indices.map { combine(values[$0], vector[$0 % vector.count]) })
    }

    /// x · W + b, over the last axis.
    func times(_ parameters: LinearParameters) throws -> Self {
        let (inputs, outputs) = (parameters.inputSize, parameters.outputSize)
        let weight = try parameters.weight.tensor().doubles()
        guard shape.last == inputs else { throw Failure("a weight for \(inputs) channels on \(shape)") }
        var elements: [Double] = []
        for row in 0..<values.count / inputs {
            for output in 0..<outputs {
                var sum = 0.0
                for input in 0..<inputs { sum += values[row * inputs + input] * weight[input * outputs + output] }
                elements.append(sum)
            }
        }
        let product = Self(shape: shape.dropLast() + [outputs], values: elements)
        return try parameters.bias.map { try product.withChannels($0, +) } ?? product
    }

    /// The product of the last two axes, for each place along the others.
    func multiplied(by other: Self) throws -> Self {
        let (rows, inner, columns) = (
            shape[shape.count - 2], shape[shape.count - 1], other.shape[other.shape.count - 1]
        )
        guard shape.dropLast(2) == other.shape.dropLast(2), other.shape[other.shape.count - 2] == inner else {
            throw Failure("\(shape) times \(other.shape)")
        }
        let batch = shape.dropLast(2).reduce(1, *)
        var result: [Double] = []
        for place in 0..<batch {
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum = 0.0
                    for step in 0..<inner {
                        let left = values[(place * rows + row) * inner + step]
                        sum += left * other.values[(place * inner + step) * columns + column]
                    }
                    result.append(sum)
                }
            }
        }
        return Self(shape: shape.dropLast(2) + [rows, columns], values: result)
    }

    /// `[1, channels, frames]` to `[1, frames, outputs]`.
    func convolved(_ parameters: ConvolutionParameters, _ settings: ConvolutionSettings) throws -> Self {
        let weight = try parameters.weight.tensor().doubles()
        let (outputs, perGroup, kernel) = (
            parameters.weight.shape[0], parameters.weight.shape[1], parameters.weight.shape[2]
        )
        let length = shape[2]
        guard shape[1] == perGroup * settings.groups else { throw Failure("a convolution on \(shape)") }
        let reach = settings.dilation * (kernel - 1) + 1
        let frames = (length + settings.paddingBefore + settings.paddingAfter - reach) / settings.stride + 1
        var result: [Double] = []
        for frame in 0..<frames {
            for output in 0..<outputs {
                let first = output / (outputs / settings.groups) * perGroup
                var sum = 0.0
                for tap in 0..<kernel {
                    let place = frame * settings.stride + tap * settings.dilation - settings.paddingBefore
                    guard (0..<length).contains(place) else { continue }
                    for channel in 0..<perGroup {
                        let factor = weight[(output * perGroup + channel) * kernel + tap]
                        sum += values[(first + channel) * length + place] * factor
                    }
                }
                result.append(sum)
            }
        }
        let product = Self(shape: [1, frames, outputs], values: result)
        return try parameters.bias.map { try product.withChannels($0, +) } ?? product
    }
}

extension [Double] {
    fileprivate var mean: Double { reduce(0, +) / Double(count) }

    fileprivate func divided(byRootOfMeanSquarePlus epsilon: Double) -> [Double] {
        let root = (map { $0 * $0 }.mean + epsilon).squareRoot()
        return map { $0 / root }
    }

    func standardized(_ epsilon: Double) -> [Double] {
        let mean = mean
        return map { $0 - mean }.divided(byRootOfMeanSquarePlus: epsilon)
    }
}
