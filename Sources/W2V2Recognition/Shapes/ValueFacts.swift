/// What is known of a value of the graph for every signal that is long enough.
struct ValueFacts {
    enum Kind: String {
        case float, integer, boolean
    }

    /// What is known of the elements.
    enum Content {
        /// They depend on the signal, or nothing is known.
        case unknown
        case constant(Constant)
        /// Integers: a list, or a single one where the shape is empty.
        case extents([Extent])
        /// Integers, each 0 or more.
        case nonNegative
        /// Truth values, each true.
        case allTrue
        /// Numbers, each this one.
        case uniform(Double)
    }

    var kind: Kind
    var shape: [Extent]
    var content: Content = .unknown

    /// Whether the value follows from the signal's length alone: no sample has a part in it.
    var isIndependentOfSamples: Bool {
        if case .unknown = content { false } else { true }
    }

    /// The integers of a list or a single integer; nil where they are not known.
    func extents() throws -> [Extent]? {
        switch content {
        case .extents(let extents): return extents
        case .constant(let constant): return try constant.integers()?.map { .fixed($0) }
        default: return nil
        }
    }
}
