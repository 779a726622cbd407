/// How long each run of the same work took.
struct RunTimes {
    /// In ascending order; at least one.
    private let times: [Duration]

    /// `times` are those of at least one run, in any order.
    init(_ times: [Duration]) {
        precondition(!times.isEmpty, "no run was timed")
        self.times = times.sorted()
    }

    /// Times `body` as often as `count` says.
    init(_ count: RunCount, of body: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        let start = clock.now
        var times: [Duration] = []
        repeat {
            times.append(try clock.measure(body))
        } while count.wantsMore(runs: times.count, elapsed: clock.now - start)
        self.init(times)
    }

    var count: Int { times.count }
    var minimum: Duration { times[0] }

    /// The one in the middle, or the mean of the two in the middle.
    var median: Duration { (times[(count - 1) / 2] + times[count / 2]) / 2 }
}

/// How many runs to time.
enum RunCount: Hashable {
    case exactly(Int)
    /// As many as begin within a time: at least `Self.fewest`, at most `Self.most`.
    case within(Duration)

    static let fewest = 3
    static let most = 40

    /// Whether another run should follow.
    func wantsMore(runs: Int, elapsed: Duration) -> Bool {
        switch self {
        case .exactly(let count): runs < count
        case .within(let time): runs < Self.fewest || runs < Self.most && elapsed < time
        }
    }
}
