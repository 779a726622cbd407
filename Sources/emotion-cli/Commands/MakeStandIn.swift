import ArgumentParser
import Foundation
import StandInModel

/// Writes a model with random weights.
struct MakeStandIn: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standin",
        abstract: "Write a stand-in: the published network with random weights.",
        discussion: """
            For trying and timing the program without the published model: the same graph, sizes and speed. Its \
            numbers mean nothing. The same seed and sizes give the same bytes on every machine.
            """)

    @Argument(help: "The folder for model.onnx and model.yaml; created if it doesn't exist.")
    var folder: String

    @Option(help: "The seed of the random weights.")
    var seed: UInt64 = 0

    @Option(help: "Encoder layers.")
    var layers: Int = StandIn.Sizes.published.layers

    @Option(help: "Width of the encoder.")
    var hidden: Int = StandIn.Sizes.published.hidden

    @Option(help: "Attention heads.")
    var heads: Int = StandIn.Sizes.published.heads

    @Option(help: "Width of the feed-forward part's inner layer.")
    var feedForward: Int = StandIn.Sizes.published.feedForward

    @Option(help: "Channels of the feature extractor.")
    var channels: Int = StandIn.Sizes.published.channels

    @Option(help: "Kernel of the positional convolution.")
    var positionalKernel: Int = StandIn.Sizes.published.positionalKernel

    @Option(help: "Groups of the positional convolution.")
    var positionalGroups: Int = StandIn.Sizes.published.positionalGroups

    @OptionGroup var replacement: ReplacementArgument

    func run() throws {
        let sizes = StandIn.Sizes(
            hidden: hidden, layers: layers, heads: heads, feedForward: feedForward, channels: channels,
            positionalKernel: positionalKernel, positionalGroups: positionalGroups)
        let standIn = try StandIn(sizes: sizes, seed: seed)
        let files = ["model.onnx", "model.yaml"].map { (folder.hasSuffix("/") ? folder : folder + "/") + $0 }
        try OwnFile.standIn.checkReplaceable(files[0], force: replacement.force)
        if !FileManager.default.fileExists(atPath: files[0]) {
            // It belongs to some other model then.
            try OwnFile.standIn.checkReplaceable(files[1], force: replacement.force)
        }
        try standIn.write(toDirectory: folder)
        Messages.notice("\(folder): wrote model.onnx (\(standIn.modelFileSize) bytes) and model.yaml")
        Messages.notice(StandIn.notice)
    }
}
