import W2V2Engine

/// A graph that wasn't recognised, with the file it is in.
struct ModelRefusal: Error, CustomStringConvertible {
    let file: String
    let reason: RecognitionError

    var description: String { "\(file): \(reason)" }

    /// Runs `body`, and names the file where its graph isn't recognised.
    static func naming<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let reason as RecognitionError {
            throw ModelRefusal(file: file, reason: reason)
        }
    }
}
