import TestSupport
import Testing

@testable import StandInModel

@Suite("The sizes of a stand-in")
struct SizesTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sizes: StandIn.Sizes
        let reason: StandInError.Reason

        init(
            _ description: String, from sizes: StandIn.Sizes = .fixture, _ reason: StandInError.Reason,
            _ change: (inout StandIn.Sizes) -> Void
        ) {
            var changed = sizes
            change(&changed)
            testDescription = description
            self.sizes = changed
            self.reason = reason
        }
    }

    static let widths = 1...65_536
    static let depths = 1...1_024

    static let refusals = [
        Refusal("no width", .outOfRange(name: "hidden", value: 0, range: widths)) { $0.hidden = 0 },
        Refusal("a huge width", .outOfRange(name: "feedForward", value: .max, range: widths)) { $0.feedForward = .max },
        Refusal("a negative width", .outOfRange(name: "channels", value: -32, range: widths)) { $0.channels = -32 },
        Refusal("no layers", .outOfRange(name: "layers", value: 0, range: depths)) { $0.layers = 0 },
        Refusal("too many layers", .outOfRange(name: "layers", value: .max, range: depths)) { $0.layers = .max },
        Refusal("no heads", .outOfRange(name: "heads", value: 0, range: widths)) { $0.heads = 0 },
        Refusal("uneven heads", .notADivisor(name: "heads", value: 5, of: 64)) { $0.heads = 5 },
        Refusal("no groups", .outOfRange(name: "positionalGroups", value: 0, range: widths)) {
            $0.positionalGroups = 0
        },
        Refusal("uneven groups", .notADivisor(name: "positionalGroups", value: 3, of: 64)) { $0.positionalGroups = 3 },
        Refusal("an odd positional kernel", .oddPositionalKernel(15)) { $0.positionalKernel = 15 },
        Refusal("no outputs", .outOfRange(name: "outputs", value: 0, range: widths)) { $0.outputs = 0 },
        Refusal("a negative kernel", .outOfRange(name: "a kernel", value: -1, range: widths)) { $0.kernels[6] = -1 },
        Refusal("no stride", .outOfRange(name: "a stride", value: 0, range: widths)) { $0.strides[0] = 0 },
        Refusal("a missing stride", .unequalCounts(kernels: 7, strides: 6)) { $0.strides.removeLast() },
        Refusal("no convolutions", .outOfRange(name: "the number of convolutions", value: 0, range: depths)) {
            $0.kernels = []
            $0.strides = []
        },
    ]

    @Test("that fit no network are refused", arguments: refusals)
    func refused(_ refusal: Refusal) {
        #expect(throws: StandInError(refusal.reason)) { try StandIn(sizes: refusal.sizes) }
        #expect(!refusal.reason.description.contains("\n"))
    }

    @Test("that make too large a file are refused before anything is made")
    func tooLarge() throws {
        let widest = StandIn.Sizes(
            hidden: 65_536, layers: 1_024, heads: 1, feedForward: 65_536, channels: 65_536,
            kernels: Array(repeating: 65_536, count: 1_024), strides: Array(repeating: 1, count: 1_024),
            positionalKernel: 65_536, positionalGroups: 1, outputs: 65_536)
        for sizes in [widest, StandIn.Sizes(layers: 42)] {
            let error = #expect(throws: StandInError.self) { try StandIn(sizes: sizes) }
            guard case .tooLarge(let bytes, let limit) = error?.reason else {
                Issue.record("expected a file that is too large, not \(String(describing: error))")
                continue
            }
            #expect(bytes > limit)
            #expect(limit == Int(Int32.max))
        }
    }

    @Test("may be as the published siblings have them")
    func siblings() throws {
        let large = try StandIn(sizes: StandIn.Sizes(layers: 24))
        #expect(large.parameterCount == 165_335_555 + 12 * 12_596_224)
    }
}
