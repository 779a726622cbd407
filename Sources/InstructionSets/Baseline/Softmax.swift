import CIntrinsics
import KernelTable

extension SoftmaxBlock {
    func run() {
        for row in 0..<rows {
            let scores = scores + row * stride
            var largest = Vector(repeating: isFirst ? -.infinity : maxima[row])
            forEachVector(of: scores, count: columns, padding: -.infinity) { x, _, _ in largest = largest.larger(x) }
            let maximum = largest.largest

            var sum = Vector.zero
            forEachVector(of: scores, count: columns, padding: 0) { x, column, lanes in
                // NaN where a score is not finite, of which the power's bits may show nothing.
                let nothing = x * 0
                var power = (x - maximum).exponentialOfNegative + nothing
                if let numbers {
                    // What is summed is what is multiplied: weights add up to 1.
                    let rounded = (power * Float(Int16Products.powerScale)).nearestIntegers
                    let number = row * 2 * PanelFormat.int16.cells(columns) + column
                    store(low_halves(rounded), numbers + number * 2, bytes: 2 * lanes)
                    power = floats_of_16(rounded) + nothing
                } else {
                    power.store(scores + column, lanes: lanes)
                }
                if lanes == Vector.scalarCount {
                    sum += power
                } else {
                    for lane in 0..<lanes { sum[lane] += power[lane] }
                }
            }
            if let numbers, !columns.isMultiple(of: 2) {
                (numbers + (row * (columns + 1) + columns) * 2).storeBytes(of: 0, as: Int16.self)
            }
            if isFirst {
                corrections[row] = 0
                sums[row] = sum.sumOfLanes
            } else {
                corrections[row] = Vector(repeating: maxima[row] - maximum).exponentialOfNegative[0]
                sums[row] = sums[row] * corrections[row] + sum.sumOfLanes
            }
            maxima[row] = maximum
        }
    }
}
