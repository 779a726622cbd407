// Numbers and texts from a mapped file.

extension MappedFile {
    /// The little-endian integer at any alignment.
    @inlinable
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
    @inlinable
    package func elements<Element: BitwiseCopyable>(in range: Range<Int>, as type: Element.Type) -> [Element] {
        withBytes(in: range) { Array(copyingElements: $0) }
    }

    /// What `convert` makes of the elements in a range, at any alignment, one after another.
    @inlinable
    package func elements<Element: BitwiseCopyable, Result: BitwiseCopyable>(
        in range: Range<Int>, as type: Element.Type, _ convert: (Element) -> Result
    ) -> [Result] {
        withBytes(in: range) { bytes in
            let count = bytes.count / MemoryLayout<Element>.stride
            return [Result](unsafeUninitializedCapacity: count) { results, initialized in
                for index in 0..<count {
                    let offset = index * MemoryLayout<Element>.stride
                    results.initializeElement(
                        at: index, to: convert(bytes.loadUnaligned(fromByteOffset: offset, as: Element.self)))
                }
                initialized = count
            }
        }
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements that little-endian bytes at any alignment hold. Bytes left over at the end are not read.
    @inlinable
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
