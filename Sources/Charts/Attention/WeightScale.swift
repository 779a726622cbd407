/// How attention weights become places on a colour scale: by their square root, so that an even spread over hundreds of
/// frames still shows beside a sharp peak; from 0 to the weight that 99.5 % of all heads' cells stay below.
struct WeightScale {
    /// The weight that the last colour stands for, and all above it; 0 where no cell is above 0.
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

    /// 0 … 1 and beyond, or not a number where `weight` isn't one.
    func share(of weight: Double) -> Double {
        guard weight.isFinite else { return .nan }
        return top > 0 ? (max(weight, 0) / top).squareRoot() : 0
    }
}
