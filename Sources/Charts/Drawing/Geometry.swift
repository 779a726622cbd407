/// A place in a picture, in pixels from its upper left corner.
struct Point: Hashable {
    var x, y: Double
}

/// An upright rectangle.
struct Box: Hashable {
    var x, y, width, height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
    var middle: Point { Point(x: x + width / 2, y: y + height / 2) }

    /// Whether they share more than an edge.
    func overlaps(_ other: Box) -> Bool {
        x < other.right && other.x < right && y < other.bottom && other.y < bottom
    }

    func contains(_ other: Box) -> Bool {
        other.x >= x && other.y >= y && other.right <= right && other.bottom <= bottom
    }

    /// The same, moved outwards on all four sides.
    func grown(by margin: Double) -> Box {
        Box(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }

    /// Whether a straight line between two points runs through it (Liang and Barsky's clipping).
    func meets(_ segment: Segment) -> Bool {
        var (enter, leave) = (0.0, 1.0)
        let (dx, dy) = (segment.end.x - segment.start.x, segment.end.y - segment.start.y)
        let sides = [
            (-dx, segment.start.x - x), (dx, right - segment.start.x),
            (-dy, segment.start.y - y), (dy, bottom - segment.start.y),
        ]
        for (slope, distance) in sides {
            if slope == 0 {
                if distance < 0 { return false }
            } else if slope < 0 {
                enter = max(enter, distance / slope)
            } else {
                leave = min(leave, distance / slope)
            }
        }
        return enter <= leave
    }
}

/// A straight line between two points.
struct Segment: Hashable {
    var start, end: Point

    /// Whether each has its ends on different sides of the other.
    func crosses(_ other: Segment) -> Bool {
        func side(_ point: Point, of line: Segment) -> Double {
            (line.end.x - line.start.x) * (point.y - line.start.y) - (line.end.y - line.start.y)
                * (point.x - line.start.x)
        }
        return side(start, of: other) * side(end, of: other) < 0
            && side(other.start, of: self) * side(other.end, of: self) < 0
    }
}

/// A step of a path.
enum PathStep {
    case move(Point)
    case line(Point)
    /// A cubic curve: two control points, then its end.
    case curve(Point, Point, Point)
    case close

    var text: String {
        switch self {
        case .move(let point): "M\(Self.pair(point))"
        case .line(let point): "L\(Self.pair(point))"
        case .curve(let first, let second, let end):
            "C\(Self.pair(first)) \(Self.pair(second)) \(Self.pair(end))"
        case .close: "Z"
        }
    }

    private static func pair(_ point: Point) -> String { "\(SVGText.number(point.x)) \(SVGText.number(point.y))" }
}
