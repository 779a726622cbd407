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
                let power = (x - maximum).exponentialOfNegative
                power.store(scores + column, lanes: lanes)
                if lanes == Vector.scalarCount {
                    sum += power
                } else {
                    for lane in 0..<lanes { sum[lane] += power[lane] }
                }
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
