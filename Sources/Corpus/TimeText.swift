/// Times as tables have them.
package enum TimeText {
    /// Seconds of a time that is a number of them (`1.5`), or as pandas prints a `Timedelta`: `0 days 00:00:01.898250`,
    /// `2 days`, or `00:00:01.5`. Nil if it is anything else, or negative, or not finite.
    ///
    /// The result is the double nearest to the decimal number that the text stands for.
    package static func seconds(_ text: String) -> Double? {
        let trimmed = text.utf8.trimmed()
        guard let first = trimmed.first, ASCII.digits.contains(first) || first == ASCII.point || first == ASCII.plus
        else { return nil }
        let seconds = number(trimmed) ?? timedelta(trimmed)
        return seconds?.isFinite == true ? seconds : nil
    }

    /// Whether a table gives no time with this: it is empty, or pandas' `NaT` or `NaN`.
    package static func isMissing(_ text: String) -> Bool {
        let trimmed = text.utf8.trimmed()
        return trimmed.isEmpty || missing.contains { trimmed.elementsEqual($0.utf8) }
    }

    private static let missing = ["NaT", "NaN", "nan"]

    /// A decimal number: Swift would read hexadecimal ones and words too.
    private static func number(_ text: Substring.UTF8View) -> Double? {
        let isDecimal = text.allSatisfy { byte in
            ASCII.digits.contains(byte) || byte == ASCII.point || byte == ASCII.plus || byte == ASCII.minus
                || byte | ASCII.lowercase == UInt8(ascii: "e")
        }
        return isDecimal ? Double(Substring(text)) : nil
    }

    /// `D days`, `D days HH:MM:SS.ffffff` or `HH:MM:SS.ffffff`; hours may be any number.
    private static func timedelta(_ text: Substring.UTF8View) -> Double? {
        var scanner = Scanner(rest: text)
        guard var hours = scanner.integer() else { return nil }
        var seconds = 0
        if scanner.skip(" days") || scanner.skip(" day") {
            let (days, overflows) = hours.multipliedReportingOverflow(by: 86_400)
            if overflows { return nil }
            if scanner.rest.isEmpty { return Double(days) }
            guard scanner.skip(" "), let number = scanner.integer() else { return nil }
            (seconds, hours) = (days, number)
        }
        guard scanner.skip(":"), let minutes = scanner.integer(), minutes < 60, scanner.skip(":"),
            let last = scanner.integer(), last < 60
        else { return nil }
        for (count, unit) in [(hours, 3600), (minutes, 60), (last, 1)] {
            let (product, overflows) = count.multipliedReportingOverflow(by: unit)
            let (sum, exceeds) = seconds.addingReportingOverflow(product)
            if overflows || exceeds { return nil }
            seconds = sum
        }
        if scanner.rest.isEmpty { return Double(seconds) }
        let fraction = scanner.rest.dropFirst()
        guard scanner.skip("."), !fraction.isEmpty, fraction.allSatisfy(ASCII.digits.contains) else { return nil }
        return Double("\(seconds).\(Substring(fraction))")
    }

    /// Takes a text from its beginning.
    private struct Scanner {
        var rest: Substring.UTF8View

        /// Takes decimal digits; nil if there are none, or more than fit.
        mutating func integer() -> Int? {
            var value: Int?
            while let byte = rest.first, ASCII.digits.contains(byte) {
                let (tens, overflows) = (value ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, exceeds) = tens.addingReportingOverflow(Int(byte - ASCII.digits.lowerBound))
                if overflows || exceeds { return nil }
                value = sum
                rest.removeFirst()
            }
            return value
        }

        /// Takes the text that is expected next; false if it is not there.
        mutating func skip(_ expected: String) -> Bool {
            let text = expected.utf8
            guard rest.starts(with: text) else { return false }
            rest.removeFirst(text.count)
            return true
        }
    }
}
