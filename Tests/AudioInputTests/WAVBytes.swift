/// A WAV file, byte by byte, so that what is read back owes nothing to the library that reads it.
struct WAVBytes {
    enum Encoding: UInt16 {
        case integer = 1
        case float = 3
    }

    var encoding = Encoding.integer
    var bits = 16
    var channels = 1
    var rate = 16_000
    /// WAVE_FORMAT_EXTENSIBLE, as for more than two channels or more than 16 bits.
    var extensible = false
    /// The size that the header gives for the data, if not the true one.
    var declaredSize: Int?
    var data: [UInt8]

    var bytes: [UInt8] {
        let frame = channels * bits / 8
        var format = little(extensible ? 0xFFFE : UInt16(encoding.rawValue)) + little(UInt16(channels))
        format += little(UInt32(rate)) + little(UInt32(truncatingIfNeeded: rate * frame))
        format += little(UInt16(frame)) + little(UInt16(bits))
        if extensible {
            // Size of the extension, valid bits, speaker mask, then the GUID whose first field is the encoding.
            format += little(UInt16(22)) + little(UInt16(bits)) + little(UInt32(0)) + little(UInt32(encoding.rawValue))
            format += [0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]
        }
        let chunks = chunk("fmt ", format) + chunk("data", data, declaredSize: declaredSize)
        return chunk("RIFF", Array("WAVE".utf8) + chunks)
    }

    private func chunk(_ name: String, _ content: [UInt8], declaredSize: Int? = nil) -> [UInt8] {
        Array(name.utf8) + little(UInt32(declaredSize ?? content.count)) + content + (content.count % 2 == 0 ? [] : [0])
    }
}

/// The bytes of integers, little-endian.
func little<Value: FixedWidthInteger>(_ values: Value..., count: Int = MemoryLayout<Value>.size) -> [UInt8] {
    values.flatMap { value in (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}

extension WAVBytes {
    /// 16-bit samples.
    init(int16 samples: [Int16], channels: Int = 1, rate: Int = 16_000) {
        self.init(channels: channels, rate: rate, data: samples.flatMap { little($0) })
    }

    /// 32-bit float samples.
    init(float samples: [Float], channels: Int = 1, rate: Int = 16_000) {
        self.init(
            encoding: .float, bits: 32, channels: channels, rate: rate, data: samples.flatMap { little($0.bitPattern) })
    }
}
