import Files

extension CheckpointTensor {
    /// All elements as Float, in row-major order.
    package func floats() throws(CheckpointError) -> [Float] { try floats(in: 0..<elementCount) }

    /// Some of the elements as Float, in row-major order: those of `range`, which is within ``elementCount``. The 16-bit
    /// types widen exactly. Throws for the types whose elements are not read.
    package func floats(in range: Range<Int>) throws(CheckpointError) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= elementCount, "elements \(range) of \(elementCount)")
        switch elementType {
        case .float32:
            return elements(in: range, as: Float.self) { $0 }
        case .float16: return elements(in: range, as: UInt16.self, widenedFloat16)
        case .bfloat16: return elements(in: range, as: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .other(let type, _):
            throw CheckpointError(.noNumbers(type: type), part: "tensor \(quoted(name))", file: path)
        }
    }

    @inline(__always)
    private func elements<Element: BitwiseCopyable>(
        in range: Range<Int>, as type: Element.Type, _ convert: (Element) -> Float
    ) -> [Float] {
        switch layout {
        case .strided(let strided): return strided.elements(in: range, of: file, as: type, convert)
        case .rowMajor(let bytes):
            let size = MemoryLayout<Element>.size
            let start = bytes.lowerBound
            let place = start + range.lowerBound * size..<start + range.upperBound * size
            return Element.self == Float.self
                ? file.elements(in: place, as: Float.self) : file.elements(in: place, as: type, convert)
        }
    }
}

/// The float16 with these bits. Exact; a NaN keeps its payload.
///
/// Without branches and in integers but for one subtraction, so that the compiler makes vector code of it on every CPU: the
/// exponent is moved to its place in a float32 and its bias corrected. An exponent of ones becomes one of ones, and a
/// subnormal one, which has no leading 1, gets one, which is then subtracted.
@inline(__always)
func widenedFloat16(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    let exponent = magnitude & 0x0F80_0000
    let special: UInt32 = exponent == 0x0F80_0000 ? 112 << 23 : 0
    let rebiased = magnitude &+ 112 << 23 &+ special
    let subnormal = Float(bitPattern: rebiased &+ 1 << 23) - Float(bitPattern: 113 << 23)
    let result = exponent == 0 ? subnormal.bitPattern : rebiased
    return Float(bitPattern: result | UInt32(bits & 0x8000) << 16)
}
