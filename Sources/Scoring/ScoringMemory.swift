import AudioInput
import Machine
import W2V2Engine

/// The memory that recordings take while they are decoded and scored. It is known before it is needed: what doesn't fit
/// together is done one after the other, and what doesn't fit at all is an error.
package struct ScoringMemory: Sendable {
    private let budget: MemoryBudget
    private let model: EmotionModel
    private let threads: Int
    private let rest: @Sendable (_ samples: Int) -> Int

    /// For a model that scores each recording on as many threads. `rest` gives what else is computed of a recording takes,
    /// and `available` what is free, in bytes.
    package init(
        of model: EmotionModel, threads: Int, rest: @escaping @Sendable (_ samples: Int) -> Int = { _ in 0 },
        available: @escaping @Sendable () -> Int? = { AvailableMemory.bytes }
    ) {
        self.model = model
        self.threads = threads
        self.rest = rest
        budget = MemoryBudget(measure: available)
    }

    /// What a recording of `samples` samples takes, in bytes, with its samples and what decodes them.
    package func bytes(samples: Int) -> Int {
        let (own, overflow) = samples.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        // While its number of samples isn't known, their array grows, and is copied to one of twice its size.
        let (decoding, decodingOverflow) = own.multipliedReportingOverflow(by: 3)
        guard !overflow, !decodingOverflow else { return .max }
        var sum = 0
        for part in [
            max(decoding - own, model.memory(samples: samples, threads: threads)), own, rest(samples), Self.spare,
        ] {
            let (next, overflow) = sum.addingReportingOverflow(part)
            if overflow { return .max }
            sum = next
        }
        return sum
    }

    /// For decoders, tables and the allocator.
    private static let spare = 4 << 20

    /// Memory for one excerpt, none of it reserved yet.
    package func excerpt() -> ExcerptMemory { ExcerptMemory(budget.share(), bytes) }

    /// - Throws: `AudioError.Reason.needsMemory` if `samples` samples can't be scored now.
    package func check(samples: Int) throws(AudioError.Reason) { try excerpt().reserve(samples: samples) }

    /// Reads a recording that fits.
    ///
    /// - Throws: `AudioError` also if it doesn't.
    package func read(path: String, minimumSamples: Int) throws(AudioError) -> Signal {
        let excerpt = excerpt()
        func admit(samples: Int, decoded: Int) throws(AudioError.Reason) {
            try excerpt.reserve(samples: samples, decoded: decoded)
        }
        return try SignalStream(path: path).readAll(minimumSamples: minimumSamples, admit: admit).signal
    }
}

/// The memory of one excerpt; given back with the last reference to it.
package final class ExcerptMemory: Sendable {
    private let share: MemoryBudget.Share
    private let bytes: @Sendable (_ samples: Int) -> Int

    fileprivate init(_ share: MemoryBudget.Share, _ bytes: @escaping @Sendable (_ samples: Int) -> Int) {
        self.share = share
        self.bytes = bytes
    }

    /// Reserves what `samples` take, of which `decoded` are in memory already. Waits for other excerpts where there is too
    /// little.
    ///
    /// - Throws: `AudioError.Reason.needsMemory` if there is too little even without them.
    package func reserve(samples: Int, decoded: Int = 0) throws(AudioError.Reason) {
        do throws(MemoryBudget.Shortage) {
            try share.grow(to: bytes(samples), used: decoded * MemoryLayout<Float>.stride)
        } catch {
            throw .needsMemory(
                duration: Double(samples) / Double(Signal.sampleRate), bytes: error.needed)
        }
    }
}

extension ExcerptMemory: Hashable {
    package static func == (a: ExcerptMemory, b: ExcerptMemory) -> Bool { a === b }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
