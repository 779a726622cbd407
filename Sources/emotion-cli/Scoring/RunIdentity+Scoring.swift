import Corpus
import Foundation
import ScoreTables
import Scoring
import W2V2Engine

extension RunIdentity {
    /// What must be the same for a run to go on with the same rows: the model and what computes, the recordings, and how
    /// they are cut. The table itself knows what its rows look like.
    init(
        model: EmotionModel, at path: String, _ recordings: RecordingList, _ windowing: Windowing,
        channel: Int?
    ) throws {
        let file = try ModelLocation(path).file
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        let bytes = (attributes[.size] as? Int) ?? 0
        let checksum = String(recordings.fingerprint, radix: 16)
        func seconds(_ duration: Double?) -> String { duration.map { "\($0) s" } ?? "none" }
        self.init(facts: [
            Fact(name: "the model", value: "\((file as NSString).lastPathComponent), \(bytes) bytes"),
            Fact(name: "what computes", value: model.backend),
            Fact(name: "the inputs", value: "\(recordings.count) recordings, checksum \(checksum)"),
            Fact(name: "--window", value: seconds(windowing.windows?.duration)),
            Fact(name: "--hop", value: seconds(windowing.windows?.hop)),
            Fact(name: "--pad-last", value: windowing.windows?.padsLast == true ? "yes" : "no"),
            Fact(name: "--min-duration", value: seconds(windowing.minimumDuration)),
            Fact(name: "--max-duration", value: seconds(windowing.maximumDuration)),
            Fact(name: "--channel", value: channel.map(String.init) ?? "the mean"),
        ])
    }
}
