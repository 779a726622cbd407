import Kernels

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
    /// In which numbers products are computed; nil for that of a packed model, and float32 of one that isn't packed.
    public var precision: Precision?

    /// The best that the machine has, unless told otherwise.
    public init(
        threads: Int = Processor.physicalCores, instructions: InstructionSet? = nil, products: MatrixProducts? = nil,
        leanFrames: Int? = nil, precision: Precision? = nil
    ) {
        self.threads = threads
        self.instructions = instructions
        self.products = products
        self.leanFrames = leanFrames
        self.precision = precision
    }
}

/// What the numbers of a head mean.
public enum Labels {
    /// The labels of a head that has none of its own: those of the published models where the head's name and size are
    /// theirs, else the output's name with a number.
    public static func `default`(for head: Architecture.Head) -> [String] {
        switch (head.output, head.size) {
        case ("logits", 3): ["arousal", "dominance", "valence"]
        case ("logits_age", 1): ["age"]
        case ("logits_gender", 3): ["female", "male", "child"]
        case (let output, 1): [output]
        case (let output, let size): (0..<size).map { "\(output)-\($0)" }
        }
    }

    /// The labels of every head: those given, else the default ones.
    ///
    /// - Throws: ``EngineError/labelCount(output:labels:size:)``, or ``EngineError/sameLabel(_:)``
    public static func complete(
        _ given: [String: [String]], for architecture: Architecture
    ) throws(EngineError) -> [String: [String]] {
        var labels: [String: [String]] = [:]
        var seen: Set<String> = []
        for head in architecture.heads {
            let own = given[head.output] ?? Labels.default(for: head)
            guard own.count == head.size else {
                throw .labelCount(output: head.output, labels: own.count, size: head.size)
            }
            for label in own where !seen.insert(label).inserted { throw .sameLabel(label) }
            labels[head.output] = own
        }
        return labels
    }
}
