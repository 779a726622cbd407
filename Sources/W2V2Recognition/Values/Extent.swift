/// The length of one axis: a number, or a whole-number function of the signal's length.
///
/// Everything that an exporter computes from the number of samples on the way to a shape (convolution lengths, integer
/// division, constants added) is of the form ⌊(samples + offset) / divisor⌋, since
/// ⌊(⌊(n + a) / b⌋ + c) / d⌋ = ⌊(n + a + b·c) / (b·d)⌋ for whole b, d ≥ 1. Two such functions with different offset or
/// divisor differ for some n, so comparing the two numbers decides whether two axes have the same length.
///
/// Operations whose result has no such form, or overflows, give nil.
enum Extent: Hashable, Sendable {
    case fixed(Int)
    /// ⌊(samples + offset) / divisor⌋, `divisor` ≥ 1.
    case samples(offset: Int, divisor: Int)

    /// The length of the signal itself.
    static let signal = Extent.samples(offset: 0, divisor: 1)
    static let one = Extent.fixed(1)

    /// The number, where the extent does not depend on the signal.
    var constant: Int? {
        if case .fixed(let value) = self { value } else { nil }
    }

    /// The extent for a signal of `samples` samples; nil if it overflows.
    func value(samples: Int) -> Int? {
        switch self {
        case .fixed(let value): return value
        case .samples(let offset, let divisor):
            return samples.checkedAdding(offset).map { $0.flooredQuotient(by: divisor) }
        }
    }

    func adding(_ other: Extent) -> Extent? {
        switch (self, other) {
        case (.fixed(let left), .fixed(let right)):
            return left.checkedAdding(right).map { .fixed($0) }
        case (.samples(let offset, let divisor), .fixed(let number)),
            (.fixed(let number), .samples(let offset, let divisor)):
            return divisor.checkedMultiplied(by: number)
                .flatMap { offset.checkedAdding($0) }
                .map { .samples(offset: $0, divisor: divisor) }
        case (.samples, .samples):
            return nil
        }
    }

    func subtracting(_ other: Extent) -> Extent? {
        switch other {
        case .fixed(let number): 0.checkedSubtracting(number).flatMap { adding(.fixed($0)) }
        case .samples: self == other ? .fixed(0) : nil
        }
    }

    func multiplied(by other: Extent) -> Extent? {
        switch (self, other) {
        case (.fixed(let left), .fixed(let right)): left.checkedMultiplied(by: right).map { .fixed($0) }
        case (.samples, .fixed(1)): self
        case (.fixed(1), .samples): other
        default: nil
        }
    }

    /// The quotient rounded towards minus infinity, for a `divisor` of at least 1.
    func floorDivided(by number: Int) -> Extent? {
        guard number >= 1 else { return nil }
        switch self {
        case .fixed(let value):
            return .fixed(value.flooredQuotient(by: number))
        case .samples(let offset, let divisor):
            return divisor.checkedMultiplied(by: number).map { .samples(offset: offset, divisor: $0) }
        }
    }

    /// The fewest samples for which the extent is at least `bound`; `Int.min` where it always is, nil if it never
    /// is.
    func samplesNeeded(forAtLeast bound: Int) -> Int? {
        switch self {
        case .fixed(let value):
            value >= bound ? Int.min : nil
        case .samples(let offset, let divisor):
            divisor.checkedMultiplied(by: bound).flatMap { $0.checkedSubtracting(offset) }
        }
    }

    /// The length of an axis on which axes of two lengths meet, by ONNX's broadcasting rules.
    func broadcast(with other: Extent) -> Extent? {
        if self == other || other == .one { return self }
        return self == .one ? other : nil
    }
}

extension Extent: CustomStringConvertible {
    var description: String {
        switch self {
        case .fixed(let value): return "\(value)"
        case .samples(0, 1): return "samples"
        case .samples(let offset, let divisor):
            let sum = offset == 0 ? "samples" : offset < 0 ? "(samples\(offset))" : "(samples+\(offset))"
            return divisor == 1 ? sum : "\(sum)/\(divisor)"
        }
    }
}

extension [Extent] {
    /// The shape on which two shapes meet, by ONNX's broadcasting rules; nil if they do not.
    func broadcast(with other: [Extent]) -> [Extent]? {
        var result: [Extent] = []
        for axis in 1..<Swift.max(count, other.count) + 1 {
            let left = axis <= count ? self[count - axis] : .one
            let right = axis <= other.count ? other[other.count - axis] : .one
            guard let extent = left.broadcast(with: right) else { return nil }
            result.append(extent)
        }
        return result.reversed()
    }

    /// How messages write a shape.
    var text: String { "[" + map(\.description).joined(separator: ", ") + "]" }
}

extension Int {
    func checkedAdding(_ other: Int) -> Int? {
        let (value, overflow) = addingReportingOverflow(other)
        return overflow ? nil : value
    }

    func checkedSubtracting(_ other: Int) -> Int? {
        let (value, overflow) = subtractingReportingOverflow(other)
        return overflow ? nil : value
    }

    func checkedMultiplied(by other: Int) -> Int? {
        let (value, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : value
    }

    /// The quotient rounded towards minus infinity; `divisor` ≥ 1.
    func flooredQuotient(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
