/// A number of elements: a whole number times extents that depend on the signal.
///
/// Axes that are laid side by side have such a product, which need not be an ``Extent``: 4 heads of n frames.
struct ExtentProduct: Hashable {
    private(set) var coefficient = 1
    /// How often each extent that depends on the signal occurs.
    private(set) var symbols: [Extent: Int] = [:]

    static let one = ExtentProduct()

    private init() {}

    /// Nil where the product overflows or an extent is below 1.
    init?(_ extents: some Sequence<Extent>) {
        for extent in extents {
            if let number = extent.constant {
                guard number >= 1, let product = coefficient.checkedMultiplied(by: number) else { return nil }
                coefficient = product
            } else {
                symbols[extent, default: 0] += 1
            }
        }
    }

    /// The product as an extent; nil if it has no such form.
    var extent: Extent? {
        switch (symbols.count, symbols.first?.value) {
        case (0, _): .fixed(coefficient)
        case (1, 1) where coefficient == 1: symbols.first?.key
        default: nil
        }
    }

    /// The whole number, where no extent depends on the signal.
    var constant: Int? { symbols.isEmpty ? coefficient : nil }

    /// Nil if the product overflows.
    func multiplied(by other: ExtentProduct) -> ExtentProduct? {
        guard let product = coefficient.checkedMultiplied(by: other.coefficient) else { return nil }
        var result = self
        result.coefficient = product
        for (symbol, count) in other.symbols {
            guard let sum = (symbols[symbol] ?? 0).checkedAdding(count) else { return nil }
            result.symbols[symbol] = sum
        }
        return result
    }

    /// The product that makes this one when multiplied by `other`; nil if there is none.
    func divided(by other: ExtentProduct) -> ExtentProduct? {
        guard coefficient.isMultiple(of: other.coefficient) else { return nil }
        var result = self
        result.coefficient /= other.coefficient
        for (symbol, count) in other.symbols {
            guard let have = symbols[symbol], have >= count else { return nil }
            result.symbols[symbol] = have == count ? nil : have - count
        }
        return result
    }
}

extension ExtentProduct: CustomStringConvertible {
    var description: String {
        let factors = symbols.flatMap { Array(repeating: $0.key.description, count: $0.value) }.sorted()
        return ((coefficient == 1 && !factors.isEmpty ? [] : ["\(coefficient)"]) + factors).joined(separator: "·")
    }
}
