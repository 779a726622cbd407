import W2V2Engine

/// Tells whether rounding explains how far two runs of the same network are apart at a stage.
///
/// The distance of two states is the mean difference of their numbers, relative to the mean magnitude of those expected
/// (of a head's scores, which may happen to be nearly 0: to 1 at least). A stage hands on the distance that it finds and
/// adds rounding of its own. So rounding explains a distance of up to ``growth`` times the distance at the stage before,
/// or ``growth`` times the rounding of the stages since: what is beyond comes from this stage itself, such as from another
/// weight. Only the first such stage tells anything: those after it compute with another state.
struct RoundingRule {
    /// By how much a stage may increase the distance that it finds. Sound models come to 5 at most, with attention so
    /// peaked that it is undecided between frames.
    static let growth = 10.0

    /// What a stage's own rounding comes to: two units in the last place of float32.
    static let rounding = 0x1p-22

    /// That of the input's normalisation, whose sums run over all samples: some programs add them up one by one.
    static let normalizationRounding = 0x1p-18

    private var last = 0.0
    private var rounding = 0.0

    /// The largest distance that rounding explains at a stage. To be called for every stage in forward order; `distance`
    /// is nil where one of the two states isn't known.
    mutating func allowance(at stage: Stage, distance: Double?) -> Double {
        rounding += stage == .inputNormalization ? Self.normalizationRounding : Self.rounding
        let allowance = Self.growth * max(last, rounding)
        if let distance {
            last = distance
            rounding = 0
        }
        return allowance
    }
}
