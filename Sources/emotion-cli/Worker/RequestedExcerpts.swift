import Corpus
import Scoring

/// The excerpts that requests on standard input ask for.
struct RequestedExcerpts: Sendable {
    /// What an answer needs to know of its request.
    struct Tag: Sendable {
        let id: RequestID
        /// nil where the request was not understood; the failure's reason then says all.
        let file: String?
    }

    /// Where relative files are looked for; nil for the working folder.
    let root: String?
    /// Counted from 0; nil averages them all.
    let channel: Int?
    /// How many samples the model needs.
    let minimumSamples: Int

    /// Reads until the end of standard input, or until `offer` says false.
    ///
    /// - Throws: `InputFailure` where standard input can't be read.
    func readAll(_ offer: (Tag, Result<Excerpt, ScoringFailure>) -> Bool) throws {
        var requests = try WorkerRequestReader()
        while let request = try requests.next() {
            let (tag, excerpt) = excerpt(request)
            guard offer(tag, excerpt) else { return }
        }
    }

    private func excerpt(
        _ request: Result<WorkerRequest, WorkerRequestError>
    ) -> (Tag, Result<Excerpt, ScoringFailure>) {
        switch request {
        case .failure(let error):
            return (Tag(id: error.id, file: nil), .failure(ScoringFailure(reason: error.description)))
        case .success(let request):
            let tag = Tag(id: request.id, file: request.file)
            do {
                let excerpt = try Excerpt(
                    reading: request.recording(root: root), channel: channel, minimumSamples: minimumSamples)
                return (tag, .success(excerpt))
            } catch {
                return (tag, .failure(ScoringFailure(error)))
            }
        }
    }
}
