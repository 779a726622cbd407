import ONNXLoader
import TestSupport
import Testing
import W2V2Engine

@testable import W2V2Network
@testable import W2V2Recognition

/// What optimisers, simplifiers and converters make of an export is the same network.
@Suite("Processed copies of an export")
struct ProcessedExportTests {
    private func recognized(_ path: String) throws -> RecognizedModel {
        try RecognizedModel(recognizing: ONNXModel(contentsOf: path))
    }

    @Test("have the architecture of the export", arguments: ProcessedExport.all)
    func architecture(copy: ProcessedExport) throws {
        let (found, base) = (try recognized(copy.path).architecture, try recognized(copy.basePath).architecture)
        #expect(found.fixedSamples == copy.fixedSamples)
        #expect(found.featureExtractor == base.featureExtractor)
        #expect(found.positionalConvolution == base.positionalConvolution)
        #expect(found.heads == base.heads)
        #expect((found == base) == (copy.fixedSamples == nil))
        #expect(found.parameterCount == base.parameterCount)
    }

    @Test("have a role for every node", arguments: ProcessedExport.all)
    func account(copy: ProcessedExport) throws {
        let model = try ONNXModel(contentsOf: copy.path)
        let found = try RecognizedModel(recognizing: model)
        #expect(found.roles.map(\.node) == model.graph.nodes.map(\.label))
        #expect(found.roles.allSatisfy { !$0.module.isEmpty && !$0.operation.isEmpty })
        // Each node of a layer is in one operation of the network at least.
        let placed = Set(found.operations.flatMap(\.nodes))
        for (index, role) in found.roles.enumerated() {
            #expect((role.kind == .layer) == placed.contains(index), "\(role.node)")
        }
        #expect(Set(found.stageValues.keys).isSubset(of: Stage.all(of: found.architecture)))
    }

    /// How many of the parameters are stored as whole numbers: the weights of six matrices for each layer and of three
    /// others, and those of eight convolutions.
    @Test("say how their numbers are stored", arguments: ProcessedExport.all)
    func storedNumbers(copy: ProcessedExport) throws {
        let found = try recognized(copy.path)
        let all = found.parameters.count
        let matrices = 6 * found.architecture.encoderLayers + 3
        let expected: [(String, Int)] =
            switch copy.tool {
            case "fp16", "fp16-io": [("float16", all)]
            case "q8": [("int8, one scale", matrices + 8), ("float32", all - matrices - 8)]
            case "q8-matmul": [("int8, one scale", matrices), ("float32", all - matrices)]
            case "q8-channel": [("int8, a scale for each output", matrices), ("float32", all - matrices)]
            case "qu8-matmul": [("uint8, one scale", matrices), ("float32", all - matrices)]
            default: [("float32", all)]
            }
        let forms = expected.map { StoredNumbers(form: $0.0, parameters: $0.1) }.sorted {
            $0.parameters > $1.parameters
        }
        #expect(found.storedNumbers == forms)
        #expect(found.isFloat32 == copy.keepsWeights)
    }

    /// How far a stored parameter may be from the export's, relative to the largest of it: half a step of 126 or more, or of
    /// the 11 bits of float16. Where a tool moved a power of two into a weight, recognition takes it out again.
    private func rounding(of copy: ProcessedExport) -> Float {
        copy.isQuantized ? 0.5 / 126 : copy.isFloat16 ? 0x1p-11 : 0
    }

    @Test("have the parameters of the export", arguments: ProcessedExport.all)
    func parameters(copy: ProcessedExport) throws {
        let (found, base) = (try recognized(copy.path), try recognized(copy.basePath))
        #expect(found.parameters.map(\.name) == base.parameters.map(\.name))
        for (parameter, original) in zip(found.parameters, base.parameters) {
            #expect(parameter.shape == original.shape)
            let (values, originals) = (try parameter.floats(), try original.floats())
            let scale = originals.map(abs).max() ?? 0
            let limit = Double(rounding(of: copy) * scale)
            #expect(largestDifference(values, originals) <= limit, "\(parameter.name)")
        }
    }

    /// ONNX Runtime's own largest difference from the goldens of the two exports is 9.1e-7, in float32 as well.
    private static let float32 = 9.2e-7

    @Test("compute what the export does", arguments: ProcessedExport.all.filter(\.keepsWeights))
    func outputs(copy: ProcessedExport) throws {
        let model = try EmotionModel(contentsOf: copy.path)
        let golden = try Golden(contentsOf: Fixtures.processed("\(copy.base).golden.npz"))
        #expect(Set(model.architecture.outputs) == Set(golden.outputNames))
        var compared = 0
        for name in golden.signals {
            let signal = try golden.signal(name)
            if let only = copy.fixedSamples, signal.count != only { continue }
            let prediction = try model.predict(signal)
            for output in golden.outputNames {
                let difference = largestDifference(
                    try #require(prediction[output]), try golden.output(output, signal: name))
                #expect(difference <= Self.float32 * ParityTolerance.openBLASLuck, "\(output) of \(name)")
                compared += 1
            }
        }
        #expect(compared == (copy.fixedSamples == nil ? 10 : 2))
    }

    @Test("of a fixed length refuse another", arguments: ProcessedExport.all.filter { $0.fixedSamples != nil })
    func fixedLength(copy: ProcessedExport) throws {
        let model = try EmotionModel(contentsOf: copy.path)
        #expect(try model.predict(noise(16_000)).values.count == 2)
        for samples in [400, 15_999, 16_001, 32_000] {
            let error = try #require(throws: EngineError.self) { try model.predict(noise(samples)) }
            #expect(error == .otherLength(samples: samples, only: 16_000))
            #expect("\(error)".contains("16000") && !"\(error)".contains("\n"))
        }
    }
}
