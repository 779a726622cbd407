// What options and errors show of the modules below.
@_exported import enum BLAS.InstructionSet
@_exported import enum Kernels.KernelError
@_exported import enum Kernels.MatrixProducts
@_exported import enum Kernels.Processor

/// How a model computes.
public struct EngineOptions: Sendable, Hashable {
    /// How many threads work on a call, the caller's included.
    public var threads: Int
    /// nil for the best instructions that the processor has.
    public var instructions: InstructionSet?
    /// nil for the tiles of this package, or OpenBLAS where the instructions have none.
    public var products: MatrixProducts?
    /// Calls of at least so many frames let a packed model's weights out of memory as soon as they are done with them,
    /// layer by layer, so that little more than one layer's are in memory at once; to let them go and to get them back
    /// takes a call some 20 ms. nil: none does.
    public var leanFrames: Int?

    /// The best that the machine has, unless told otherwise.
    public init(
        threads: Int = Processor.physicalCores, instructions: InstructionSet? = nil, products: MatrixProducts? = nil,
        leanFrames: Int? = nil
    ) {
        self.threads = threads
        self.instructions = instructions
        self.products = products
        self.leanFrames = leanFrames
    }
}
