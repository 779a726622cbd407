/// Where the names of a roofline's points stand: beside each, or, where points crowd, in a list beside the crowd.
struct PointNames {
    struct Member {
        let operation: String
        let center: Point
        let radius: Double
        let rate: Double
    }

    /// Points that lie close together, or one by itself.
    struct Crowd {
        /// The highest first.
        let operations: [String]
        let box: Box

        /// The side of a colour in a list.
        static let swatch = 9.0
        /// Between a list's frame and its lines.
        static let padding = 5.0

        var isList: Bool { operations.count > 1 }
        var lineHeight: Double { isList ? 13 : 12 }
        /// From the left of a list to its names.
        var indent: Double { isList ? Self.swatch + 5 : 0 }
        var padding: Double { isList ? Self.padding : 0 }
    }

    struct Placed {
        let crowd: Crowd
        let place: LabelPlacement.Place
    }

    let placed: [Placed]

    /// How far apart points may lie and still share a list.
    private static let gaps: [Double] = [leastGap, 6, 12, 20, 32, 48]
    private static let leastGap = 1.0
    private static let few = 3
    /// What a name in a list is worse than one beside its point, as ``LabelPlacement/Place/cost`` counts.
    private static let listCost = 8.0
    private static let missingCost = 1000.0

    /// Takes the best of several ways to gather points into crowds.
    init(points: [Member], size: Double, around obstacles: LabelPlacement) {
        var best: (placed: [Placed], cost: Double) = ([], .infinity)
        for gap in Self.gaps {
            // A few points that only lie near one another rather keep names of their own.
            let groups = Self.groups(points, gap: gap).flatMap { group in
                group.count <= Self.few ? Self.groups(group, gap: Self.leastGap) : [group]
            }
            let crowds = groups.map(Self.crowd)
            for listsFirst in [false, true] {
                let order = crowds.sorted {
                    ($0.operations.count > $1.operations.count) == listsFirst
                        && $0.operations.count != $1.operations.count
                }
                let (placed, cost) = Self.place(order, size: size, around: obstacles)
                if cost < best.cost { best = (placed, cost) }
            }
        }
        placed = best.placed
    }

    static func fitted(_ operation: String, size: Double) -> String {
        TextMetrics.fitted(operation, into: 130, size: size)
    }

    private static func place(
        _ crowds: [Crowd], size: Double, around obstacles: LabelPlacement
    ) -> ([Placed], cost: Double) {
        var labels = obstacles
        var placed: [Placed] = []
        var cost = 0.0
        for crowd in crowds {
            let widths = crowd.operations.map { TextMetrics.width(of: fitted($0, size: size), size: size) }
            let place = labels.place(
                width: crowd.indent + (widths.max() ?? 0) + 2 * crowd.padding,
                height: Double(widths.count) * crowd.lineHeight + 2 * crowd.padding, around: crowd.box.middle,
                radius: max(crowd.box.width, crowd.box.height) / 2, hasLeader: crowd.isList)
            if crowd.isList { cost += Double(widths.count) * listCost }
            if let place {
                placed.append(Placed(crowd: crowd, place: place))
                cost += place.cost
            } else {
                cost += Double(widths.count) * missingCost
            }
        }
        return (placed, cost)
    }

    private static func groups(_ points: [Member], gap: Double) -> [[Member]] {
        func isClose(_ one: Member, _ other: Member) -> Bool {
            let (dx, dy) = (one.center.x - other.center.x, one.center.y - other.center.y)
            let reach = one.radius + other.radius + gap
            return dx * dx + dy * dy < reach * reach
        }
        var left = points[...]
        var groups: [[Member]] = []
        while let first = left.popFirst() {
            var members = [first]
            while let next = left.firstIndex(where: { point in members.contains { isClose($0, point) } }) {
                members.append(left.remove(at: next))
            }
            groups.append(members)
        }
        return groups
    }

    private static func crowd(_ members: [Member]) -> Crowd {
        let left = members.map { $0.center.x - $0.radius }.min() ?? 0
        let right = members.map { $0.center.x + $0.radius }.max() ?? 0
        let top = members.map { $0.center.y - $0.radius }.min() ?? 0
        let bottom = members.map { $0.center.y + $0.radius }.max() ?? 0
        return Crowd(
            operations: members.sorted { $0.rate > $1.rate }.map(\.operation),
            box: Box(x: left, y: top, width: right - left, height: bottom - top))
    }
}
