import ONNXLoader
import W2V2Engine
import W2V2Recognition

extension ONNXModel {
    /// The same graph with the architecture's own numbers as they are before a 16-bit type rounds them: in float16, √2 is
    /// 1.4140625, and ε is 1.00136e-5. The engine computes with √2 and ε, and so must a graph that it is compared with.
    func withExactConstants(of architecture: Architecture) throws -> ONNXModel {
        let headSize = Double(architecture.headSize)
        let numbers = [
            Double(2).squareRoot(), Double(0.5).squareRoot(), headSize.squareRoot(), 1 / headSize.squareRoot(),
            architecture.layerNormEpsilon,
        ]
        let known = numbers + [architecture.inputNormalizationEpsilon].compactMap(\.self)
        func exact(_ tensor: Tensor) throws -> Tensor {
            guard tensor.elementType == .float16 || tensor.elementType == .bfloat16, tensor.elementCount == 1,
                let stored = try tensor.doubles().first,
                let number = known.first(where: { Scalar(stored: stored, as: tensor.elementType).isClose(to: $0) })
            else { return tensor }
            return try Tensor(name: tensor.name, shape: tensor.shape, doubles: [number])
        }
        var model = self
        for (name, tensor) in graph.initializers { model.graph.initializers[name] = try exact(tensor) }
        for (index, node) in graph.nodes.enumerated() {
            guard node.operation == "Constant", case .tensor(let tensor)? = node.attributes["value"] else { continue }
            model.graph.nodes[index].attributes["value"] = .tensor(try exact(tensor))
        }
        return model
    }
}
