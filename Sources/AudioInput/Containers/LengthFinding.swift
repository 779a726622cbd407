/// What was declared about a recording's length, and what there is.
///
/// A small difference is a notice; a large one is an error, unless recordings that are cut short are accepted.
struct LengthFinding: Equatable {
    let unit: AudioError.Unit
    /// Nil if no length that can be meant is declared.
    var declared: Int?
    /// How much of it there is.
    var found: Int
    /// What follows it, and is nothing that the format knows.
    var further = 0
    /// Whether what is missing is all that is: the end is known to be near.
    var isNearEnd = true

    /// Differences up to either of these are small, but not more than half of what was declared.
    private static let smallDuration = 0.1
    private static let smallShare = 0.01

    /// What is to be said about it; nil if nothing. `duration` is how long what was found is, in seconds.
    ///
    /// - Throws: `.truncated`, `.further`.
    func notice(duration: Double, acceptsTruncated: Bool) throws(AudioError.Reason) -> AudioNotice? {
        guard let declared else { return .length(declared: nil, found: duration) }
        let rate = found > 0 && duration > 0 ? Double(found) / duration : nil
        if declared > found {
            guard acceptsTruncated || (isNearEnd && isSmall(declared - found, of: declared, rate: rate)) else {
                throw .truncated(declared: declared, found: found, unit: unit)
            }
            return isNearEnd ? .length(declared: rate.map { Double(declared) / $0 }, found: duration) : .incompleteEnd
        }
        if further > 0 {
            guard acceptsTruncated || isSmall(further, of: declared, rate: rate) else {
                throw .further(declared: declared, further: further)
            }
            return .furtherBytes(further)
        }
        return nil
    }

    private func isSmall(_ difference: Int, of whole: Int, rate: Double?) -> Bool {
        if Double(difference) <= Self.smallShare * Double(whole) { return true }
        guard difference <= whole / 2 else { return false }
        return rate.map { Double(difference) < Self.smallDuration * $0 } ?? false
    }
}

/// What a container says about its audio's length.
enum ContainerLength: Equatable {
    /// It declares one, or should; with how long what was found is, in seconds.
    case finding(LengthFinding, duration: Double)
    /// Its format, by name, declares none.
    case none(format: String)

    func notice(acceptsTruncated: Bool) throws(AudioError.Reason) -> AudioNotice? {
        switch self {
        case .finding(let finding, let duration):
            try finding.notice(duration: duration, acceptsTruncated: acceptsTruncated)
        case .none(let format): .noLength(format: format)
        }
    }
}
