/// The number of elements of a shape: a whole number times extents that depend on the signal.
struct ExtentProduct: Hashable {
    private(set) var coefficient = 1
    /// How often each extent that depends on the signal occurs.
    private(set) var symbols: [Extent: Int] = [:]

    /// Nil where the product overflows or an extent is below 1.
    init?(_ extents: [Extent]) {
        for extent in extents {
            if let number = extent.constant {
                guard number >= 1, let product = coefficient.checkedMultiplied(by: number) else { return nil }
                coefficient = product
            } else {
                symbols[extent, default: 0] += 1
            }
        }
    }

    /// The extent that makes `other` this product when multiplied by it; nil where no extent does.
    func quotient(by other: ExtentProduct) -> Extent? {
        guard coefficient.isMultiple(of: other.coefficient) else { return nil }
        var left = symbols
        for (symbol, count) in other.symbols {
            guard let have = left[symbol], have >= count else { return nil }
            left[symbol] = have == count ? nil : have - count
        }
        let number = coefficient / other.coefficient
        switch (left.count, left.first?.value) {
        case (0, _): return .fixed(number)
        case (1, 1) where number == 1: return left.first?.key
        default: return nil
        }
    }
}
