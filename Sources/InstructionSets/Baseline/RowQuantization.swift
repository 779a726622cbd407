import CIntrinsics
import KernelTable

extension RowQuantization {
    /// Each row's numbers are x / scale, rounded to the nearest whole number, ties to even. The scale depends on the row
    /// alone. A row with a number that is not finite has a scale that isn't; so has one of int8 whose ends are farther apart
    /// than float32 reaches.
    func run() {
        for row in 0..<rows {
            let target = destination + row * format.cells(columns) * cell
            switch format {
            case .int8: quantizeToInt8(source + row * sourceStride, target, row)
            default: quantizeToInt16(source + row * sourceStride, target, row)
            }
        }
    }

    /// From −``Int16Products/largestNumber`` to it, and no run of them with more than ``Int16Products/largestNorm``.
    private func quantizeToInt16(_ source: UnsafePointer<Float>, _ target: UnsafeMutableRawPointer, _ row: Int) {
        var (largest, nothing) = (Vector.zero, Vector.zero)
        forEachVector(of: source, count: columns, padding: 0) { x, _, _ in
            largest = largest.larger(x.magnitude)
            nothing += x * 0
        }
        let magnitude = largest.largest
        let isEmpty = magnitude < smallestMagnitude
        let (scale, factor) = isEmpty ? (0, 0) : int16Scale(of: source, magnitude: magnitude)
        // Nothing times a number that is not finite is NaN.
        scales[row] = scale + nothing.sumOfLanes
        forEachVector(of: source, count: columns, padding: 0) { x, column, lanes in
            store(low_halves((x * factor).nearestIntegers), target + column * 2, bytes: lanes * 2)
        }
        if !columns.isMultiple(of: 2) { target.storeBytes(of: 0, toByteOffset: columns * 2, as: Int16.self) }
    }

    /// The scale of a row, and its inverse.
    @inline(__always)
    private func int16Scale(of source: UnsafePointer<Float>, magnitude: Float) -> (scale: Float, factor: Float) {
        // Of numbers from -1 to 1, whose squares neither overflow nor vanish.
        let inverse = 1 / magnitude
        var largestSquare: Float = 0
        var start = 0
        while start < columns {
            var squares = Vector.zero
            forEachVector(of: source + start, count: min(Int16Products.count, columns - start), padding: 0) { x, _, _ in
                let y = x * inverse
                squares += y * y
            }
            largestSquare = max(largestSquare, squares.sumOfLanes)
            start += Int16Products.count
        }
        let byNorm = largestSquare.squareRoot() / Float(Int16Products.largestUnroundedNorm)
        let relative = max(byNorm, 1 / Float(Int16Products.largestNumber))
        return (magnitude * relative, inverse / relative)
    }

    /// From 0 to 255, with 0 among what they stand for: scale = (largest − smallest) / 255, zero = −smallest / scale.
    private func quantizeToInt8(_ source: UnsafePointer<Float>, _ target: UnsafeMutableRawPointer, _ row: Int) {
        var (largest, smallest, nothing) = (Vector.zero, Vector.zero, Vector.zero)
        forEachVector(of: source, count: columns, padding: 0) { x, _, _ in
            largest = largest.larger(x)
            smallest = smallest.smaller(x)
            nothing += x * 0
        }
        let low = (-smallest).largest
        let range = largest.largest + low
        let isEmpty = range < smallestMagnitude
        scales[row] = (isEmpty ? 0 : range / 255) + nothing.sumOfLanes
        let factor = isEmpty ? 0 : 255 / range
        let zero = Vector(repeating: low * factor).nearestIntegers
        zeros[row] = zero[0]
        forEachVector(of: source, count: columns, padding: 0) { x, column, lanes in
            // Both ends rounded up are one too many.
            let numbers = (x * factor).nearestIntegers &+ zero
            let most = IntegerVector(repeating: 255)
            store(low_bytes(numbers.replacing(with: most, where: numbers .> most)), target + column, bytes: lanes)
        }
        // What fills up the last cell meets zeros in the panel.
        for column in columns..<format.cells(columns) * 4 {
            target.storeBytes(of: 0, toByteOffset: column, as: UInt8.self)
        }
    }
}

/// Rows whose numbers are all smaller than this in magnitude become zeros: what their scales divide would overflow.
let smallestMagnitude: Float = 1e-30

/// Stores the first bytes of a vector.
@inline(__always)
func store<Numbers>(_ numbers: Numbers, _ address: UnsafeMutableRawPointer, bytes: Int) {
    if bytes == MemoryLayout<Numbers>.size {
        address.storeBytes(of: numbers, as: Numbers.self)
    } else {
        withUnsafeBytes(of: numbers) { numbers in
            UnsafeMutableRawBufferPointer(start: address, count: bytes)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: numbers[..<bytes]))
        }
    }
}

extension Vector {
    /// The nearest integer to each lane, ties to even, for lanes whose magnitude is less than 2²².
    @inline(__always)
    var nearestIntegers: IntegerVector {
        // Adding 1.5 · 2^23 leaves the integer in the low bits.
        let shift: Float = 12_582_912
        return unsafeBitCast(self + shift, to: IntegerVector.self) &- IntegerVector(repeating: 0x4b40_0000)
    }
}
