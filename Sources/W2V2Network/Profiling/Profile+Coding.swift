extension Profile: Codable {
    /// What the file says it is.
    static let format = "emotion-cli profile"
    /// Of the format: raised when an older program would misunderstand a file.
    static let version = 1

    private enum Key: String, CodingKey {
        case format, version, backend, precision, processor, model, input, threads, samples, frames, repeats, network
        case wall = "wall_seconds"
        case peak = "peak_flop_per_second"
        case integerPeaks = "integer_peaks_flop_per_second"
        case bandwidth = "read_bytes_per_second"
    }

    /// Writes all figures, those that follow from others too.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(Self.format, forKey: .format)
        try object.encode(Self.version, forKey: .version)
        try object.encode(backend, forKey: .backend)
        try object.encode(precision, forKey: .precision)
        try object.encodeIfPresent(processor, forKey: .processor)
        try object.encodeIfPresent(model, forKey: .model)
        try object.encodeIfPresent(input, forKey: .input)
        try object.encode(threads, forKey: .threads)
        try object.encode(samples, forKey: .samples)
        try object.encode(frames, forKey: .frames)
        try object.encode(repeats, forKey: .repeats)
        try object.encode(wallSeconds, forKey: .wall)
        try object.encode(roofline.peak, forKey: .peak)
        let integers = roofline.peaks.filter { $0.key.isInteger }
        if !integers.isEmpty { try object.encode(named(integers), forKey: .integerPeaks) }
        try object.encode(roofline.bandwidth, forKey: .bandwidth)
        try object.encode(EncodedNode(node: network, profile: self), forKey: .network)
    }

    /// Reads the figures that others follow from, and looks whether they can be those of a profile.
    ///
    /// - Throws: ``ProfileFileError/newer(path:version:)``, or a `DecodingError` if it is not a profile.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        guard try object.decode(String.self, forKey: .format) == Self.format else {
            throw object.damaged(.format)
        }
        let version = try object.decode(Int.self, forKey: .version)
        guard version <= Self.version else { throw ProfileFileError.newer(path: nil, version: version) }
        backend = try object.decode(String.self, forKey: .backend)
        // Files from before there were several don't name it.
        precision = try object.decodeIfPresent(Precision.self, forKey: .precision) ?? .float32
        processor = try object.decodeIfPresent(String.self, forKey: .processor)
        model = try object.decodeIfPresent(String.self, forKey: .model)
        input = try object.decodeIfPresent(String.self, forKey: .input)
        threads = try object.count(.threads)
        samples = try object.count(.samples)
        frames = try object.count(.frames)
        repeats = try object.count(.repeats)
        wallSeconds = try object.decode(Double.self, forKey: .wall)
        let integers = try object.decodeIfPresent([String: Double].self, forKey: .integerPeaks) ?? [:]
        var peaks = try object.byPrecision(integers, .integerPeaks)
        peaks[.float32] = try object.decode(Double.self, forKey: .peak)
        roofline = Roofline(peaks: peaks, bandwidth: try object.decode(Double.self, forKey: .bandwidth))
        guard wallSeconds > 0, roofline.peaks.values.allSatisfy({ $0 > 0 }), roofline.bandwidth > 0 else {
            throw object.damaged(.wall)
        }
        network = try object.decode(DecodedNode.self, forKey: .network).node
        guard network.integerOperations.keys.allSatisfy({ roofline.peaks[$0] != nil }) else {
            throw object.damaged(.integerPeaks)
        }
    }
}

private enum NodeKey: String, CodingKey {
    case name, seconds, share, flop, bytes, bound, children
    case busy = "busy_seconds"
    case integerOperations = "integer_flop"
    case idle = "idle_share"
    case speed = "flop_per_second"
    case shareOfPeak = "share_of_peak"
    case intensity = "flop_per_byte"
}

/// A node with the figures that follow from the profile it is in.
private struct EncodedNode: Encodable {
    let node: Profile.Node
    let profile: Profile

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: NodeKey.self)
        try object.encode(node.name, forKey: .name)
        try object.encode(node.seconds, forKey: .seconds)
        try object.encode(node.busySeconds, forKey: .busy)
        try object.encode(node.floatingPointOperations, forKey: .flop)
        if !node.integerOperations.isEmpty {
            try object.encode(named(node.integerOperations), forKey: .integerOperations)
        }
        try object.encode(node.bytes, forKey: .bytes)
        try object.encode(profile.share(of: node), forKey: .share)
        try object.encode(profile.idleShare(of: node), forKey: .idle)
        try object.encodeIfPresent(node.speed, forKey: .speed)
        try object.encodeIfPresent(profile.shareOfPeak(of: node), forKey: .shareOfPeak)
        try object.encodeIfPresent(node.intensity, forKey: .intensity)
        try object.encodeIfPresent(profile.bound(of: node), forKey: .bound)
        if !node.children.isEmpty {
            try object.encode(node.children.map { EncodedNode(node: $0, profile: profile) }, forKey: .children)
        }
    }
}

private struct DecodedNode: Decodable {
    var node: Profile.Node

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: NodeKey.self)
        node = Profile.Node(
            name: try object.decode(String.self, forKey: .name),
            seconds: try object.decode(Double.self, forKey: .seconds),
            busySeconds: try object.decode([Double].self, forKey: .busy),
            floatingPointOperations: try object.decode(Int.self, forKey: .flop),
            bytes: try object.decode(Int.self, forKey: .bytes))
        let integers = try object.decodeIfPresent([String: Int].self, forKey: .integerOperations) ?? [:]
        node.integerOperations = try object.byPrecision(integers, .integerOperations)
        guard node.integerOperations.values.allSatisfy({ $0 >= 0 }),
            sum(Array(node.integerOperations.values)).map({ $0 <= node.floatingPointOperations }) ?? false
        else { throw object.damaged(.integerOperations) }
        guard node.seconds >= 0, node.busySeconds.allSatisfy({ $0 >= 0 }), node.floatingPointOperations >= 0,
            node.bytes >= 0
        else { throw object.damaged(.seconds) }
        node.children = try object.decodeIfPresent([DecodedNode].self, forKey: .children)?.map(\.node) ?? []
        // The threads of the whole are those of its parts, and its costs are theirs; so no sum of parts overflows.
        guard node.children.allSatisfy({ $0.busySeconds.count == node.busySeconds.count }) else {
            throw object.damaged(.busy)
        }
        let (parts, kinds) = (node.children, Precision.allCases)
        let areSums = kinds.allSatisfy { kind in
            sum(parts.map { $0.integerOperations[kind] ?? 0 }) == node.integerOperations[kind] ?? 0
        }
        guard
            parts.isEmpty
                || areSums && sum(parts.map(\.floatingPointOperations)) == node.floatingPointOperations
                    && sum(parts.map(\.bytes)) == node.bytes
        else { throw object.damaged(.flop) }
    }
}

/// With the precisions' names as keys.
private func named<Value>(_ values: [Precision: Value]) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
}

/// The sum of numbers from 0 on; nil if it overflows.
private func sum(_ numbers: [Int]) -> Int? {
    var sum = 0
    for number in numbers {
        let (next, overflow) = sum.addingReportingOverflow(number)
        if overflow { return nil }
        sum = next
    }
    return sum
}

extension KeyedDecodingContainer {
    /// A whole number above 0.
    fileprivate func count(_ key: Key) throws -> Int {
        let count = try decode(Int.self, forKey: key)
        guard count > 0 else { throw damaged(key) }
        return count
    }

    /// Values whose keys are names of whole numbers.
    fileprivate func byPrecision<Value>(_ values: [String: Value], _ key: Key) throws -> [Precision: Value] {
        try values.reduce(into: [:]) { result, value in
            guard let precision = Precision(rawValue: value.key), precision.isInteger else { throw damaged(key) }
            result[precision] = value.value
        }
    }

    fileprivate func damaged(_ key: Key) -> DecodingError {
        .dataCorruptedError(forKey: key, in: self, debugDescription: "not a figure of a profile")
    }
}
