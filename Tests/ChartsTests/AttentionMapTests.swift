import Testing

@testable import Charts

@Suite struct AttentionMapTests {
    @Test func `few frames have a cell each`() {
        let map = AttentionMap(frames: 2, weights: [0.25, 0.75, 1, 0])
        #expect(map.side == 2)
        #expect(map.cells == [0.25, 0.75, 1, 0])
    }

    /// Cells are sums of at most nine weights in float64, divided and rounded to float32 once.
    static let rounding: Float = 1e-6

    @Test(arguments: [129, 255, 256, 257, 300])
    func `many frames are averaged, each once`(frames: Int) {
        let weights = (0..<frames * frames).map { Float($0 % 101) }
        let map = AttentionMap(frames: frames, weights: weights[...])
        #expect(map.side == AttentionMap.maximumSide)
        #expect(map.cells.count == map.side * map.side)
        // Frame by frame, where each belongs.
        let cell = (0..<frames).map { frame in
            (0..<map.side).last { $0 * frames / map.side <= frame } ?? 0
        }
        var sums = [Double](repeating: 0, count: map.cells.count)
        var counts = sums
        for query in 0..<frames {
            for key in 0..<frames {
                sums[cell[query] * map.side + cell[key]] += Double(weights[query * frames + key])
                counts[cell[query] * map.side + cell[key]] += 1
            }
        }
        let expected = zip(sums, counts).map { Float($0 / $1) }
        let differences = zip(map.cells, expected).map { abs($0 - $1) / max(1, $1) }
        #expect(differences.allSatisfy { $0 <= Self.rounding })
    }

    @Test func `a slice is read from its start`() {
        let weights: [Float] = [9, 9, 1, 2, 3, 4, 9]
        #expect(AttentionMap(frames: 2, weights: weights[2...]).cells == [1, 2, 3, 4])
    }

    @Test func `what is missing or not finite is no number`() {
        let map = AttentionMap(frames: 2, weights: [.nan, 1, 2])
        #expect(map.cells.map(\.isFinite) == [false, true, true, false])
        let scale = WeightScale([map])
        #expect(scale.top == 2)
        #expect(
            map.cells.map { ColorMap.index(scale.share(of: Double($0))) }.map { $0 == ColorMap.levels }
                == [true, false, false, true])
    }

    @Test(arguments: [0, -1, .min])
    func `no frames make no map`(frames: Int) {
        let map = AttentionMap(frames: frames, weights: [1, 2, 3])
        #expect(map.frames == 0 && map.cells.isEmpty)
    }

    @Test func `colours run from dark to bright`() {
        // The luminance of sRGB, by its primaries' weights; viridis grows brighter throughout.
        let light = ColorMap.palette.prefix(ColorMap.levels).map {
            0.2126 * Double($0.red) + 0.7152 * Double($0.green) + 0.0722 * Double($0.blue)
        }
        #expect(zip(light, light.dropFirst()).allSatisfy { $0 <= $1 + 0.5 })
        #expect(ColorMap.palette.first == IndexedPicture.RGB(red: 0x44, green: 0x01, blue: 0x54))
        #expect(ColorMap.palette[ColorMap.levels - 1] == IndexedPicture.RGB(red: 0xFD, green: 0xE7, blue: 0x25))
        #expect(ColorMap.index(0) == 0 && Int(ColorMap.index(1)) == ColorMap.levels - 1)
        #expect(ColorMap.index(-1) == 0 && Int(ColorMap.index(7)) == ColorMap.levels - 1)
    }
}
