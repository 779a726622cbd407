@testable import Kernels

/// A product of whole numbers with its sums in 64 bits, and the steps in float32 that are documented, in their order.
struct WholeNumberReference {
    /// `[rows, columns]`
    let product: [Float]
    /// The largest magnitude of a sum of products before it became a float.
    let largestSum: Int64
    private let columns: Int

    init(_ a: QuantizedRows, _ b: ConstantPanels) {
        let width = a.frames.columns
        // Numbers whose products are summed before their sum is scaled.
        let run = b.format == .int8 ? width : WholeNumbers.run
        let frames = (0..<a.frames.frames).map(a.frames.centred)
        let weights = (0..<b.columns).map(b.stored(column:))
        let columnScales = (0..<b.columns).map(b.scale(column:))
        var (product, largest) = ([Float](), Int64(0))
        product.reserveCapacity(a.count * b.columns)
        for row in 0..<a.count {
            for column in 0..<b.columns {
                var sum: Float?
                for tap in 0..<a.taps {
                    let frame = a.first + row * a.stride + tap
                    for start in stride(from: 0, to: width, by: run) {
                        let exact = Self.sum(
                            frames[frame], from: start, weights[column], from: tap * width + start,
                            count: min(run, width - start))
                        largest = max(largest, abs(exact))
                        let scaled = Float(exact) * a.frames.scale(frame)
                        sum = sum.map { $0 + scaled } ?? scaled
                    }
                }
                product.append((sum ?? 0) * columnScales[column])
            }
        }
        self.product = product
        largestSum = largest
        columns = b.columns
    }

    /// The bits of the first rows and columns.
    func bits(rows: Int, columns: Int) -> [UInt32] {
        (0..<rows).flatMap { row in product[row * self.columns..<row * self.columns + columns].map(\.bitPattern) }
    }

    private static func sum(_ a: [Int32], from first: Int, _ b: [Int32], from second: Int, count: Int) -> Int64 {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sum: Int64 = 0
                for index in 0..<count { sum &+= Int64(a[first + index]) &* Int64(b[second + index]) }
                return sum
            }
        }
    }
}
