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

    public init(
        threads: Int = Processor.physicalCores, instructions: InstructionSet? = nil, products: MatrixProducts? = nil
    ) {
        self.threads = threads
        self.instructions = instructions
        self.products = products
    }
}
