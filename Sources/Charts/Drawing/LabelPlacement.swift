import Foundation

/// Finds places for labels beside what they name, so that none lies over another, over a mark or over a line.
struct LabelPlacement {
    /// Where labels may lie.
    let frame: Box
    /// Marks that labels mustn't lie over, and that the lines which lead to labels had better not cross.
    var marks: [Box] = []
    /// Lines that neither labels nor the lines to them may cross.
    var lines: [Segment] = []
    /// Small marks that labels had better not lie over.
    var dots: [Point] = []

    private var labels: [Box] = []
    private var leaders: [Segment] = []

    private static let distances: [Double] = [3, 8, 14, 22, 32, 44, 58, 74, 92, 112, 134, 158, 184]
    private static let directions = 32
    /// From here on a line leads to the label.
    private static let leaderDistance = 14.0
    /// Free space around a label.
    private static let clearance = 2.0
    // What a label had better not do, in pixels further away that are as bad.
    private static let crossedMark = 18.0
    private static let coveredDot = 12.0

    init(frame: Box) { self.frame = frame }

    /// A place for a label and the line that leads to it, if it lies too far from its mark to do without.
    struct Place {
        let box: Box
        let leader: Segment?
        /// How far away it is in pixels, and what else is wrong with it.
        let cost: Double
    }

    /// The best free place for a label of `width` × `height` around a mark; nil if there is none. What is found is
    /// taken. A line leads to it where it is far away, or in any case where it `hasLeader`.
    mutating func place(
        width: Double, height: Double, around mark: Point, radius: Double, hasLeader: Bool = false
    ) -> Place? {
        var best: Place?
        for distance in Self.distances {
            if let best, best.cost <= distance { break }
            for direction in 0..<Self.directions {
                // From the right of the mark on, in turns up and down.
                let step = Double((direction + 1) / 2) * (direction.isMultiple(of: 2) ? 1 : -1)
                let angle = step * 2 * .pi / Double(Self.directions)
                let reach = radius + distance
                let center = Point(
                    x: mark.x + cos(angle) * (reach + width / 2), y: mark.y + sin(angle) * (reach + height / 2))
                let box = Box(x: center.x - width / 2, y: center.y - height / 2, width: width, height: height)
                // The line ends at the label's nearest point.
                let end = Point(x: min(max(mark.x, box.x - 1), box.right + 1), y: min(max(mark.y, box.y), box.bottom))
                let isLed = hasLeader || distance >= Self.leaderDistance
                let leader = isLed ? Self.leader(from: mark, radius: radius, to: end) : nil
                guard isFree(box), leader.map(isFree) ?? true else { continue }
                let cost = distance + detour(of: box) + (leader.map { detour(of: $0) } ?? 0)
                if best.map({ cost < $0.cost }) ?? true { best = Place(box: box, leader: leader, cost: cost) }
            }
        }
        guard let place = best else { return nil }
        labels.append(place.box)
        if let leader = place.leader { leaders.append(leader) }
        return place
    }

    /// A line from the edge of a mark.
    private static func leader(from mark: Point, radius: Double, to end: Point) -> Segment {
        let (dx, dy) = (end.x - mark.x, end.y - mark.y)
        let length = (dx * dx + dy * dy).squareRoot()
        let share = length > 0 ? min(1, radius / length) : 0
        return Segment(start: Point(x: mark.x + share * dx, y: mark.y + share * dy), end: end)
    }

    private func isFree(_ label: Box) -> Bool {
        let box = label.grown(by: Self.clearance)
        return frame.contains(label) && !(labels + marks).contains { $0.overlaps(box) }
            && !(lines + leaders).contains { box.meets($0) }
    }

    private func isFree(_ leader: Segment) -> Bool {
        !labels.contains { $0.grown(by: Self.clearance).meets(leader) }
            && !(lines + leaders).contains { $0.crosses(leader) }
    }

    private func detour(of label: Box) -> Double {
        let box = label.grown(by: Self.clearance)
        let covered = dots.contains { box.contains(Box(x: $0.x, y: $0.y, width: 0, height: 0)) }
        return covered ? Self.coveredDot : 0
    }

    private func detour(of leader: Segment) -> Double {
        let crossed = marks.filter { $0.meets(leader) }
        return Double(crossed.count) * Self.crossedMark
    }
}
