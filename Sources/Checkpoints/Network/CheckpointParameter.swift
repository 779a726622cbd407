import W2V2Network

/// One of the network's parameters, as a checkpoint has it or as its weight norm makes it.
package struct CheckpointParameter: Parameter {
    package let name: String
    package let shape: [Int]
    /// The tensor that holds it; nil if it is computed from others.
    package let tensor: CheckpointTensor?
    private let elements: [Float]

    init(_ name: String, _ tensor: CheckpointTensor) {
        self.name = name
        self.tensor = tensor
        shape = tensor.shape
        elements = []
    }

    /// A parameter that was computed, or whose tensor has the same elements in another shape.
    init(_ name: String, shape: [Int], elements: [Float]) {
        self.name = name
        self.shape = shape
        self.elements = elements
        tensor = nil
    }

    package var isTransposed: Bool { false }

    package func storedFloats(in range: Range<Int>) throws -> [Float] {
        try tensor?.floats(in: range) ?? Array(elements[range])
    }

    package func releasePages() { tensor?.releasePages() }
}
