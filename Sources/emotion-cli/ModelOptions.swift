import ArgumentParser
import BLAS
import Foundation
import Kernels
import PackedModel
import StandInModel
import W2V2Engine

/// Which model to run, and how.
struct ModelOptions: ParsableArguments {
    @OptionGroup var choice: ModelChoice

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: "Threads to compute with. Default: one for each physical core.")
    var threads: Int = Processor.physicalCores

    static let allowedThreads = 1...1024

    func validate() throws {
        guard Self.allowedThreads.contains(threads) else {
            throw ValidationError("--threads \(threads): a number from 1 to 1024 is needed")
        }
    }

    /// Says so if a model has fewer threads than were asked for.
    static func noticeShortage(of model: EmotionModel) {
        if let shortage = model.threadShortage { Messages.notice("\(shortage)") }
    }

    /// Every answer of a stand-in carries this notice.
    static func noticeStandIn(_ metadata: [String: String]) {
        if metadata[StandIn.metadataKey] != nil { Messages.notice(StandIn.notice) }
    }
}

/// Which model to run, and what computes.
struct ModelChoice: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "An .onnx file, a folder with model.onnx and model.yaml, a folder or file of the Hugging Face hub, or a packed model.",
            discussion: "Default: $EMOTION_MODEL, then the folder emotion-cli/model in the user's data folder."))
    var model: String?

    @Option(
        help: """
            What computes the matrix products: tiles (built in) or openblas. Default: tiles, or openblas if the \
            processor can't run them.
            """)
    var gemm: MatrixProducts?

    @Option(help: "Instructions to use, for tests and comparisons. Default: the best that the processor has.")
    var instructions: InstructionSet?

    @Flag(
        help: """
            Keep little more than a layer's weights of a packed model in memory at once. Re-reading them costs about \
            20 ms per call; predict does this by itself for a single recording of 4 s or more.
            """)
    var lean = false

    @Option(
        help: """
            In which numbers products are computed: float32, int16 (about 0.6 of the time) or int8 (0.4, and the least \
            exact; verify --precision int8 shows by how much). Default: that of a packed model, else float32.
            """)
    var precision: Precision?

    func engine(threads: Int) -> EngineOptions {
        EngineOptions(
            threads: threads, instructions: instructions, products: gemm, leanFrames: lean ? 0 : nil,
            precision: precision)
    }

    /// The path of the model, whether or not it exists.
    ///
    /// - Throws: if none is named and none is in the default place.
    func path() throws -> String {
        if let model { return model }
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["EMOTION_MODEL"], !path.isEmpty { return path }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let data = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.local/share"
        let folder = data + "/emotion-cli/model"
        guard FileManager.default.fileExists(atPath: folder) else {
            throw CommandError(
                "no model: name one with --model or EMOTION_MODEL, or put model.onnx and model.yaml into \(folder)"
                    + " (Scripts/get-model fetches the published one)")
        }
        return folder
    }

    /// Loads the model, for a single call or several, and says so on standard error if it is a stand-in.
    func load(threads: Int, calls: Int? = nil) throws -> EmotionModel {
        let path = try path()
        var options = engine(threads: threads)
        // A single call need not keep pages for a later one. Short ones should start at once.
        if calls == 1, !lean { options.leanFrames = 200 }
        let model = try CommandError.naming(path) {
            try EmotionModel(at: ModelLocation(path), options: options) { Messages.notice($0) }
        }
        ModelOptions.noticeStandIn(model.metadata)
        ModelOptions.noticeShortage(of: model)
        return model
    }
}

extension ModelLocation {
    /// Refuses a packed model, for commands that need what it was made from.
    func requireSource() throws {
        guard form == .packed else { return }
        throw CommandError(
            "\(file): is a packed model, which has no graph; name the model it was made from")
    }
}

extension MatrixProducts: ExpressibleByArgument {}
extension InstructionSet: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
