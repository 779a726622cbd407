/// Changes to JSON that leave it JSON: numbers that become others, and values that come to stand elsewhere.
enum JSONMutation {
    /// Nil if there is no number in the text, and now and then.
    static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8]? {
        let places = tokens(of: bytes)
        guard Int.random(in: 0..<8, using: &random) > 0, let place = places.randomElement(using: &random),
            let other = places.randomElement(using: &random)
        else { return nil }
        var result = bytes
        switch Int.random(in: 0..<4, using: &random) {
        case 0: result.replaceSubrange(place, with: bytes[other])
        case 1: result.replaceSubrange(place, with: changed(bytes[place], &random).utf8)
        default: result.replaceSubrange(place, with: (telling.randomElement(using: &random) ?? "0").utf8)
        }
        return result
    }

    private static let telling =
        [
            0, 1, 2, 3, 16, 64, 255, 4096, 65_536, 1 << 20, 1 << 24, 1 << 31, 1 << 32, 1 << 40, 1 << 62, Int.max, -1,
            Int.min,
        ]
        .map(String.init) + [
            "18446744073709551615", "1e308", "1e-308", "0.5", "-0.0", "null", "true", "\"\"", "[]", "{}",
        ]

    private static func changed(_ token: ArraySlice<UInt8>, _ random: inout SplitMix) -> String {
        guard let number = Int(String(decoding: token, as: UTF8.self)) else { return "1" }
        return String(number &+ Int.random(in: -2...2, using: &random))
    }

    /// Where numbers are, whether in strings or not.
    private static func tokens(of bytes: [UInt8]) -> [Range<Int>] {
        let marks = Set("0123456789+-.eE".utf8), digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        var (tokens, start) = ([Range<Int>](), Int?.none)
        for (index, byte) in bytes.enumerated() {
            if let first = start, !marks.contains(byte) {
                tokens.append(first..<index)
                start = nil
            } else if start == nil, digits.contains(byte) || byte == UInt8(ascii: "-") {
                start = index
            }
        }
        return tokens
    }
}
