import Corpus

/// What a run notes about the recording that it works on, so that one that ends the program again and again is found
/// out.
///
/// A session that is at work says so beforehand, and takes it back if it stops of its own accord. One that didn't has
/// been ended: by something that it worked on, or from outside. Which of the recordings in hand it was isn't known
/// then, so the next session scores them one at a time. If that is ended at the first of them again, that one is to
/// blame. But somebody may kill a program several times in quick succession, each time while the same recording has
/// hardly begun: where the last session hadn't been at it for long, it takes six.
struct WorkMark: Sendable, Hashable {
    /// A session is at work.
    var isAtWork = false
    /// It has been at the same excerpt for a while.
    var isLong = false
    /// Where sessions were ended, one after another without anything done in between, and how many were.
    var recording = 0
    var window = 0
    var deaths = 0
    /// Whether the last of them had been at it for a while.
    var wasLong = false
    /// Recordings before this one are scored one at a time.
    var aloneUntil = 0

    /// A session begins, in which up to `inFlight` recordings are in hand at once.
    mutating func begin(at position: RunPosition, inFlight: Int) {
        if isAtWork {
            let isSame = deaths > 0 && recording == position.recording && window == position.window
            deaths = isSame ? deaths + 1 : 1
            (recording, window) = (position.recording, position.window)
            wasLong = isLong
            aloneUntil = max(aloneUntil, position.recording + inFlight)
        }
        isAtWork = true
        isLong = false
    }

    /// How many sessions the recording at a position has ended, if it is to blame for that.
    func blame(at position: RunPosition) -> Int? {
        guard recording == position.recording, window == position.window else { return nil }
        return deaths >= (wasLong ? 2 : 6) ? deaths : nil
    }
}

extension WorkMark {
    /// Its numbers: at work, long, sessions ended, at which recording and window, was long, alone until.
    var text: String {
        "\(isAtWork ? 1 : 0),\(isLong ? 1 : 0),\(deaths),\(recording),\(window),\(wasLong ? 1 : 0),\(aloneUntil)"
    }

    /// From those seven numbers.
    init(_ numbers: [Int]) {
        self.init(
            isAtWork: numbers[0] == 1, isLong: numbers[1] == 1, recording: numbers[3], window: numbers[4],
            deaths: numbers[2], wasLong: numbers[5] == 1, aloneUntil: numbers[6])
    }
}
