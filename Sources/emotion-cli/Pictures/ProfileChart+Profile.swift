import AudioInput
import Charts
import Foundation
import W2V2Engine

extension ProfileChart {
    /// A profile as a picture.
    init(_ profile: Profile) {
        let seconds = Double(profile.samples) / Double(Signal.sampleRate)
        let names = [profile.model, profile.processor].compactMap { $0 }
        self.init(
            title: ([String(format: "%.4g s of audio", seconds)] + names).joined(separator: ", "),
            machine: Machine(
                peak: profile.roofline.peak / 1e9, bandwidth: profile.roofline.bandwidth / 1e9,
                threads: profile.threads),
            parts: profile.network.children.flatMap(Self.parts))
    }

    /// A stage's operations, layer by layer.
    private static func parts(of stage: Profile.Node) -> [Part] {
        if stage.children.isEmpty {
            let name = stage.name.replacing("positional convolution", with: "positional conv")
            return [part(name, of: name, stage)]
        }
        return stage.children.flatMap { child -> [Part] in
            if stage.name == "heads" { return [part("head", of: "heads", child)] }
            if child.children.isEmpty { return [part(child.name, of: stage.name, child)] }
            // As in the picture of the architecture.
            let kind = stage.name == "feature extractor" ? "conv" : stage.name
            return child.children.map { part($0.name, of: "\(kind) \(child.name)", $0) }
        }
    }

    private static func part(_ operation: String, of layer: String, _ node: Profile.Node) -> Part {
        Part(
            operation: operation, layer: layer, milliseconds: node.seconds * 1e3,
            floatingPointOperations: Double(node.floatingPointOperations), bytesMoved: Double(node.bytes))
    }
}
