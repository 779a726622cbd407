import ArgumentParser
import Charts
import Files
import Foundation
import NumPyFiles
import ONNXLoader
import PackedModel
import StandInModel

/// Whether files that this program did not write may be replaced.
struct ReplacementArgument: ParsableArguments {
    @Flag(help: "Replace existing files, also those that this program did not write.")
    var force = false
}

/// The kinds of files that appear whole, each with a mark by which this program knows its own again. Tables have
/// `FILE.run` for that.
enum OwnFile: String {
    case picture
    case archive = ".npz file"
    case trace
    case packedModel = "packed model"
    case standIn = "stand-in"

    /// Looks whether a file may be replaced: there is none, it is empty, or this program wrote it.
    func checkReplaceable(_ path: String, force: Bool) throws(CommandError) {
        guard !force, case .file(let target) = try? OutputTarget(path), let file = try? RegularFile(target),
            file.byteCount > 0, !isOwn(file, at: target)
        else { return }
        throw CommandError(
            "\(printable(path)): already exists and is not a \(rawValue) that this program wrote; choose another name, "
                + "or replace it with --force")
    }

    private func isOwn(_ file: RegularFile, at path: String) -> Bool {
        func beginning(_ count: Int) -> [UInt8] { (try? file.read(at: 0, count: count)) ?? [] }
        switch self {
        case .picture: return PictureFormat.isOwn(beginning(PictureFormat.markedSize))
        case .archive: return NPZWriter.isOwn(file)
        case .trace:
            // Its first event names the process.
            let text = String(decoding: beginning(200), as: UTF8.self)
            return text.hasPrefix("{\"displayTimeUnit\":") && text.contains("{\"name\":\"emotion-cli\"}")
        case .packedModel: return PackedModelFile.isPackedModel(path)
        case .standIn: return (try? ONNXModel(contentsOf: path))?.metadata[StandIn.metadataKey] != nil
        }
    }
}
