import BLAS
import Kernels

/// Kernels to test: the instructions of this machine, and who multiplies.
package struct Backend: Sendable, Hashable, CustomStringConvertible {
    package let instructions: InstructionSet
    package let products: MatrixProducts

    /// Every instruction set of this machine, with each way to multiply that it has.
    package static let all = KernelSet.available.flatMap { instructions in
        products(of: instructions).map { Backend(instructions: instructions, products: $0) }
    }

    /// Those that multiply with tiles.
    package static let tiles = all.filter { $0.products == .tiles }

    /// Tiles are for instruction sets with a fused multiply-add, OpenBLAS for all.
    package static func products(of instructions: InstructionSet) -> [MatrixProducts] {
        instructions == .baseline ? [.openBLAS] : [.tiles, .openBLAS]
    }

    package func kernels() throws -> KernelSet { try KernelSet(instructions: instructions, products: products) }

    package var description: String { "\(instructions.rawValue) \(products.rawValue)" }
}
