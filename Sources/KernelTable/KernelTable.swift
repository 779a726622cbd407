/// The kernels of one instruction set: what the targets under `InstructionSets` export.
///
/// Each such target compiles the same source for its instructions, and everything in it but the function that makes
/// its table is private to it. The pointers are checked by those who call (the module Kernels).
public struct KernelTable: Sendable {
    /// The product of a matrix and one panel, with what is done to it before it is stored; nil where the instructions
    /// have no fused multiply-add, and a matrix product of its own would be slow.
    public var product: (@Sendable (PanelProduct) -> Void)?
    /// What a product's ``PanelProduct/finish`` does, for products that were computed elsewhere: `[rows, columns]` from
    /// an address and a row stride.
    public var finish:
        @Sendable (_ source: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ columns: Int, Finish) -> Void
    public var normalize: @Sendable (RowNormalization) -> Void
    public var softmax: @Sendable (SoftmaxBlock) -> Void
    /// Runs a number of rounds of fused multiply-adds (or multiplications and additions) on registers only; the result
    /// is how many floating-point operations a round has.
    public var multiplyAddRounds: @Sendable (_ rounds: Int) -> Int

    public init(
        product: (@Sendable (PanelProduct) -> Void)?,
        finish: @escaping @Sendable (UnsafePointer<Float>, Int, Int, Int, Finish) -> Void,
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

/// Columns of a panel: how the second factor of a product is laid out, for every instruction set. A panel is
/// `[depth, 64]`, its rows one after the other.
public let panelWidth = 64

/// a · b for one panel b; finished, and stored.
public struct PanelProduct {
    /// `[rows, depth]`; rows may overlap.
    public var a: UnsafePointer<Float>
    public var aStride: Int
    /// `[depth, panelWidth]`
    public var b: UnsafePointer<Float>
    public var rows: Int
    public var depth: Int
    /// How many of the panel's columns are stored.
    public var columns: Int
    public var finish: Finish

    public init(
        a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, rows: Int, depth: Int, columns: Int,
        finish: Finish
    ) {
        self.a = a
        self.aStride = aStride
        self.b = b
        self.rows = rows
        self.depth = depth
        self.columns = columns
        self.finish = finish
    }
}

/// What is done to a product x before it is stored: residual · residualScale + gelu(x + bias), without what is nil.
public struct Finish {
    public var destination: UnsafeMutablePointer<Float>
    public var destinationStride: Int
    /// One a column.
    public var bias: UnsafePointer<Float>?
    public var gelu = false
    /// Of the destination's size; may be the destination.
    public var residual: UnsafePointer<Float>?
    public var residualStride = 0
    /// One a row.
    public var residualScale: UnsafePointer<Float>?

    public init(destination: UnsafeMutablePointer<Float>, destinationStride: Int) {
        self.destination = destination
        self.destinationStride = destinationStride
    }
}

/// LayerNorm of each row: (x + inputBias − mean) / √(variance + epsilon) · weight + bias, and GELU if wanted.
public struct RowNormalization {
    /// `[rows, columns]`
    public var source: UnsafePointer<Float>
    public var sourceStride: Int
    /// `[rows, columns]`; may be the source.
    public var destination: UnsafeMutablePointer<Float>
    public var destinationStride: Int
    public var rows: Int
    public var columns: Int
    /// One a column, all three.
    public var inputBias: UnsafePointer<Float>?
    public var weight: UnsafePointer<Float>
    public var bias: UnsafePointer<Float>
    public var epsilon: Double
    public var gelu: Bool

    public init(
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
public struct SoftmaxBlock {
    /// `[rows, columns]`, replaced.
    public var scores: UnsafeMutablePointer<Float>
    public var stride: Int
    public var rows: Int
    public var columns: Int
    /// The first block of a row; maxima and sums are then set, not read.
    public var isFirst: Bool
    /// One a row, all three.
    public var maxima: UnsafeMutablePointer<Float>
    public var sums: UnsafeMutablePointer<Float>
    public var corrections: UnsafeMutablePointer<Float>

    public init(
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
