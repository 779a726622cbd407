import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite("Memory of floats")
struct MemoryTests {
    /// Floats of two mebibytes, from where on the system gives the memory.
    static let huge = (2 << 20) / 4

    @Test(
        "is zero and aligned to a cache line",
        arguments: [0, 1, 15, 16, 17, 1000, huge - 1, huge, huge + 1, 3 * huge])
    func zeros(count: Int) {
        // Where memory is used again, it held something else before.
        for _ in 0..<3 {
            let buffer = FloatBuffer(count: count)
            #expect(buffer.count == count)
            #expect(UInt(bitPattern: buffer.base) % 64 == 0)
            let matrix = MutableMatrix(buffer, rows: 1, columns: count)
            #expect(Matrix(matrix).row(0).allSatisfy { $0 == 0 })
            matrix.fill(3)
            #expect(Matrix(matrix).row(0).allSatisfy { $0 == 3 })
        }
    }

    @Test("of large buffers is aligned to a huge page", arguments: [huge, huge + 1])
    func hugePages(count: Int) {
        #expect(UInt(bitPattern: FloatBuffer(count: count).base) % (2 << 20) == 0)
    }

    @Test("of large buffers costs nothing until it is used, and goes back to the system")
    func virtual() {
        // A thousand gibibytes, one after the other: more than any test machine has.
        for _ in 0..<1000 { #expect(FloatBuffer(count: 1 << 28).count == 1 << 28) }
    }

    @Test("copies elements", arguments: [0, 1, 1000, huge])
    func copies(count: Int) {
        let elements = (0..<count).map { Float($0) }
        #expect(Matrix(FloatBuffer(elements), rows: 1, columns: count).row(0) == elements)
        #expect(ConstantVector(elements).elements == elements)
    }

    @Test("that is constant is cut without a copy")
    func slices() {
        let bytes = ConstantBytes(FloatBuffer((0..<10).map { Float($0) }))
        let whole = ConstantVector(bytes)
        let part = whole[3..<7]
        #expect(part.count == 4)
        #expect(part.elements == [3, 4, 5, 6])
        #expect(part[1..<3].elements == [4, 5])
        #expect(whole[10..<10].elements.isEmpty)
        #expect(part.base == whole.base + 3)
        bytes.withUnsafeBytes { #expect(Array($0.bindMemory(to: Float.self)[3..<7]) == [3, 4, 5, 6]) }
        let vector = ConstantVector(bytes, 1..<3)
        #expect(vector.count == 2 && vector.elements == [1, 2])
        #expect(ConstantVector(ConstantBytes(FloatBuffer([1, 2, 3]), floats: 2)).elements == [1, 2])
    }

    @Test("that is constant lives as long as a part of it")
    func lifetime() {
        final class Owner: Sendable {}
        weak var owner: Owner?
        let memory = FloatBuffer([1, 2, 3])
        do {
            var part: ConstantVector?
            do {
                let strong = Owner()
                owner = strong
                part = ConstantVector(ConstantBytes(at: memory.base, count: 12, owner: strong))[1..<2]
            }
            #expect(owner != nil)
            #expect(part?.elements == [2])
            part = nil
        }
        #expect(owner == nil)
        #expect(memory.count == 3)
    }

    @Test("is never read beyond a weight's end", arguments: Backend.all)
    func ends(backend: Backend) throws {
        let kernels = try backend.kernels()
        for count in [1, 15, 16, 17, 65] {
            // The last float is the last of its page, and the next page can't be read.
            let page = try FencedPage(count: count)
            let vector = ConstantVector(ConstantBytes(at: page.floats, count: count * 4, owner: page))
            let result = GuardedMatrix(rows: 7, columns: count)
            kernels.multiply(
                matrix(rows: 7, columns: 1, [Float](repeating: 0, count: 7)),
                panels(depth: 1, columns: count, [Float](repeating: 0, count: count)), into: result.matrix,
                Epilogue(bias: vector))
            #expect(result.elements.allSatisfy { $0 == FencedPage.value })
            kernels.normalize(
                matrix(rows: 7, columns: count, [Float](repeating: 1, count: 7 * count)), into: result.matrix,
                LayerNorm(weight: vector, bias: vector, epsilon: 1e-5), inputBias: vector)
            #expect(result.elements.allSatisfy { $0 == FencedPage.value })
        }
    }

    @Test("outside a slice is out of reach")
    func bounds() async {
        await #expect(processExitsWith: .failure) { _ = FloatBuffer(count: -1) }
        await #expect(processExitsWith: .failure) { _ = ConstantVector([1, 2, 3])[1..<4] }
        await #expect(processExitsWith: .failure) { _ = ConstantVector([1, 2, 3])[0..<2][1..<3] }
        await #expect(processExitsWith: .failure) {
            _ = ConstantMatrix(rows: 2, columns: 2, ConstantBytes(FloatBuffer([1, 2, 3])))
        }
        await #expect(processExitsWith: .failure) {
            let bytes = FloatBuffer([1, 2])
            _ = ConstantVector(ConstantBytes(at: bytes.base, count: 7, owner: Fixed()))
        }
    }
}

private final class Fixed: Sendable {}

/// Floats at the end of a page, before one that can't be read. Nobody writes them after the initialiser.
private final class FencedPage: @unchecked Sendable {
    static let value: Float = 0.5
    let floats: UnsafePointer<Float>
    private let pages: UnsafeMutableRawPointer
    private let pageSize: Int

    struct NoMemory: Error {}

    init(count: Int) throws {
        pageSize = sysconf(Int32(_SC_PAGESIZE))
        guard let pages = mmap(nil, 2 * pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            pages != MAP_FAILED, mprotect(pages + pageSize, pageSize, PROT_NONE) == 0
        else { throw NoMemory() }
        self.pages = pages
        let byteCount = count * MemoryLayout<Float>.stride
        let start = (pages + (pageSize - byteCount)).bindMemory(to: Float.self, capacity: count)
        start.initialize(repeating: Self.value, count: count)
        floats = UnsafePointer(start)
    }

    deinit { munmap(pages, 2 * pageSize) }
}
