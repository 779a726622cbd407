import Machine

/// The most arithmetic that a number of threads do on this machine at this moment: multiply-adds on registers alone, in
/// the instructions that compute the matrix products.
package struct MultiplyAddPeak {
    private let team: ThreadTeam
    /// Of each format, what multiplies it and the rounds of one measurement on each thread.
    private let runs: [PanelFormat: (kernels: KernelSet, rounds: Int)]

    private static let measurements = 5
    /// Long enough for threads to be awake for most of it, and for the clock's grain not to matter.
    private static let duration = Duration.milliseconds(10)

    /// What can be measured.
    package var formats: [PanelFormat] { Array(runs.keys) }

    /// Prepares to measure `formats`.
    ///
    /// - Throws: `KernelError` if the processor's best instructions can't be used.
    package init(of kernels: KernelSet, threads: Int, formats: Set<PanelFormat> = [.float32]) throws {
        team = ThreadTeam(count: threads)
        let single = ThreadTeam(count: 1)
        var runs: [PanelFormat: (kernels: KernelSet, rounds: Int)] = [:]
        for format in formats {
            // OpenBLAS takes the best instructions for the products, whatever the other kernels use.
            let isOpenBLAS = format == .float32 && kernels.products == .openBLAS
            let used = isOpenBLAS ? try KernelSet(instructions: KernelSet.available[0]) : kernels
            var rounds = 1 << 10
            while rounds < 1 << 40, Self.time(used, format, rounds: rounds, single) < Self.duration { rounds *= 2 }
            runs[format] = (used, rounds)
        }
        self.runs = runs
    }

    /// Operations a second of all threads, two for each pair of numbers that is multiplied: the best of several short
    /// measurements.
    package func measure(_ format: PanelFormat = .float32) -> Double {
        guard let (kernels, rounds) = runs[format] else { preconditionFailure("\(format) was not prepared") }
        let operations = Double(kernels.multiplyAddRounds(0, of: format) * team.count) * Double(rounds)
        let times = (0..<Self.measurements).map { _ in
            Self.time(kernels, format, rounds: rounds, team) / .seconds(1)
        }
        return operations / times.reduce(.infinity, min)
    }

    /// How long each thread of a team takes for a number of rounds, all at once.
    private static func time(_ kernels: KernelSet, _ format: PanelFormat, rounds: Int, _ team: ThreadTeam) -> Duration {
        ContinuousClock().measure {
            team.forEach(team.count) { _, _ in _ = kernels.multiplyAddRounds(rounds, of: format) }
        }
    }
}

/// How fast a number of threads read memory together at this moment: a buffer far larger than the caches, each thread
/// its own part from one end to the other, with nothing done but adding up.
package struct ReadBandwidth {
    private let team: ThreadTeam
    private let buffer: FloatBuffer

    private static let measurements = 5
    /// 256 MiB: more than the last cache of nearly every processor holds.
    private static let mostFloats = 1 << 26
    /// What the buffer is full of.
    private static let content: Float = 1

    /// Takes 256 MiB of memory for as long as it lives, or half of what is free if that is less.
    package init(threads: Int) {
        team = ThreadTeam(count: threads)
        let free = (AvailableMemory.bytes ?? .max) / 2 / MemoryLayout<Float>.stride
        let blocks = max(1, min(Self.mostFloats, free) / Self.block)
        let buffer = FloatBuffer(count: blocks * Self.block)
        // Memory that nobody has written to is one and the same page of zeros, which stays in cache.
        team.split(blocks) { part, _ in
            MutableMatrix(buffer, rows: blocks, columns: Self.block)[rows: part].fill(Self.content)
        }
        self.blocks = blocks
        self.buffer = buffer
    }

    /// Bytes a second of all threads: the best of several readings.
    package func measure() -> Double {
        var sums = [UInt64](repeating: 0, count: team.count)
        let times = (0..<Self.measurements).map { _ in
            ContinuousClock().measure {
                sums.withUnsafeMutableBufferPointer { sums in
                    team.split(blocks) { part, worker in
                        sums[worker] &+= sum(part)
                    }
                }
            } / .seconds(1)
        }
        // Checking what was read keeps the compiler from leaving the reading out.
        let pair = UInt64(Self.content.bitPattern) << 32 | UInt64(Self.content.bitPattern)
        precondition(
            sums.reduce(0, &+) == UInt64(Self.measurements) &* UInt64(buffer.count / 2) &* pair,
            "memory holds what was written to it")
        return Double(buffer.count * MemoryLayout<Float>.stride) / times.reduce(.infinity, min)
    }

    /// The buffer's floats in blocks: what threads share, and what ``sum(_:)`` takes at a time.
    private static let block = 1 << 12
    private let blocks: Int

    /// The bits of some blocks, two floats at a time, added up.
    private func sum(_ blocks: Range<Int>) -> UInt64 {
        typealias Vector = SIMD8<UInt64>
        let start = UnsafeRawPointer(buffer.base + blocks.lowerBound * Self.block)
        let (width, bytes) = (MemoryLayout<Vector>.stride, blocks.count * Self.block * MemoryLayout<Float>.stride)
        // Four sums, so that no addition waits for the one before.
        var (first, second, third, fourth) = (Vector(), Vector(), Vector(), Vector())
        for offset in stride(from: 0, to: bytes, by: 4 * width) {
            first &+= start.load(fromByteOffset: offset, as: Vector.self)
            second &+= start.load(fromByteOffset: offset + width, as: Vector.self)
            third &+= start.load(fromByteOffset: offset + 2 * width, as: Vector.self)
            fourth &+= start.load(fromByteOffset: offset + 3 * width, as: Vector.self)
        }
        return (first &+ second &+ third &+ fourth).wrappedSum()
    }
}
