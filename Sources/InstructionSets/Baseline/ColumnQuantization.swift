import KernelTable

extension ColumnQuantization {
    /// Each column's numbers are x / scale, rounded to the nearest whole number, ties to even: of at most
    /// ``Int16Products/largestNumber``, and no run of them with more than ``Int16Products/largestNorm``. A column with a
    /// number that is not finite has a scale that isn't.
    func run() {
        for column in stride(from: 0, to: panelWidth, by: Vector.scalarCount) {
            let lanes = min(Vector.scalarCount, columns - column)
            if lanes > 0 { quantize(column, lanes: lanes) } else { clear(column) }
        }
    }

    private func quantize(_ column: Int, lanes: Int) {
        @inline(__always)
        func row(_ index: Int) -> Vector { Vector(source + (index * sourceStride + column), lanes: lanes, padding: 0) }
        var (largest, nothing) = (Vector.zero, Vector.zero)
        for index in 0..<rows {
            let x = row(index)
            largest = largest.larger(x.magnitude)
            nothing += x * 0
        }
        let isEmpty = largest .< Vector(repeating: smallestMagnitude)
        let inverse = (1 / largest).replacing(with: 0, where: isEmpty)
        var largestSquare = Vector.zero
        for start in stride(from: 0, to: rows, by: Int16Products.count) {
            var squares = Vector.zero
            for index in start..<min(start + Int16Products.count, rows) {
                let y = row(index) * inverse
                squares += y * y
            }
            largestSquare = largestSquare.larger(squares)
        }
        let byNorm = largestSquare.squareRoot() / Float(Int16Products.largestUnroundedNorm)
        let relative = byNorm.larger(Vector(repeating: 1 / Float(Int16Products.largestNumber)))
        let scale = (largest * relative).replacing(with: 0, where: isEmpty) + nothing
        scale.store(scales + column)
        let factor = inverse / relative
        for cellRow in 0..<(rows + 1) / 2 {
            let even = (row(2 * cellRow) * factor).nearestIntegers
            let odd = 2 * cellRow + 1 < rows ? (row(2 * cellRow + 1) * factor).nearestIntegers : .zero
            let cells = even & 0xffff | odd &<< 16
            (destination + (cellRow * panelWidth + column) * cell).storeBytes(of: cells, as: IntegerVector.self)
        }
    }

    /// Columns that fill up the panel.
    private func clear(_ column: Int) {
        Vector.zero.store(scales + column)
        for cellRow in 0..<(rows + 1) / 2 {
            (destination + (cellRow * panelWidth + column) * cell).storeBytes(of: .zero, as: IntegerVector.self)
        }
    }
}
