import Testing

@testable import W2V2Network
@testable import W2V2Recognition

@Suite("Extents as functions of the signal's length")
struct ExtentTests {
    private static let sampleCounts = Array(0...3000) + [16000, 25391, 160_000, 1_234_567]

    @Test("adding and dividing agree with numbers, in every nesting")
    func arithmetic() throws {
        var extents: [Extent] = [.signal]
        var references: [(Int) -> Int] = [{ $0 }]
        for (offset, divisor) in [(-10, 5), (5, 1), (-3, 2), (7, 3), (-1, 2), (0, 7)] {
            for (extent, reference) in zip(extents, references) {
                let sum = try #require(extent.adding(.fixed(offset)))
                extents.append(try #require(sum.floorDivided(by: divisor)))
                references.append { Int((Double(reference($0) + offset) / Double(divisor)).rounded(.down)) }
            }
        }
        #expect(extents.count == 64)
        for (extent, reference) in zip(extents, references) {
            let wrong = Self.sampleCounts.first { extent.value(samples: $0) != reference($0) }
            #expect(wrong == nil, "\(extent)")
        }
    }

    @Test("two forms are equal only as functions")
    func canonical() {
        var forms: [[Int?]: Extent] = [:]
        for offset in -12...12 {
            for divisor in 1...12 {
                let extent = Extent.samples(offset: offset, divisor: divisor)
                let values = (100...400).map { extent.value(samples: $0) }
                #expect(forms[values] == nil, "\(extent) is \(forms[values] ?? extent) too")
                forms[values] = extent
            }
        }
    }

    @Test("the samples needed for a length are the fewest")
    func bound() throws {
        for extent in [Extent.samples(offset: -400, divisor: 320), .samples(offset: 7, divisor: 3), .signal] {
            for length in 0...50 {
                let samples = try #require(extent.samplesNeeded(forAtLeast: length))
                #expect(try #require(extent.value(samples: samples)) >= length)
                #expect(try #require(extent.value(samples: samples - 1)) < length)
            }
        }
        #expect(Extent.fixed(3).samplesNeeded(forAtLeast: 3) == Int.min)
        #expect(Extent.fixed(3).samplesNeeded(forAtLeast: 4) == nil)
    }

    @Test(
        "a convolution chain has the frames that the architecture counts",
        arguments: [[10, 3, 3, 3, 3, 2, 2], [7, 4, 2]])
    func convolutionChain(kernels: [Int]) throws {
        let layers = kernels.enumerated().map { index, kernel in
            Architecture.Convolution(
                inputChannels: index == 0 ? 1 : 4, outputChannels: 4, kernel: kernel, stride: index == 0 ? 5 : 2)
        }
        let architecture = try Architecture(
            input: "signal", inputNormalizationEpsilon: nil, featureExtractor: layers, hiddenSize: 4,
            positionalConvolution: .init(kernel: 2, groups: 1, padding: 1), encoderLayers: 1, attentionHeads: 1,
            feedForwardSize: 4, layerNormEpsilon: 1e-5, pooledOutput: "pooled",
            heads: [.init(output: "head", denseSize: 1, size: 1)])
        var extent = Extent.signal
        for layer in layers {
            let span = try #require(extent.adding(.fixed(-layer.kernel)))
            extent = try #require(span.floorDivided(by: layer.stride)?.adding(.one))
        }
        #expect(extent.samplesNeeded(forAtLeast: 1) == architecture.minimumSamples)
        for samples in architecture.minimumSamples...architecture.minimumSamples + 5000 {
            #expect(extent.value(samples: samples) == architecture.frames(samples: samples))
        }
    }

    @Test("what overflows or has no such form has no extent")
    func limits() {
        #expect(Extent.fixed(.max).adding(.one) == nil)
        #expect(Extent.fixed(.min).subtracting(.one) == nil)
        #expect(Extent.fixed(1).subtracting(.fixed(.min)) == nil)
        #expect(Extent.fixed(.max).multiplied(by: .fixed(2)) == nil)
        #expect(Extent.samples(offset: 0, divisor: .max).floorDivided(by: 2) == nil)
        #expect(Extent.samples(offset: 0, divisor: .max).adding(.fixed(2)) == nil)
        #expect(Extent.samples(offset: .max, divisor: 1).value(samples: 1) == nil)
        #expect(Extent.signal.adding(.signal) == nil)
        #expect(Extent.signal.multiplied(by: .fixed(2)) == nil)
        #expect(Extent.signal.floorDivided(by: 0) == nil)
        #expect(Extent.signal.floorDivided(by: -2) == nil)
        #expect(Extent.fixed(-7).floorDivided(by: 2) == .fixed(-4))
        #expect(Extent.signal.subtracting(.signal) == .fixed(0))
    }

    @Test("shapes meet as ONNX broadcasts them")
    func broadcasting() {
        let frames = Extent.samples(offset: -80, divisor: 320)
        #expect([.one, frames, .fixed(64)].broadcast(with: [.fixed(64)]) == [.one, frames, .fixed(64)])
        #expect([.fixed(4), frames, .one].broadcast(with: [.one, frames]) == [.fixed(4), frames, frames])
        #expect([frames].broadcast(with: [.signal]) == nil)
        #expect([frames].broadcast(with: [.fixed(49)]) == nil)
        #expect([Extent]().broadcast(with: [frames]) == [frames])
        #expect([Extent]().broadcast(with: []) == [])
    }
}
