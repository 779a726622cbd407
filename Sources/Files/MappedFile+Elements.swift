// Numbers and texts from a mapped file.

extension MappedFile {
    /// The little-endian integer at any alignment.
    package func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
        withBytes(in: offset..<offset + MemoryLayout<Value>.size) {
            Value(littleEndian: $0.loadUnaligned(as: Value.self))
        }
    }

    /// The text in a range; nil if it isn't UTF-8.
    package func string(in range: Range<Int>) -> String? {
        withBytes(in: range) { String(validating: $0, as: UTF8.self) }
    }

    /// A copy of the elements in a range, at any alignment.
    package func elements<Element: BitwiseCopyable>(in range: Range<Int>, as type: Element.Type) -> [Element] {
        withBytes(in: range) { Array(copyingElements: $0) }
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements that little-endian bytes at any alignment hold. Bytes left over at the end are not read.
    package init(copyingElements bytes: UnsafeRawBufferPointer) {
        let count = bytes.count / MemoryLayout<Element>.stride
        self.init(unsafeUninitializedCapacity: count) { elements, initialized in
            let used = UnsafeRawBufferPointer(rebasing: bytes.prefix(count * MemoryLayout<Element>.stride))
            UnsafeMutableRawBufferPointer(elements).copyMemory(from: used)
            initialized = count
        }
    }
}

#if _endian(big)
    #error("Elements are copied as they are in the file: little-endian.")
#endif
