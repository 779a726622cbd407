import Foundation
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Profile")
struct ProfileTests {
    /// Of sums of a few hundred numbers in Double.
    static let rounding = 1e-9

    /// The profile of a tiny model.
    static func profile(threads: Int = 2, repeats: Int = 3) throws -> Profile {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset12-agegender"), options: EngineOptions(threads: threads))
        return try model.profile(noise(52_400), repeats: repeats)
    }

    @Test("a tree in forward order whose parts add up to the whole", arguments: [1, 2, 3])
    func tree(threads: Int) throws {
        let profile = try Self.profile(threads: threads)
        #expect(profile.threads == threads && profile.repeats == 3)
        #expect(profile.samples == 52_400 && profile.frames == 163)
        let stages = profile.network.children
        #expect(
            stages.map(\.name) == [
                "feature extractor", "feature projection", "positional convolution + GELU", "encoder", "final norm",
                "mean over time", "heads", "rest",
            ])
        #expect(stages[0].children.map(\.name) == (0..<7).map { "layer \($0)" })
        #expect(stages[0].children[6].children.map(\.name) == ["convolution", "norm + GELU"])
        #expect(stages[3].children.map(\.name) == (0..<3).map { "layer \($0)" })
        let operations = [
            "attention norm", "q", "k", "v", "pack k, v", "scores", "softmax", "context", "out", "ffn norm",
            "ffn1 + GELU", "ffn2",
        ]
        #expect(stages[3].children.allSatisfy { $0.children.map(\.name) == operations })
        #expect(stages[3].operationsOverLayers.map(\.name) == operations)
        #expect(stages[6].children.map(\.name) == ["logits_age", "logits_gender"])

        #expect(abs(profile.network.seconds - profile.wallSeconds) <= Self.rounding * profile.wallSeconds)
        forEach(profile.network) { node in
            #expect(node.seconds > 0 && node.busySeconds.count == threads, "\(node.name)")
            #expect((0...1).contains(profile.share(of: node)) && (0...1).contains(profile.idleShare(of: node)))
            guard !node.children.isEmpty else { return }
            let sum = Profile.Node(name: node.name, node.children)
            #expect(abs(sum.seconds - node.seconds) <= Self.rounding * node.seconds, "\(node.name)")
            #expect(sum.floatingPointOperations == node.floatingPointOperations && sum.bytes == node.bytes)
        }
    }

    @Test("the operations' arithmetic is that of the closed formulas", arguments: [400, 719, 16_000, 80_000])
    func arithmetic(samples: Int) throws {
        let fixtures = try Fixtures.modelNames.map { try EmotionModel(contentsOf: Fixtures.model($0)).architecture }
        for architecture in [try ArchitectureTests.published] + fixtures {
            let root = emptyTree(architecture, samples: samples)
            #expect(root.floatingPointOperations == architecture.floatingPointOperations(samples: samples))
        }
    }

    @Test("costs of the published network's operations, worked out by hand")
    func costs() throws {
        // One second is 49 frames; 16 heads.
        let root = emptyTree(try ArchitectureTests.published, samples: 16_000)
        let encoder = try #require(root.children.first { $0.name == "encoder" })
        let layer = encoder.children[0]
        func node(_ name: String) throws -> Profile.Node {
            try #require(layer.children.first { $0.name == name }, "\(name)")
        }
        #expect(try node("q").floatingPointOperations == 2 * 49 * 1024 * 1024)
        #expect(try node("q").bytes == 4 * (1024 * 1024 + 1024 + 2 * 49 * 1024))
        #expect(try node("scores").floatingPointOperations == 2 * 49 * 49 * 1024)
        #expect(try node("scores").bytes == 4 * (2 * 49 * 1024 + 16 * 49 * 49))
        #expect(try node("ffn1 + GELU").floatingPointOperations == 2 * 49 * 1024 * 4096)
        #expect(try node("ffn2").bytes == 4 * (1024 * 4096 + 1024 + 49 * 4096 + 2 * 49 * 1024))
        #expect(try node("softmax").floatingPointOperations == 0)
        let first = root.children[0].children[0]
        #expect(first.children[0].floatingPointOperations == 2 * 3199 * 10 * 512)
        #expect(first.children[0].bytes == 4 * (16_000 + 10 * 512 + 3199 * 512))
    }

    @Test("what limits a node follows from its intensity and the ridge")
    func roofline() {
        var node = Profile.Node(
            name: "product", seconds: 0.5, busySeconds: [0.5, 0.25], floatingPointOperations: 100, bytes: 10)
        let profile = Profile(
            backend: "tiles", processor: nil, threads: 2, samples: 400, frames: 1, repeats: 1, wallSeconds: 0.5,
            roofline: Profile.Roofline(peak: 1000, bandwidth: 100), network: node)
        #expect(profile.roofline.ridge == 10)
        #expect(node.speed == 200 && profile.shareOfPeak(of: node) == 0.2)
        #expect(profile.idleShare(of: node) == 0.25)
        #expect(node.intensity == 10 && profile.bound(of: node) == .arithmetic)
        node.bytes = 11
        #expect(profile.bound(of: node) == .memory)
        node.floatingPointOperations = 0
        #expect(node.speed == nil && profile.shareOfPeak(of: node) == nil && profile.bound(of: node) == .memory)
        node.bytes = 0
        #expect(node.intensity == nil && profile.bound(of: node) == nil)
    }

    @Test("is the same after writing and reading it as JSON")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        var profile = try Self.profile()
        profile.model = "models/\"strange\" — name"
        let path = try folder.write(Array(try profile.json().utf8), to: "profile.json")
        #expect(try Profile(contentsOf: path) == profile)
    }

    @Test("of a signal that is too short is refused")
    func refusal() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17"))
        #expect(throws: EngineError.signalTooShort(samples: 399, minimum: 400)) { try model.profile(noise(399)) }
        #expect(throws: EngineError.signalTooShort(samples: 399, minimum: 400)) { try model.trace(noise(399)) }
    }

    @Test("of another file is refused with a line that says why")
    func files() throws {
        let folder = try TemporaryFolder()
        func error(_ text: String) throws -> ProfileFileError {
            let path = try folder.write(Array(text.utf8), to: "file.json")
            return try #require(throws: ProfileFileError.self) { try Profile(contentsOf: path) }
        }
        let file = folder.file("file.json")
        let good = try Self.profile(repeats: 1).json()
        for text in ["", "nonsense", "{}", "[1, 2]", #"{"format": "another", "version": 1}"#, String(good.dropLast(9))]
        {
            #expect(try error(text) == .foreign(path: file), "\(text.prefix(40))")
        }
        let damages = [
            ("\"version\" : 1", "\"version\" : \"1\""), ("\"threads\" : 2", "\"threads\" : 0"),
            ("\"samples\" : 52400", "\"samples\" : 99999999999999999999"), ("\"flop\" : ", "\"flop\" : -"),
            // Parts that don't add up to the whole.
            ("\"flop\" : ", "\"flop\" : 1"), ("\"bytes\" : ", "\"bytes\" : 7"),
            ("\"seconds\" : ", "\"seconds\" : -"), ("\"bytes\" : ", "\"octets\" : "),
            ("\"wall_seconds\" : ", "\"wall_seconds\" : -"),
        ]
        for (part, damage) in damages {
            try #require(good.contains(part), "\(part)")
            #expect(try error(good.replacingOccurrences(of: part, with: damage)) == .foreign(path: file), "\(damage)")
        }
        let newer = good.replacingOccurrences(of: "\"version\" : 1", with: "\"version\" : 2")
        #expect(try error(newer) == .newer(path: file, version: 2))
        #expect(throws: ProfileFileError.unreadable(path: "/nonexistent/file")) {
            try Profile(contentsOf: "/nonexistent/file")
        }
        #expect(throws: ProfileFileError.unreadable(path: folder.path)) { try Profile(contentsOf: folder.path) }
    }

    private func emptyTree(_ architecture: Architecture, samples: Int) -> Profile.Node {
        let recorder = SpanRecorder(layers: architecture.timedLayers, threads: 1)
        let call = CallTimes(recorder, layers: architecture.timedLayers)
        return ProfileTree(architecture: architecture, samples: samples, calls: [call]).root
    }

    private func forEach(_ node: Profile.Node, _ body: (Profile.Node) -> Void) {
        body(node)
        for child in node.children { forEach(child, body) }
    }
}
