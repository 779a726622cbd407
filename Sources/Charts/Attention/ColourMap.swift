/// Viridis, a colour map in which equal steps look equal, to readers of any colour vision and in grey
/// (Smith and van der Walt, bids.github.io/colormap; public domain).
enum ColourMap {
    /// How many steps it is cut into; index ``levels`` is for what is not a number.
    static let levels = 255

    /// Evenly spaced.
    private static let anchors: [UInt32] = [
        0x440154, 0x481568, 0x482677, 0x453781, 0x3F4788, 0x39558C, 0x32648E, 0x2D718E, 0x287D8E, 0x238A8D,
        0x1F968B, 0x20A386, 0x29AF7F, 0x3CBC75, 0x56C667, 0x74D055, 0x94D840, 0xB8DE29, 0xDCE318, 0xFDE725,
    ]

    /// The colours of ``levels`` steps, then grey.
    static let palette: [IndexedPicture.RGB] =
        (0..<levels).map { colour(Double($0) / Double(levels - 1)) }
        + [IndexedPicture.RGB(red: 0x99, green: 0x99, blue: 0x99)]

    /// The index of the colour of a share of the scale, where 1 and more is the last step and 0 and less the first.
    static func index(_ share: Double) -> UInt8 {
        guard share.isFinite else { return UInt8(levels) }
        return UInt8((min(max(share, 0), 1) * Double(levels - 1)).rounded())
    }

    private static func colour(_ share: Double) -> IndexedPicture.RGB {
        let place = share * Double(anchors.count - 1)
        let index = min(Int(place), anchors.count - 2)
        let (from, to) = (colour(of: anchors[index]), colour(of: anchors[index + 1]))
        func between(_ one: UInt8, _ other: UInt8) -> UInt8 {
            UInt8((Double(one) + (place - Double(index)) * (Double(other) - Double(one))).rounded())
        }
        return IndexedPicture.RGB(
            red: between(from.red, to.red), green: between(from.green, to.green), blue: between(from.blue, to.blue))
    }

    private static func colour(of hex: UInt32) -> IndexedPicture.RGB {
        IndexedPicture.RGB(
            red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
            blue: UInt8(truncatingIfNeeded: hex))
    }
}
