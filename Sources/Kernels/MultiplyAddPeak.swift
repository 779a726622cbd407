/// The most arithmetic that a number of threads do on this machine at this moment: multiply-adds on registers alone, in
/// the instructions that compute the matrix products.
public struct MultiplyAddPeak {
    private let kernels: KernelSet
    private let team: ThreadTeam
    /// Rounds of one measurement on each thread.
    private let rounds: Int

    private static let measurements = 5
    /// Long enough for threads to be awake for most of it, and for the clock's grain not to matter.
    private static let duration = Duration.milliseconds(10)

    /// - Throws: `KernelError` where the processor's best instructions can't be used.
    public init(of kernels: KernelSet, threads: Int) throws {
        // OpenBLAS takes the best instructions for the products, whatever the other kernels use.
        self.kernels = kernels.products == .openBLAS ? try KernelSet(instructions: KernelSet.available[0]) : kernels
        team = ThreadTeam(count: threads)
        var rounds = 1 << 10
        while rounds < 1 << 40, Self.time(self.kernels, rounds: rounds, ThreadTeam(count: 1)) < Self.duration {
            rounds *= 2
        }
        self.rounds = rounds
    }

    /// Floating-point operations a second of all threads: the best of several short measurements.
    public func measure() -> Double {
        let operations = Double(kernels.multiplyAddRounds(0) * team.count) * Double(rounds)
        let times = (0..<Self.measurements).map { _ in Self.time(kernels, rounds: rounds, team) / .seconds(1) }
        return operations / times.reduce(.infinity, min)
    }

    /// How long each thread of a team takes for a number of rounds, all at once.
    private static func time(_ kernels: KernelSet, rounds: Int, _ team: ThreadTeam) -> Duration {
        ContinuousClock().measure {
            team.forEach(team.count) { _, _ in _ = kernels.multiplyAddRounds(rounds) }
        }
    }
}
