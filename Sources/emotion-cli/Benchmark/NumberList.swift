/// Numbers in one argument, separated by commas; at least one.
struct NumberList<Number: Comparable & LosslessStringConvertible & Sendable>: Sendable {
    let numbers: [Number]

    init(_ numbers: [Number]) { self.numbers = numbers }

    /// - Throws: ``NumberListError`` if a part of `text` is not a number in `range`.
    init(_ text: String, within range: ClosedRange<Number>) throws(NumberListError) {
        var numbers: [Number] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Number(String(part)), range.contains(number) else {
                throw NumberListError(
                    part: String(part), lowest: range.lowerBound.description, highest: range.upperBound.description)
            }
            numbers.append(number)
        }
        self.numbers = numbers
    }
}

/// A list has a part that isn't one of the numbers that it may have.
struct NumberListError: Error, Hashable, CustomStringConvertible {
    let part: String
    let lowest: String
    let highest: String

    var description: String {
        "'\(part)' is not a number from \(lowest) to \(highest); a list is numbers separated by commas"
    }
}
