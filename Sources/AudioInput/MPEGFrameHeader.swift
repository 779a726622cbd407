/// The four bytes that each frame of MPEG audio begins with (ISO/IEC 11172-3, 2.4.1.3, and 13818-3).
struct MPEGFrameHeader {
    /// No frame is longer: the highest free bit rate that decoders know, at the lowest sample rate.
    static let largestFrame = 4608

    let isVersion1: Bool
    /// 1 to 3.
    let layer: Int
    /// In Hz.
    let sampleRate: Int
    let channelCount: Int
    /// Of the whole frame; nil with a free bit rate, which only the distance between two frames shows.
    let byteCount: Int?
    /// How many bytes more than others the frame has.
    let padding: Int
    private let hasChecksum: Bool
    /// What all the frames of a stream have in common.
    private let kind: UInt32

    /// - Parameter word: the bytes, the first one in the highest place.
    init?(_ word: UInt32) {
        guard word >> 21 == 0x7FF else { return nil }
        let version = word >> 19 & 3
        layer = 4 - Int(word >> 17 & 3)
        let rateIndex = Int(word >> 10 & 3)
        let bitRateIndex = Int(word >> 12 & 15)
        guard version != 1, layer < 4, rateIndex < 3, bitRateIndex < 15 else { return nil }
        isVersion1 = version == 3
        channelCount = word >> 6 & 3 == 3 ? 1 : 2
        hasChecksum = word >> 16 & 1 == 0
        sampleRate = [44_100, 48_000, 32_000][rateIndex] >> (isVersion1 ? 0 : version == 2 ? 1 : 2)
        padding = Int(word >> 9 & 1) * (layer == 1 ? 4 : 1)
        kind = word & 0xFFFE_0C00 | UInt32(channelCount) << 1 | (bitRateIndex == 0 ? 1 : 0)
        if bitRateIndex == 0 {
            byteCount = nil
        } else {
            let bits = Self.kilobits(version1: isVersion1, layer: layer)[bitRateIndex] * 1000
            byteCount =
                switch layer {
                case 1: bits * 12 / sampleRate * 4 + padding
                case 3 where !isVersion1: bits * 72 / sampleRate + padding
                default: bits * 144 / sampleRate + padding
                }
        }
    }

    /// Per channel.
    var samplesPerFrame: Int { layer == 1 ? 384 : layer == 3 && !isVersion1 ? 576 : 1152 }

    /// How many bytes lie before the audio of a layer III frame.
    var overhead: Int {
        let sideInformation = isVersion1 ? (channelCount == 1 ? 17 : 32) : (channelCount == 1 ? 9 : 17)
        return 4 + (hasChecksum ? 2 : 0) + sideInformation
    }

    /// Where a layer III frame's side information begins.
    var sideInformation: Int { hasChecksum ? 6 : 4 }

    /// Whether a frame can follow another in the same stream.
    func continues(_ other: MPEGFrameHeader) -> Bool { kind == other.kind }

    /// Bit rates by index.
    private static func kilobits(version1: Bool, layer: Int) -> [Int] {
        switch (version1, layer) {
        case (true, 1): version1Layer1
        case (true, 2): version1Layer2
        case (true, _): version1Layer3
        case (false, 1): version2Layer1
        case (false, _): version2Layers2And3
        }
    }

    private static let version1Layer1 = [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448]
    private static let version1Layer2 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
    private static let version1Layer3 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    private static let version2Layer1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256]
    private static let version2Layers2And3 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
}
