/// How many excerpts are scored at once, and on how many threads each.
public struct Parallelism: Sendable, Hashable {
    /// Excerpts at once.
    public let jobs: Int
    /// Threads for each.
    public let threads: Int

    /// What is not given is chosen so that all cores have work: a job a core, because two threads on one excerpt wait
    /// for each other now and then, and two excerpts never do; but a single excerpt gets them all. `excerpts` is how many
    /// there are to score, where that is known.
    public init(jobs: Int? = nil, threads: Int? = nil, excerpts: Int? = nil, cores: Int) {
        let most = max(1, min(excerpts ?? .max, cores))
        self.jobs = max(1, jobs ?? min(most, cores / (threads ?? 1)))
        self.threads = threads ?? max(1, cores / self.jobs)
    }
}
