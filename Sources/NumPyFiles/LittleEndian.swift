package func littleEndianBytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<MemoryLayout<Value>.size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// The elements of an array as they lie in memory, made little-endian.
package func littleEndianBytes<Value: FixedWidthInteger>(of values: [Value]) -> [UInt8] {
    let stored = 1.littleEndian == 1 ? values : values.map(\.littleEndian)
    return stored.withUnsafeBytes { Array($0) }
}

/// The same for float32, without a second copy of what may be large.
package func littleEndianBytes(of values: [Float]) -> [UInt8] {
    1.littleEndian == 1 ? values.withUnsafeBytes { Array($0) } : littleEndianBytes(of: values.map(\.bitPattern))
}
