/// One head's attention: how much each frame (query, down) takes from each frame (key, across), reduced to what a
/// picture shows.
package struct AttentionMap: Sendable, Hashable {
    /// The frames before reduction.
    package let frames: Int
    /// How many cells a side has: one a frame, or ``maximumSide`` where there are more frames.
    package let side: Int
    /// `[side, side]`: the mean weight of the frames in each cell.
    package let cells: [Float]

    /// The most cells a side has.
    package static let maximumSide = 128

    /// Reduces a head's weights, so that the head's own can be released.
    ///
    /// - Parameters:
    ///   - frames: how many frames there are; 0 and fewer give an empty map
    ///   - weights: `[frames, frames]`, a row a query. Weights that are not finite, or missing, make their cell not a
    ///     number, which is drawn grey; surplus ones are not read.
    package init(frames: Int, weights: ArraySlice<Float>) {
        // More would be 4 EB of weights.
        self.frames = min(max(0, frames), 1 << 30)
        side = min(self.frames, Self.maximumSide)
        let (frames, side) = (self.frames, side)
        var cells: [Float] = []
        cells.reserveCapacity(side * side)
        let bounds = (0...side).map { side == 0 ? 0 : Self.bound($0, frames: frames, side: side) }
        for row in 0..<side {
            var sums = [Double](repeating: 0, count: side)
            for query in bounds[row]..<bounds[row + 1] {
                // Not beyond what an array can hold, so it can't overflow before it is found missing.
                guard query <= weights.count / frames else {
                    sums = sums.map { _ in .nan }
                    break
                }
                let start = weights.startIndex + query * frames
                for column in 0..<side {
                    let (from, to) = (start + bounds[column], start + bounds[column + 1])
                    guard to <= weights.endIndex else {
                        sums[column] = .nan
                        continue
                    }
                    for index in from..<to { sums[column] += Double(weights[index]) }
                }
            }
            let height = bounds[row + 1] - bounds[row]
            for column in 0..<side {
                cells.append(Float(sums[column] / Double(height * (bounds[column + 1] - bounds[column]))))
            }
        }
        self.cells = cells
    }

    /// The first frame of a cell, such that cells differ by one frame at most.
    private static func bound(_ cell: Int, frames: Int, side: Int) -> Int {
        cell * (frames / side) + cell * (frames % side) / side
    }

    /// The least number of pixels a side, each cell a square of them: some programs blur a picture that they enlarge.
    private static let pictureSide = 512

    /// The map in colours, by where each cell lies on `scale`.
    func picture(_ scale: WeightScale) -> IndexedPicture? {
        guard side > 0 else { return nil }
        let colors = cells.map { ColorMap.index(scale.share(of: Double($0))) }
        let repeats = (Self.pictureSide + side - 1) / side
        var pixels: [UInt8] = []
        pixels.reserveCapacity(side * side * repeats * repeats)
        for row in 0..<side {
            let line = colors[row * side..<(row + 1) * side].flatMap { [UInt8](repeating: $0, count: repeats) }
            for _ in 0..<repeats { pixels += line }
        }
        return IndexedPicture(width: side * repeats, height: side * repeats, palette: ColorMap.palette, pixels: pixels)
    }
}

/// How attention weights become places on a colour scale: by their square root, so that an even spread over hundreds of
/// frames still shows beside a sharp peak; from 0 to the weight that 99.5 % of all heads' cells stay below.
struct WeightScale {
    /// The weight that the last colour stands for, and all above it; 0 if no cell is above 0.
    let top: Double
    /// Whether cells lie above it.
    let isExceeded: Bool

    /// The share of the cells that the scale covers.
    private static let coverage = 0.995

    init(_ heads: [AttentionMap]) {
        let cells = heads.flatMap { $0.cells.filter(\.isFinite) }.sorted()
        let largest = cells.last ?? 0
        let covered = cells.isEmpty ? 0 : cells[min(cells.count - 1, Int(Double(cells.count) * Self.coverage))]
        top = Double(covered > 0 ? covered : largest).sound
        isExceeded = Double(largest) > top
    }

    /// 0 … 1 and beyond, or not a number if `weight` isn't one.
    func share(of weight: Double) -> Double {
        guard weight.isFinite else { return .nan }
        return top > 0 ? (max(weight, 0) / top).squareRoot() : 0
    }
}
