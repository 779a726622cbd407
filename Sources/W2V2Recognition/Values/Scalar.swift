import ONNXLoader

/// A number of the graph, and how far it may be from the one it stands for: files keep numbers rounded.
package struct Scalar: Sendable, Hashable {
    package let value: Double
    /// Relative.
    private let tolerance: Double

    /// The number as an element type keeps it: rounded to half a unit in its last place, and for float32 computed with
    /// another rounding.
    package init(stored value: Double, as type: ElementType) {
        self.value = value
        let (unit, smallest, units): (Double, Double, Double) =
            switch type {
            case .float16: (Double(Float16.ulpOfOne), Double(Float16.leastNormalMagnitude), 1)
            case .bfloat16: (0x1p-7, 0x1p-126, 1)
            default: (Double(Float.ulpOfOne), 0x1p-126, 2)
            }
        // Below the smallest normal number, units don't shrink any more.
        let spread = value == 0 ? 1 : max(1, smallest / abs(value))
        tolerance = units * unit * spread
    }

    private init(value: Double, tolerance: Double) {
        self.value = value
        self.tolerance = tolerance
    }

    /// A number that is what it says.
    init(_ value: Double) { self.init(value: value, tolerance: 2 * Double(Float.ulpOfOne)) }

    static let one = Scalar(1)

    static func * (left: Scalar, right: Scalar) -> Scalar {
        Scalar(value: left.value * right.value, tolerance: left.tolerance + right.tolerance)
    }

    var reciprocal: Scalar { Scalar(value: 1 / value, tolerance: tolerance) }
    static prefix func - (number: Scalar) -> Scalar { Scalar(value: -number.value, tolerance: number.tolerance) }

    /// Whether it may stand for `number`.
    package func isClose(to number: Double) -> Bool { abs(value - number) <= tolerance * abs(number) }
}
