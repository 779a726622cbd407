import Foundation

/// Floats in memory of their own, aligned to a cache line, that never move and never change their number.
///
/// Access goes through ``Matrix``, ``MutableMatrix`` and panels, which check their bounds when they are made.
public final class FloatBuffer {
    package let count: Int
    let base: UnsafeMutablePointer<Float>
    /// The memory to return to the system; nil if `base` was allocated.
    private let mapped: UnsafeMutableRawBufferPointer?

    /// A buffer of zeros.
    public init(count: Int) {
        precondition(count >= 0, "a buffer can't hold \(count) floats")
        self.count = count
        mapped = Self.map(count)
        if let mapped {
            base = Self.aligned(mapped).bindMemory(to: Float.self, capacity: count)
        } else {
            let cacheLine = 64
            base =
                UnsafeMutableRawPointer
                .allocate(byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: cacheLine)
                .bindMemory(to: Float.self, capacity: max(1, count))
            base.initialize(repeating: 0, count: count)
        }
    }

    /// A copy of `elements`.
    public convenience init(_ elements: [Float]) {
        self.init(count: elements.count)
        elements.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            base.update(from: source, count: elements.count)
        }
    }

    deinit {
        if let mapped { munmap(mapped.baseAddress, mapped.count) } else { base.deallocate() }
    }

    /// The size of a huge page, of which a processor finds many more bytes without a search than of small ones.
    private static let hugePage = 1 << 21

    /// The memory that a buffer takes once it is used, in bytes; the largest integer stands for all that are larger.
    package static func byteCount(of count: Int) -> Int {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        guard !overflow, bytes < .max - hugePage else { return .max }
        return bytes < hugePage ? bytes : bytes + hugePage
    }

    /// Memory for a large buffer, fresh from the system: zeros that take no room until they are written.
    private static func map(_ count: Int) -> UnsafeMutableRawBufferPointer? {
        let byteCount = count * MemoryLayout<Float>.stride
        guard byteCount >= hugePage else { return nil }
        let size = byteCount + hugePage
        guard
            let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            address != MAP_FAILED
        else { return nil }
        #if os(Linux)
            madvise(address, size, MADV_HUGEPAGE)
        #endif
        return UnsafeMutableRawBufferPointer(start: address, count: size)
    }

    private static func aligned(_ memory: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawPointer {
        guard let start = memory.baseAddress else { preconditionFailure("mapped memory has an address") }
        return start.alignedUp(toMultipleOf: hugePage)
    }
}
