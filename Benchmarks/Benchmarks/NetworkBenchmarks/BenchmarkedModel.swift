import Foundation
import Measurement
import StandInModel
import W2V2Engine

/// The model that is timed: the one that EMOTION_MODEL names, else a stand-in of the published sizes, which is made in
/// the user's cache folder if it is not there yet.
enum BenchmarkedModel {
    static func load(threads: Int) throws -> EmotionModel {
        try EmotionModel(contentsOf: try path(), options: EngineOptions(threads: threads))
    }

    /// Noise at 16 kHz.
    static func signal(seconds: Int) -> [Float] { noise(seconds * 16_000) }

    static func path() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["EMOTION_MODEL"], !path.isEmpty { return path }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.cache"
        let folder = cache + "/emotion-cli/standin"
        // The description is written last.
        if !FileManager.default.fileExists(atPath: folder + "/model.yaml") {
            try StandIn(sizes: .published, seed: 0).write(toDirectory: folder)
        }
        return folder
    }
}
