import ONNXLoader

/// What quantised elements stand for: (element − zero point) · scale, with one scale for all or one for each place along an
/// axis.
struct Quantization: Sendable {
    /// One, or as many as the axis is long.
    private let scales: [Float]
    /// As many as the scales.
    private let zeroPoints: [Int]
    /// Of the tensor as it is stored.
    private let axis: Int

    /// Nil if they don't fit the tensor.
    ///
    /// - Parameters:
    ///   - tensor: the whole numbers
    ///   - scales: one, or one for each place along `axis`
    ///   - zeroPoints: likewise; none stand for 0
    ///   - axis: of the tensor as it is stored
    init?(of tensor: Tensor, scales: [Float], zeroPoints: [Int], axis: Int) {
        guard tensor.shape.indices.contains(axis) || scales.count == 1 && zeroPoints.count <= 1,
            Self.quantized.contains(tensor.elementType)
        else { return nil }
        let length = tensor.shape.isEmpty ? 1 : tensor.shape[axis]
        let count = max(scales.count, zeroPoints.count)
        guard count == 1 || count == length, scales.count == 1 || scales.count == count,
            zeroPoints.count <= 1 || zeroPoints.count == count,
            zeroPoints.allSatisfy({ (-(1 << 16)...1 << 16).contains($0) })
        else { return nil }
        self.scales = scales.count == count ? scales : Array(repeating: scales[0], count: count)
        let points = zeroPoints.isEmpty ? [0] : zeroPoints
        self.zeroPoints = points.count == count ? points : Array(repeating: points[0], count: count)
        self.axis = axis
    }

    /// How many scales there are.
    var count: Int { scales.count }

    private static let quantized: Set<ElementType> = [.int8, .uint8, .int16, .uint16, .int32]

    /// The numbers that elements in the order of the tensor stand for.
    func floats(of tensor: Tensor, in range: Range<Int>) throws -> [Float] {
        var elements = try tensor.floats(in: range)
        if scales.count == 1 {
            let (scale, zero) = (scales[0], Float(zeroPoints[0]))
            for index in elements.indices { elements[index] = (elements[index] - zero) * scale }
            return elements
        }
        // An empty tensor has no elements along its other axes.
        guard !elements.isEmpty else { return [] }
        let inner = tensor.shape[(axis + 1)...].reduce(1, *)
        var (place, step) = (range.lowerBound / inner % scales.count, range.lowerBound % inner)
        for index in elements.indices {
            elements[index] = (elements[index] - Float(zeroPoints[place])) * scales[place]
            step += 1
            if step == inner { (place, step) = ((place + 1) % scales.count, 0) }
        }
        return elements
    }

    /// The result of DequantizeLinear on constants, without computing it; nil for a form that is not known.
    static func dequantized(_ node: Node, inputs: [Constant?]) throws -> Constant? {
        guard inputs.count >= 2, var constant = inputs[0], let scale = inputs[1], constant.scales == nil,
            !constant.isTransposed, constant.selection == nil, scale.shape.count <= 1,
            try node.integerAttribute("block_size") ?? 0 == 0
        else { return nil }
        let rank = constant.stored.shape.count
        let axis =
            rank == 0 ? 0 : try node.axis(scale.elementCount == 1 ? 0 : node.integerAttribute("axis") ?? 1, rank: rank)
        let zeroPoints = try inputs.count > 2 ? inputs[2]?.stored.integers() ?? [] : []
        constant.scales = Quantization(
            of: constant.stored, scales: try scale.floats(in: 0..<scale.elementCount), zeroPoints: zeroPoints,
            axis: axis)
        return constant.scales == nil ? nil : constant
    }
}
