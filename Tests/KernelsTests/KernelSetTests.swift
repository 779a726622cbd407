import BLAS
import Kernels
import TestSupport
import Testing

@Suite("Kernel set")
struct KernelSetTests {
    @Test("every instruction set of this machine can be had, with OpenBLAS and, but for the baseline, with tiles")
    func backends() throws {
        #expect(!KernelSet.available.isEmpty)
        #expect(KernelSet.available.allSatisfy(InstructionSet.supported.contains))
        for instructions in KernelSet.available {
            for products in Backend.products(of: instructions) {
                let kernels = try KernelSet(instructions: instructions, products: products)
                #expect(kernels.instructions == instructions)
                #expect(kernels.description.contains(instructions.description))
                #expect(kernels.description.contains("OpenBLAS") == (products == .openBLAS))
                #expect(kernels.description.contains("tiles") == (products == .tiles))
            }
        }
        #expect(Backend.all.count == KernelSet.available.flatMap(Backend.products).count)
    }

    @Test("is the best there is unless told otherwise: tiles where there are some, else OpenBLAS")
    func defaults() throws {
        #expect(try KernelSet().instructions == KernelSet.available[0])
        for instructions in KernelSet.available {
            let kernels = try KernelSet(instructions: instructions)
            #expect(kernels.description.contains("tiles") == Backend.products(of: instructions).contains(.tiles))
        }
    }

    @Test("says so if the program lacks kernels that the processor could use")
    func note() {
        #expect(KernelSet.note(best: .avx2, available: [.avx2, .baseline]).isEmpty)
        #expect(KernelSet.note(best: .baseline, available: [.baseline]).isEmpty)
        let note = KernelSet.note(best: .avx512, available: [.baseline])
        #expect(note.contains("kernels for AVX-512 are not compiled in"))
        #expect(note.contains("EMOTION_TARGET_ARCH"))
        #expect(!note.contains("\n"))
    }

    @Test(
        "says what there is where instructions are asked for that there aren't",
        arguments: InstructionSet.allCases.filter { !KernelSet.available.contains($0) })
    func unsupported(instructions: InstructionSet) throws {
        let error = #expect(throws: KernelError.self) { try KernelSet(instructions: instructions) }
        #expect(error == .unsupportedInstructions(instructions, available: KernelSet.available))
        let message = try #require(error).description
        #expect(KernelSet.available.allSatisfy { message.contains($0.rawValue) })
        #expect(!message.contains("\n"))
    }

    @Test(
        "has no tiles for instructions without a fused multiply-add",
        .enabled(if: KernelSet.available.contains(.baseline)))
    func noTiles() {
        #expect(throws: KernelError.noTiles(.baseline)) {
            try KernelSet(instructions: .baseline, products: .tiles)
        }
    }

    @Test("measures the peak with rounds of at least one multiply-add", arguments: Backend.all)
    func rounds(backend: Backend) throws {
        let kernels = try backend.kernels()
        #expect(kernels.multiplyAddRounds(1000) >= 2)
    }
}
