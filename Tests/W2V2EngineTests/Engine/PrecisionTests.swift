import Kernels
import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

/// How far whole numbers may be from float64.
///
/// Each is the largest difference measured over these tests' models and signals, with every instruction set, and some
/// 30 % on top for other compilers and processors. int16's are between a fortieth and a seventieth of int8's.
enum PrecisionTolerance {
    /// The largest difference of an output of a fixture model: 1.06e-3 and 4.8e-2 of the pooled states, which are near 1,
    /// 1.8e-4 and 1.3e-2 of the heads.
    static func output(_ name: String, _ precision: Precision) -> Double {
        let isPooled = name == "hidden_states"
        return switch precision {
        case .float32: isPooled ? 4.4e-6 : 1.3e-6
        case .int16: isPooled ? 1.4e-3 : 2.4e-4
        case .int8: isPooled ? 6.3e-2 : 1.7e-2
        }
    }

    /// The largest difference of a state of a seeded network, relative to the state's largest number: 4.1e-4 and 2.9e-2,
    /// both of a head whose numbers are small; 2.2e-4 and 1.4e-2 of the others.
    static func state(_ precision: Precision) -> Double {
        switch precision {
        case .float32: StateTolerance.usual
        case .int16: 5.4e-4
        case .int8: 3.8e-2
        }
    }
}

extension Precision {
    static let whole: [Precision] = [.int16, .int8]
}

extension EngineOptions {
    /// Whole numbers, with whatever multiplies float32 with these instructions.
    static func whole(
        _ precision: Precision, _ instructions: InstructionSet? = nil, threads: Int = 1
    ) -> EngineOptions {
        EngineOptions(threads: threads, instructions: instructions, precision: precision)
    }
}

@Suite("Networks in whole numbers")
struct PrecisionTests {
    /// Of each exporter, with two heads, and with a normalised input.
    private static let models = [
        "torch1.10-opset11", "torch1.10-opset12-agegender", "torch1.10-opset13-inputnorm", "torch2.13-opset18-dynamo",
    ]

    /// The best and the least: all vector instruction sets have the same bits, as another test checks.
    private static let instructions = Set([KernelSet.available.first, KernelSet.available.last].compactMap(\.self))

    @Test("agree with float64 on every golden signal", arguments: models, Precision.whole)
    func outputs(name: String, precision: Precision) throws {
        let golden = try Golden(named: name)
        for instructions in Self.instructions {
            let model = try EmotionModel(
                contentsOf: Fixtures.model(name), options: .whole(precision, instructions, threads: 2))
            #expect(model.precision == precision)
            for signal in golden.signals {
                let prediction = try model.predict(try golden.signal(signal))
                for output in golden.outputNames {
                    let values = try #require(prediction[output])
                    let difference = largestDifference(values, try golden.output(output, signal: signal))
                    let tolerance = PrecisionTolerance.output(output, precision)
                    #expect(difference <= tolerance, "\(output), \(signal), \(instructions)")
                    // These are not float32's numbers.
                    if output == "hidden_states" { #expect(difference > PrecisionTolerance.output(output, .float32)) }
                }
            }
        }
    }

    @Test("agree with a naive network in Double after every stage", arguments: NetworkVariant.allCases, Precision.whole)
    func states(variant: NetworkVariant, precision: Precision) throws {
        let network = try SeededNetwork(variant.architecture)
        let naive = NaiveNetwork(network)
        for length in [50, 1_970] {
            let signal = noise(length, seed: UInt64(length))
            let expected = naive.states(signal)
            for instructions in Self.instructions {
                let states = try network.model(.whole(precision, instructions)).states(signal).states
                #expect(Set(states.compactMap(\.stage)) == Set(expected.keys))
                for state in states {
                    let stage = try #require(state.stage)
                    let exact = try #require(expected[stage]).flatMap(\.self)
                    let scale = exact.map(abs).max() ?? 1
                    let difference = largestDifference(state.values, exact) / scale
                    #expect(difference <= PrecisionTolerance.state(precision), "\(state.name), \(length) samples")
                }
            }
        }
    }

    @Test("keep the first convolution in float32, and convolutions in int16 where the rest is in int8")
    func formats() throws {
        let network = try SeededNetwork(NetworkVariant.published.architecture)
        for precision in Precision.allCases {
            let whole = try network.model(EngineOptions(threads: 1, precision: precision)).network
            #expect(whole.featureExtractor.layers[0].weight.format == .float32)
            let convolutions =
                whole.featureExtractor.layers.dropFirst().map(\.weight) + whole.positionalConvolution.weights
            #expect(Set(convolutions.map(\.format)) == [precision == .float32 ? .float32 : .int16])
            let linear = [whole.featureProjection.projection.weight] + whole.encoder.flatMap(\.weights)
            #expect(Set(linear.map(\.format.rawValue)) == [precision.rawValue])
        }
        // Sums of 8 bits would leave 32 where the depth is larger.
        for (rows, format) in [(PanelLayout.deepestInt8, PanelFormat.int8), (PanelLayout.deepestInt8 + 1, .int16)] {
            #expect(Weight(layout: .linear, rows: rows, columns: 1, parameters: ["x"]).storage(.int8) == format)
        }
    }

    @Test("refuse OpenBLAS in one line, which has no products of whole numbers", arguments: Precision.whole)
    func openBLAS(precision: Precision) throws {
        let network = try SeededNetwork(NetworkVariant.published.architecture)
        let options = EngineOptions(threads: 1, products: .openBLAS, precision: precision)
        let error = #expect(throws: KernelError.self) { try network.model(options) }
        let message = try #require(error).description
        // Both have convolutions in int16, which come first.
        #expect(message.hasPrefix("weights stored as int16 can't be multiplied by OpenBLAS"))
        #expect(message.contains("tiles can") && !message.contains("\n"))
        #expect(throws: Never.self) {
            try network.model(EngineOptions(threads: 1, products: .openBLAS, precision: .float32))
        }
    }

    @Test("with a weight that is not finite give an error and no number", arguments: Precision.whole)
    func nonFiniteWeights(precision: Precision) throws {
        let network = try SeededNetwork(NetworkVariant.published.architecture)
        // Every weight in panels, which are what differs.
        let names = network.parameters.filter { $0.shape.count > 1 && !$0.name.hasPrefix("heads") }.map(\.name)
        #expect(names.count > 20)
        for name in names {
            for bad in [Float.nan, .infinity, -.infinity] {
                let model = try network.changing(name) { $0[$0.count / 2] = bad }.model(.whole(precision))
                let error = #expect(throws: EngineError.self) { try model.predict(noise(1_970)) }
                #expect(error == .nonFiniteOutput("hidden_states"), "\(bad) in \(name)")
            }
        }
    }

    @Test("with weights near float32's limit give numbers or an error", arguments: Precision.whole)
    func hugeWeights(precision: Precision) throws {
        let network = try SeededNetwork(NetworkVariant.published.architecture)
        // A norm follows the convolution, and takes the size away again; nothing does after the last layer.
        let extractor = try network.changing("feature_extractor.conv_layers.1.conv.weight") {
            $0 = $0.map { $0 * 1e30 }
        }
        #expect(try extractor.model(.whole(precision)).predict(noise(1_970)).values.joined().allSatisfy(\.isFinite))
        let last = try network.changing("encoder.layers.2.feed_forward.output_dense.weight") {
            $0 = $0.map { $0 < 0 ? -3e38 : 3e38 }
        }
        let model = try last.model(.whole(precision))
        #expect(throws: EngineError.nonFiniteOutput("hidden_states")) { try model.predict(noise(1_970)) }
    }

    @Test(
        "refuse finite signals on which they overflow, and score those on which they don't", arguments: Precision.whole)
    func overflow(precision: Precision) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"), options: .whole(precision))
        var signal = noise(8_000)
        (signal[4_000], signal[4_001]) = (3e38, -3e38)
        #expect(throws: EngineError.nonFiniteOutput("hidden_states")) { try model.predict(signal) }
        #expect(throws: EngineError.nonFiniteOutput("hidden_states")) { try model.states(signal) { _ in } }
        (signal[4_000], signal[4_001]) = (1e30, -1e30)
        #expect(try model.predict(signal).values.joined().allSatisfy(\.isFinite))
        for constant in [Float(0), 1e-38, .leastNonzeroMagnitude, 1e-30] {
            let silence = [Float](repeating: constant, count: 2_000)
            #expect(try model.predict(silence).values.joined().allSatisfy(\.isFinite))
        }
    }

    @Test(
        "give numbers or an error, whatever the size of finite features", arguments: [1e15, 1e20, 1e30, 1e38, 3.4e38],
        Precision.whole)
    func hugeFeatures(size: Float, precision: Precision) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"), options: .whole(precision))
        let channels = model.architecture.featureChannels
        // Both signs in turn; one sign; and one number beside zeros.
        for sign: (Int) -> Float in [{ $0.isMultiple(of: 2) ? 1 : -1 }, { _ in -1 }, { $0 == 5 ? 1 : 0 }] {
            do throws(EngineError) {
                let prediction = try model.predict(features: (0..<3 * channels).map { size * sign($0) })
                let isFinite = prediction.values.joined().allSatisfy { $0.isFinite }
                #expect(isFinite)
            } catch {
                #expect(error == .nonFiniteOutput("hidden_states") && size > 1e15)
            }
        }
    }
}
