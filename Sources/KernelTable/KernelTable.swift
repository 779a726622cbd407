/// The kernels of one instruction set: what the targets under `InstructionSets` export.
///
/// Each such target compiles the same source for its instructions, and everything in it but the function that makes
/// its table is private to it. The pointers are checked by those who call (the module Kernels).
package struct KernelTable: Sendable {
    /// Whether there is an instruction for x + y · z with one rounding. Without one it is computed in several, and a product
    /// of float32 is slow.
    package let hasFusedMultiplyAdd: Bool
    /// What computes the product of a matrix and one panel of a format, with its epilogue.
    ///
    /// A function and not a dictionary, whose generic code each instruction set would define and the linker keep once.
    package let product: @Sendable (PanelFormat) -> @Sendable (PanelProduct) -> Void
    /// A product's ``PanelProduct/epilogue``, for products that were computed elsewhere: `[rows, columns]` from an
    /// address and a row stride.
    package let finish:
        @Sendable (_ source: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ columns: Int, RawEpilogue) -> Void
    package let normalize: @Sendable (RowNormalization) -> Void
    package let quantize: @Sendable (RowQuantization) -> Void
    package let quantizeColumns: @Sendable (ColumnQuantization) -> Void
    package let softmax: @Sendable (SoftmaxBlock) -> Void
    /// Runs a number of rounds of a format's multiply-adds (or multiplications and additions) on registers only; returns
    /// how many operations a round has, two for each pair of numbers that is multiplied.
    package let multiplyAddRounds: @Sendable (_ format: PanelFormat, _ rounds: Int) -> Int

    package init(
        hasFusedMultiplyAdd: Bool, product: @escaping @Sendable (PanelFormat) -> @Sendable (PanelProduct) -> Void,
        finish: @escaping @Sendable (UnsafePointer<Float>, Int, Int, Int, RawEpilogue) -> Void,
        normalize: @escaping @Sendable (RowNormalization) -> Void,
        quantize: @escaping @Sendable (RowQuantization) -> Void,
        quantizeColumns: @escaping @Sendable (ColumnQuantization) -> Void,
        softmax: @escaping @Sendable (SoftmaxBlock) -> Void,
        multiplyAddRounds: @escaping @Sendable (PanelFormat, Int) -> Int
    ) {
        self.hasFusedMultiplyAdd = hasFusedMultiplyAdd
        self.product = product
        self.finish = finish
        self.normalize = normalize
        self.quantize = quantize
        self.quantizeColumns = quantizeColumns
        self.softmax = softmax
        self.multiplyAddRounds = multiplyAddRounds
    }
}

/// LayerNorm of each row: (x + inputBias − mean) / √(variance + epsilon) · weight + bias, and GELU if wanted.
package struct RowNormalization {
    /// `[rows, columns]`
    package var source: UnsafePointer<Float>
    package var sourceStride: Int
    /// `[rows, columns]`; may be the source.
    package var destination: UnsafeMutablePointer<Float>
    package var destinationStride: Int
    package var rows: Int
    package var columns: Int
    /// One a column, all three.
    package var inputBias: UnsafePointer<Float>?
    package var weight: UnsafePointer<Float>
    package var bias: UnsafePointer<Float>
    package var epsilon: Double
    package var gelu: Bool

    package init(
        source: UnsafePointer<Float>, sourceStride: Int, destination: UnsafeMutablePointer<Float>,
        destinationStride: Int, rows: Int, columns: Int, inputBias: UnsafePointer<Float>?,
        weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Double, gelu: Bool
    ) {
        self.source = source
        self.sourceStride = sourceStride
        self.destination = destination
        self.destinationStride = destinationStride
        self.rows = rows
        self.columns = columns
        self.inputBias = inputBias
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
        self.gelu = gelu
    }
}

/// A block of columns of a softmax that runs over its blocks from left to right.
///
/// A row's numbers become exp(x − m), with m the largest so far. `correction` is what to multiply with what earlier
/// blocks gave, because their m may have been smaller.
package struct SoftmaxBlock {
    /// `[rows, columns]`, replaced.
    package var scores: UnsafeMutablePointer<Float>
    package var stride: Int
    package var rows: Int
    package var columns: Int
    /// The first block of a row; maxima and sums are then set, not read.
    package var isFirst: Bool
    /// Where the powers go instead, times ``Int16Products/powerScale`` as whole numbers of 16 bits: rows of cells, each
    /// filled up with zeros. The sums are then those of the whole numbers.
    package var numbers: UnsafeMutableRawPointer?
    /// One a row, all three.
    package var maxima: UnsafeMutablePointer<Float>
    package var sums: UnsafeMutablePointer<Float>
    package var corrections: UnsafeMutablePointer<Float>

    package init(
        scores: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, isFirst: Bool,
        numbers: UnsafeMutableRawPointer? = nil, maxima: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>,
        corrections: UnsafeMutablePointer<Float>
    ) {
        self.scores = scores
        self.stride = stride
        self.rows = rows
        self.columns = columns
        self.isFirst = isFirst
        self.numbers = numbers
        self.maxima = maxima
        self.sums = sums
        self.corrections = corrections
    }
}
