import BLAS
import Kernels

/// How a model computes.
public struct EngineOptions: Sendable, Hashable {
    /// How many threads work on a call, the caller's included.
    public var threads: Int
    /// nil for the best instructions that the processor has.
    public var instructions: InstructionSet?
    /// nil for the tiles of this package, or OpenBLAS where the instructions have none.
    public var products: MatrixProducts?
    /// Whether a packed model's weights are let out of memory as soon as a call is done with them, layer by layer. Then
    /// little more than one layer's is in memory at once; to get them back takes the next call some 20 ms.
    public var isLean: Bool

    public init(
        threads: Int = Processor.physicalCores, instructions: InstructionSet? = nil, products: MatrixProducts? = nil,
        isLean: Bool = false
    ) {
        self.threads = threads
        self.instructions = instructions
        self.products = products
        self.isLean = isLean
    }
}
