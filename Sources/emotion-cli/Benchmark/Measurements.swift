import AudioInput
import Foundation
import Scoring
import Verification

/// The same noise in every process: standard normal, at 16 kHz.
struct Noise {
    private let samples: [Float]

    /// Noise for signals of up to `seconds`.
    init(seconds: Double) {
        var generator = GaussianNoise(seed: 1)
        samples = generator.samples(Self.count(seconds))
    }

    /// The same, if `memory` has room for scoring all of it.
    ///
    /// - Throws: ``CommandError`` if not.
    init(seconds: Double, scoredIn memory: ScoringMemory) throws(CommandError) {
        do throws(AudioError.Reason) { try memory.check(samples: Self.count(seconds)) } catch {
            throw CommandError("noise: \(error)")
        }
        self.init(seconds: seconds)
    }

    /// The beginning of the noise.
    func signal(seconds: Double) -> [Float] { Array(samples.prefix(Self.count(seconds))) }

    private static func count(_ seconds: Double) -> Int { Int((seconds * Double(Signal.sampleRate)).rounded()) }
}

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

/// The memory of this process.
enum ProcessMemory {
    /// The most bytes that were ever resident at once, pages of mapped files included; nil if the system doesn't
    /// tell.
    static var peak: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        return peak(inStatus: status)
    }

    /// The same from the text of `/proc/PID/status`, whose kB are 1024 bytes.
    static func peak(inStatus status: String) -> Int? {
        let fields = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split { $0 == " " || $0 == "\t" }
        guard let fields, fields.count == 3, fields[2] == "kB", let count = Int(fields[1]) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1024)
        return overflow ? nil : bytes
    }
}
