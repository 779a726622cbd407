import Files

extension CheckpointTensor {
    /// All elements as Float, in row-major order.
    package func floats() throws(CheckpointError) -> [Float] { try floats(in: 0..<elementCount) }

    /// Some of the elements as Float, in row-major order: those of `range`, which is within ``elementCount``. The 16-bit
    /// types widen exactly. Throws for the types whose elements are not read.
    package func floats(in range: Range<Int>) throws(CheckpointError) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= elementCount, "elements \(range) of \(elementCount)")
        switch elementType {
        case .float32: return elements(in: range, of: Float32Elements.self)
        case .float16: return elements(in: range, of: Float16Elements.self)
        case .bfloat16: return elements(in: range, of: BFloat16Elements.self)
        case .other(let type, _):
            throw CheckpointError(.noNumbers(type: type), part: "tensor \(quoted(name))", file: path)
        }
    }

    private func elements<Elements: FloatElements>(in range: Range<Int>, of elements: Elements.Type) -> [Float] {
        switch layout {
        case .strided(let strided): return strided.floats(in: range, of: elements, file)
        case .rowMajor(let bytes):
            let size = MemoryLayout<Elements.Stored>.size
            let start = bytes.lowerBound
            let place = start + range.lowerBound * size..<start + range.upperBound * size
            return elements == Float32Elements.self
                ? file.elements(in: place, as: Float.self) : file.floats(in: place, of: elements)
        }
    }
}
