import PackedModel
import W2V2Engine

/// A model that can't be used, with the file it is in.
struct ModelRefusal: Error, CustomStringConvertible {
    let file: String
    let reason: any Error

    var description: String { "\(file): \(reason)" }

    /// Runs `body`, and names the file if its graph isn't recognised, or it isn't a whole packed model.
    static func naming<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let reason as RecognitionError {
            throw ModelRefusal(file: file, reason: reason)
        } catch let reason as PackedModelError {
            throw ModelRefusal(file: file, reason: reason)
        } catch let reason as EngineError {
            throw ModelRefusal(file: file, reason: reason)
        }
    }
}
