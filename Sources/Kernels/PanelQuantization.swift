import KernelTable

/// Weights as whole numbers with a scale for each column: number = x / scale, rounded to the nearest, ties to even.
extension PanelLayout {
    /// Stores the panels of float32 in `source`, `[panels, depth, width]`, at the beginning of `destination`.
    ///
    /// A column with a number that is not finite has a scale that is not, and so makes no finite sum.
    func quantize(_ source: FloatBuffer, into destination: FloatBuffer) {
        precondition(source.count >= Panels.floatCount(depth: depth, columns: columns), "a matrix of another size")
        precondition(byteCount <= destination.count * MemoryLayout<Float>.stride, "no room for \(self)")
        precondition(format != .int8 || depth <= Self.deepestInt8, "sums of \(depth) products leave 32 bits")
        let base = UnsafeMutableRawPointer(destination.base)
        var column = [Double](repeating: 0, count: depth)
        for index in 0..<panelCount * panelWidth {
            let (panel, lane) = index.quotientAndRemainder(dividingBy: panelWidth)
            let first = source.base + (panel * depth * panelWidth + lane)
            for row in 0..<depth { column[row] = Double(first[row * panelWidth]) }
            let scale = scale(of: column)
            base.storeBytes(of: scale, toByteOffset: scalesOffset + index * 4, as: Float.self)
            let numbers = Self.wholeNumbers(column, scale: scale)
            if format == .int8 {
                base.storeBytes(of: numbers.reduce(0, +), toByteOffset: sumsOffset + index * 4, as: Int32.self)
            }
            let target = base + (panel * panelByteCount + lane * 4)
            for (row, number) in numbers.enumerated() {
                let (frame, place) = row.quotientAndRemainder(dividingBy: frameDepth)
                let (cell, part) = place.quotientAndRemainder(dividingBy: format.numbersPerCell)
                let offset = (frame * frameCells + cell) * panelWidth * 4
                if format == .int8 {
                    target.storeBytes(of: Int8(number), toByteOffset: offset + part, as: Int8.self)
                } else {
                    target.storeBytes(of: Int16(number), toByteOffset: offset + 2 * part, as: Int16.self)
                }
            }
        }
    }

    /// The most products of a byte and a number from -127 to 127 whose sum fits in 32 bits.
    package static let deepestInt8 = Int(Int32.max) / (255 * 127)

    /// A column's scale, so that its numbers fit in the format and their sums in 32 bits.
    private func scale(of column: [Double]) -> Float {
        let largest = column.reduce(0) { max($0, $1.magnitude) }
        let sum = column.reduce(0, +)
        guard sum.isFinite else { return .nan }
        guard largest >= 1e-30 else { return 0 }
        switch format {
        case .float32: return 1
        case .int8: return Float(largest / 127)
        case .int16:
            return Float(
                max(
                    largest / Double(Int16Products.largestNumber),
                    largestNorm(of: column) / Double(Int16Products.largestUnroundedNorm)))
        }
    }

    /// The largest norm of numbers whose products are summed in 32 bits.
    private func largestNorm(of column: [Double]) -> Double {
        stride(from: 0, to: depth, by: frameDepth).reduce(0) { largest, frame in
            stride(from: frame, to: frame + frameDepth, by: Int16Products.count).reduce(largest) { largest, start in
                let end = min(start + Int16Products.count, frame + frameDepth)
                return max(largest, column[start..<end].reduce(0) { $0 + $1 * $1 })
            }
        }
        .squareRoot()
    }

    private static func wholeNumbers(_ column: [Double], scale: Float) -> [Int32] {
        guard scale.isFinite, scale > 0 else { return [Int32](repeating: 0, count: column.count) }
        return column.map { Int32(($0 / Double(scale)).rounded(.toNearestOrEven)) }
    }
}
