import Kernels

extension MutablePanels {
    /// Takes a fully connected layer's weight into the columns from `column` on, a few rows at a time, and releases
    /// the file's pages.
    func takeLinear(_ parameter: some Parameter, at column: Int) throws {
        let (outputs, inputs) = (parameter.shape[0], parameter.shape[1])
        let (rows, width) = parameter.isTransposed ? (inputs, outputs) : (outputs, inputs)
        let enoughForSpeed = 1 << 15
        for taken in (0..<rows).blocks(of: max(1, enoughForSpeed / width)) {
            let elements = try parameter.storedFloats(in: taken.lowerBound * width..<taken.upperBound * width)
            if parameter.isTransposed {
                pack(elements, rows: taken, columns: width, at: column)
            } else {
                packTransposed(elements, columns: taken.count, at: column + taken.lowerBound)
            }
        }
        parameter.releasePages()
    }

    /// Takes one group of a convolution's weight: `[outputs, inputs, kernel]` as `[kernel · inputs, outputs]`.
    func takeConvolution(_ parameter: some Parameter, kernel: Int, group: Int) throws {
        let (outputs, inputs) = (columns, depth / kernel)
        let elements = try parameter.storedFloats(in: group * outputs * depth..<(group + 1) * outputs * depth)
        var rows = [Float](repeating: 0, count: outputs * depth)  // [outputs, kernel, inputs]
        for output in 0..<outputs {
            for input in 0..<inputs {
                for tap in 0..<kernel {
                    rows[(output * kernel + tap) * inputs + input] = elements[(output * inputs + input) * kernel + tap]
                }
            }
        }
        packTransposed(rows, columns: outputs)
    }
}

extension Parameter {
    /// The elements in the order of ``shape``.
    package func floats() throws -> [Float] {
        let elements = try storedFloats(in: 0..<shape.reduce(1, *))
        return isTransposed ? elements.transposed(rows: shape[1], columns: shape[0]) : elements
    }

    /// A matrix's elements, `[input, output]`.
    func inputMajorFloats() throws -> [Float] {
        let elements = try storedFloats(in: 0..<shape.reduce(1, *))
        return isTransposed ? elements : elements.transposed(rows: shape[0], columns: shape[1])
    }
}

extension [Float] {
    /// A row-major matrix with its axes exchanged, a square at a time, so that both sides stay in the cache.
    package func transposed(rows: Int, columns: Int) -> [Float] {
        let side = 32
        var result = [Float](repeating: 0, count: count)
        for firstRow in stride(from: 0, to: rows, by: side) {
            for firstColumn in stride(from: 0, to: columns, by: side) {
                for row in firstRow..<Swift.min(firstRow + side, rows) {
                    for column in firstColumn..<Swift.min(firstColumn + side, columns) {
                        result[column * rows + row] = self[row * columns + column]
                    }
                }
            }
        }
        return result
    }
}
