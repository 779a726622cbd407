import Kernels
import ONNXLoader

/// One of the network's weights, not yet in the layout that the engine computes with.
struct PackableWeight: Sendable {
    let name: String
    /// Floats in that layout.
    let count: Int
    /// Reads the tensors it is made of, and lets go of their pages.
    let pack: @Sendable () throws -> ConstantFloats
}

extension RecognizedModel {
    /// All weights that ``Network/init(_:_:)`` asks for, in forward order.
    var packableWeights: [PackableWeight] {
        var weights: [PackableWeight] = []
        for (index, layer) in parameters.featureExtractor.enumerated() {
            let name = WeightName.featureExtractor(index)
            weights.append(.window("\(name).weight", layer.convolution.weight, group: 0, of: 1))
            weights.append(.vector("\(name).bias", layer.convolution.bias))
            weights += .norm("\(name).norm", layer.norm)
        }
        weights += .norm(WeightName.projectionNorm, parameters.projectionNorm)
        weights += .linear(WeightName.projection, [parameters.projection])
        let groups = architecture.positionalConvolution.groups
        for group in 0..<groups {
            weights.append(
                .window(
                    "\(WeightName.positionalGroup(group)).weight", parameters.positionalConvolution.weight,
                    group: group, of: groups))
        }
        weights.append(.vector("\(WeightName.positional).bias", parameters.positionalConvolution.bias))
        for (index, layer) in parameters.encoder.enumerated() {
            let name = WeightName.encoder(index)
            weights += .norm(name.attentionNorm, layer.attentionNorm)
            weights += .linear(name.queryKeyValue, [layer.query, layer.key, layer.value])
            weights += .linear(name.attentionOutput, [layer.attentionOutput])
            weights += .norm(name.feedForwardNorm, layer.feedForwardNorm)
            weights += .linear(name.intermediate, [layer.intermediate])
            weights += .linear(name.feedForwardOutput, [layer.feedForwardOutput])
        }
        weights += .norm(WeightName.finalNorm, parameters.finalNorm)
        for (index, head) in parameters.heads.enumerated() {
            let name = WeightName.head(index)
            weights += .dense(name.dense, head.dense)
            weights += .dense(name.projection, head.projection)
        }
        return weights
    }
}

extension [PackableWeight] {
    fileprivate static func norm(_ name: String, _ parameters: NormParameters) -> [PackableWeight] {
        [.vector("\(name).weight", parameters.weight), .vector("\(name).bias", parameters.bias)]
    }

    /// Layers with the same input, side by side.
    fileprivate static func linear(_ name: String, _ layers: [LinearParameters]) -> [PackableWeight] {
        let (inputs, outputs) = (layers[0].inputSize, layers.reduce(0) { $0 + $1.outputSize })
        let weight = PackableWeight(
            name: "\(name).weight", count: Panels.floatCount(depth: inputs, columns: outputs)
        ) {
            try ConstantPanels(depth: inputs, columns: outputs) { panels in
                var column = 0
                for layer in layers {
                    try panels.take(layer, at: column)
                    column += layer.outputSize
                }
            }
            .floats
        }
        let bias = PackableWeight(name: "\(name).bias", count: outputs) {
            ConstantFloats(try layers.flatMap { try $0.bias.floats() })
        }
        return [weight, bias]
    }

    fileprivate static func dense(_ name: String, _ layer: LinearParameters) -> [PackableWeight] {
        let weight = PackableWeight(name: "\(name).weight", count: layer.inputSize * layer.outputSize) {
            let elements = try layer.weight.floats()
            guard layer.layout == .outputMajor else { return ConstantFloats(elements) }
            let (inputs, outputs) = (layer.inputSize, layer.outputSize)
            return ConstantFloats(
                (0..<inputs).flatMap { input in (0..<outputs).map { elements[$0 * inputs + input] } })
        }
        return [weight, .vector("\(name).bias", layer.bias)]
    }
}

extension PackableWeight {
    fileprivate static func vector(_ name: String, _ tensor: Tensor) -> PackableWeight {
        PackableWeight(name: name, count: tensor.shape.reduce(1, *)) { ConstantFloats(try tensor.floats()) }
    }

    /// One group of a convolution's weight, `[output channels, group's input channels, kernel]`, as the second factor of
    /// a product with windows in time-major order: `[kernel · group's input channels, group's output channels]`.
    fileprivate static func window(
        _ name: String, _ weight: Tensor, group: Int, of groups: Int
    ) -> PackableWeight {
        let (outputs, inputs, kernel) = (weight.shape[0] / groups, weight.shape[1], weight.shape[2])
        let depth = kernel * inputs
        return PackableWeight(name: name, count: Panels.floatCount(depth: depth, columns: outputs)) {
            // [outputs, inputs, kernel] → [outputs, kernel, inputs]
            let elements = try weight.floats(in: group * outputs * depth..<(group + 1) * outputs * depth)
            var rows = [Float](repeating: 0, count: outputs * depth)
            for output in 0..<outputs {
                for input in 0..<inputs {
                    for tap in 0..<kernel {
                        rows[(output * kernel + tap) * inputs + input] =
                            elements[(output * inputs + input) * kernel + tap]
                    }
                }
            }
            return ConstantPanels(depth: depth, columns: outputs) { $0.packTransposed(rows, columns: outputs) }.floats
        }
    }
}

extension MutablePanels {
    /// Copies a layer's weight into the columns from `column` on, some rows of the tensor at a time, and lets go of the
    /// file's pages.
    fileprivate func take(_ layer: LinearParameters, at column: Int) throws {
        let (rows, width) = (layer.weight.shape[0], layer.weight.shape[1])
        let enoughForSpeed = 1 << 15
        let block = max(1, enoughForSpeed / max(1, width))
        for first in stride(from: 0, to: rows, by: block) {
            let taken = first..<min(rows, first + block)
            let elements = try layer.weight.floats(in: taken.lowerBound * width..<taken.upperBound * width)
            switch layer.layout {
            case .inputMajor: pack(elements, rows: taken, columns: width, at: column)
            case .outputMajor: packTransposed(elements, columns: taken.count, at: column + first)
            }
        }
        layer.weight.releasePages()
    }
}
