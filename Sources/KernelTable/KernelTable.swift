/// The kernels of one instruction set: what the targets under `InstructionSets` export.
///
/// Each such target compiles the same source for its instructions, and everything in it but the function that makes
/// its table is private to it. The pointers are checked by those who call (the module Kernels).
package struct KernelTable: Sendable {
    /// What computes the product of a matrix and one panel of a format, with its epilogue; nil for instructions without
    /// a fused multiply-add, for which a matrix product of our own would be slow.
    ///
    /// A function and not a dictionary, whose generic code each instruction set would define and the linker keep once.
    package let product: @Sendable (PanelFormat) -> (@Sendable (PanelProduct) -> Void)?
    /// A product's ``PanelProduct/epilogue``, for products that were computed elsewhere: `[rows, columns]` from an
    /// address and a row stride.
    package let finish:
        @Sendable (_ source: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ columns: Int, RawEpilogue) -> Void
    package let normalize: @Sendable (RowNormalization) -> Void
    package let softmax: @Sendable (SoftmaxBlock) -> Void
    /// Runs a number of rounds of fused multiply-adds (or multiplications and additions) on registers only; returns
    /// how many floating-point operations a round has.
    package let multiplyAddRounds: @Sendable (_ rounds: Int) -> Int

    package init(
        product: @escaping @Sendable (PanelFormat) -> (@Sendable (PanelProduct) -> Void)?,
        finish: @escaping @Sendable (UnsafePointer<Float>, Int, Int, Int, RawEpilogue) -> Void,
        normalize: @escaping @Sendable (RowNormalization) -> Void,
        softmax: @escaping @Sendable (SoftmaxBlock) -> Void,
        multiplyAddRounds: @escaping @Sendable (Int) -> Int
    ) {
        self.product = product
        self.finish = finish
        self.normalize = normalize
        self.softmax = softmax
        self.multiplyAddRounds = multiplyAddRounds
    }
}

/// Columns of a panel: how the second factor of a product is laid out, for every instruction set and every format.
///
/// Inlinable, so that it is a constant in the tiles' loops.
@inlinable package var panelWidth: Int { 64 }

/// How the numbers of a panel, `[depth, panelWidth]`, are stored.
package enum PanelFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// Row by row.
    case float32

    /// Bytes of a panel.
    package func byteCount(depth: Int) -> Int {
        switch self {
        case .float32: depth * panelWidth * MemoryLayout<Float>.stride
        }
    }
}

/// a · b for one panel b, with its epilogue.
package struct PanelProduct {
    /// `[rows, depth]`; rows may overlap.
    package var a: UnsafePointer<Float>
    package var aStride: Int
    /// `[depth, panelWidth]`, in the format of the kernel that is called.
    package var b: UnsafeRawPointer
    package var rows: Int
    package var depth: Int
    /// How many of the panel's columns are stored.
    package var columns: Int
    package var epilogue: RawEpilogue

    package init(
        a: UnsafePointer<Float>, aStride: Int, b: UnsafeRawPointer, rows: Int, depth: Int, columns: Int,
        epilogue: RawEpilogue
    ) {
        self.a = a
        self.aStride = aStride
        self.b = b
        self.rows = rows
        self.depth = depth
        self.columns = columns
        self.epilogue = epilogue
    }
}

/// What is done to a product x before it is stored: residual · residualScale + gelu(x + bias), as far as given.
package struct RawEpilogue {
    package var destination: UnsafeMutablePointer<Float>
    package var destinationStride: Int
    /// One a column.
    package var bias: UnsafePointer<Float>?
    package var gelu = false
    /// Of the destination's size; may be the destination.
    package var residual: UnsafePointer<Float>?
    package var residualStride = 0
    /// One a row.
    package var residualScale: UnsafePointer<Float>?

    package init(destination: UnsafeMutablePointer<Float>, destinationStride: Int) {
        self.destination = destination
        self.destinationStride = destinationStride
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
    /// One a row, all three.
    package var maxima: UnsafeMutablePointer<Float>
    package var sums: UnsafeMutablePointer<Float>
    package var corrections: UnsafeMutablePointer<Float>

    package init(
        scores: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, isFirst: Bool,
        maxima: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>,
        corrections: UnsafeMutablePointer<Float>
    ) {
        self.scores = scores
        self.stride = stride
        self.rows = rows
        self.columns = columns
        self.isFirst = isFirst
        self.maxima = maxima
        self.sums = sums
        self.corrections = corrections
    }
}
