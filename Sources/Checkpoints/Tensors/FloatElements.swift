import Files

/// A floating-point type of checkpoints, widened to Float.
///
/// As a type and not as a closure, it is compiled into the loop over the elements, which becomes vector code.
protocol FloatElements {
    associatedtype Stored: BitwiseCopyable

    static func value(_ stored: Stored) -> Float
}

extension MappedFile {
    /// The elements in a range, at any alignment.
    func floats<Elements: FloatElements>(in range: Range<Int>, of elements: Elements.Type) -> [Float] {
        withBytes(in: range) { bytes in
            let size = MemoryLayout<Elements.Stored>.size
            let count = bytes.count / size
            return [Float](unsafeUninitializedCapacity: count) { floats, initialized in
                for index in 0..<count {
                    let stored = bytes.loadUnaligned(fromByteOffset: index * size, as: Elements.Stored.self)
                    floats.initializeElement(at: index, to: Elements.value(stored))
                }
                initialized = count
            }
        }
    }
}

enum Float32Elements: FloatElements {
    static func value(_ stored: Float) -> Float { stored }
}

enum BFloat16Elements: FloatElements {
    static func value(_ stored: UInt16) -> Float { Float(bitPattern: UInt32(stored) << 16) }
}

/// Exact; a NaN keeps its payload.
///
/// Without branches and in integers but for one subtraction, so that the compiler makes vector code of it on every CPU: the
/// exponent is moved to its place in a float32 and its bias corrected. An exponent of ones becomes one of ones, and a
/// subnormal one, which has no leading 1, gets one, which is then subtracted.
enum Float16Elements: FloatElements {
    static func value(_ stored: UInt16) -> Float {
        let magnitude = UInt32(stored & 0x7FFF) << 13
        let exponent = magnitude & 0x0F80_0000
        let special: UInt32 = exponent == 0x0F80_0000 ? 112 << 23 : 0
        let rebiased = magnitude &+ 112 << 23 &+ special
        let subnormal = Float(bitPattern: rebiased &+ 1 << 23) - Float(bitPattern: 113 << 23)
        let result = exponent == 0 ? subnormal.bitPattern : rebiased
        return Float(bitPattern: result | UInt32(stored & 0x8000) << 16)
    }
}
