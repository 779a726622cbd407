/// Times as tables have them.
package enum TimeText {
    /// What a number without a unit counts.
    package enum Unit: String, Sendable, Hashable {
        case seconds, milliseconds, microseconds, nanoseconds

        /// As a power of ten of seconds.
        fileprivate var exponent: String {
            switch self {
            case .seconds: ""
            case .milliseconds: "e-3"
            case .microseconds: "e-6"
            case .nanoseconds: "e-9"
            }
        }
    }

    /// Seconds of a time that is a number of them (`1.5`), has a unit (`1.5s`, `1500ms`), is as pandas prints a
    /// `Timedelta`: `0 days 00:00:01.898250`, `2 days`, or `00:00:01.5`; as a clock's minutes and seconds with a fraction
    /// (`00:01.5`); or as ISO 8601 has durations (`PT1.5S`). Nil if it is anything else, or negative, or not finite.
    ///
    /// With a unit other than seconds, only numbers are times. The result is the double nearest to the decimal number that
    /// the text stands for.
    package static func seconds(_ text: String, unit: Unit = .seconds) -> Double? {
        let trimmed = text.utf8.trimmed()
        guard let first = trimmed.first else { return nil }
        let seconds: Double?
        if first == UInt8(ascii: "P") {
            seconds = unit == .seconds ? isoDuration(trimmed) : nil
        } else if ASCII.digits.contains(first) || first == ASCII.point || first == ASCII.plus {
            seconds =
                unit == .seconds
                ? number(trimmed) ?? timedelta(trimmed) ?? numberWithUnit(trimmed) : number(trimmed, in: unit)
        } else {
            seconds = nil
        }
        return seconds?.isFinite == true ? seconds : nil
    }

    /// Whether a table gives no time with this: it is empty, or one of the marks that pandas, R and polars write or take
    /// for missing values.
    package static func isMissing(_ text: String) -> Bool {
        let trimmed = text.utf8.trimmed()
        guard let first = trimmed.first else { return true }
        if ASCII.digits.contains(first) { return false }
        return missing.contains { trimmed.elementsEqual($0.utf8) }
    }

    private static let missing = [
        "NaT", "NaN", "nan", "-NaN", "-nan", "NA", "<NA>", "N/A", "n/a", "#N/A", "#NA", "NULL", "null", "None", "none",
    ]

    /// A decimal number: Swift would read hexadecimal ones and words too.
    private static func number(_ text: Substring.UTF8View, in unit: Unit = .seconds) -> Double? {
        let isDecimal = text.allSatisfy { byte in
            ASCII.digits.contains(byte) || byte == ASCII.point || byte == ASCII.plus || byte == ASCII.minus
                || byte | ASCII.lowercase == UInt8(ascii: "e")
        }
        if !isDecimal { return nil }
        if unit == .seconds { return Double(Substring(text)) }
        // Of a number with an exponent, the quotient is near enough.
        return Double(Substring(text) + unit.exponent)
            ?? Double(Substring(text)).flatMap { number in Double("1\(unit.exponent)").map { number * $0 } }
    }

    /// `1.5s`, `1.5 sec` or `1500ms`.
    private static func numberWithUnit(_ text: Substring.UTF8View) -> Double? {
        let units: [(String, Unit)] = [
            ("ms", .milliseconds), ("us", .microseconds), ("ns", .nanoseconds), ("seconds", .seconds),
            ("secs", .seconds), ("sec", .seconds), ("s", .seconds),
        ]
        for (ending, unit) in units where text.reversed().starts(with: ending.utf8.reversed()) {
            return number(text.dropLast(ending.utf8.count).trimmed(), in: unit)
        }
        return nil
    }

    /// `PT1.5S`, `PT1M2S` or, as pandas has it, `P0DT0H0M1.5S`.
    private static func isoDuration(_ text: Substring.UTF8View) -> Double? {
        var scanner = Scanner(rest: text)
        guard scanner.skip("P") else { return nil }
        var seconds = 0
        var hasPart = false
        for (mark, length) in [("D", 86_400), ("H", 3600), ("M", 60)] {
            if mark == "H", !scanner.skip("T") { return hasPart && scanner.rest.isEmpty ? Double(seconds) : nil }
            let before = scanner.rest
            guard let count = scanner.integer(), scanner.skip(mark) else {
                scanner.rest = before
                continue
            }
            let (product, overflows) = count.multipliedReportingOverflow(by: length)
            let (sum, exceeds) = seconds.addingReportingOverflow(product)
            if overflows || exceeds { return nil }
            (seconds, hasPart) = (sum, true)
        }
        if scanner.rest.isEmpty { return hasPart ? Double(seconds) : nil }
        guard scanner.rest.last == UInt8(ascii: "S") else { return nil }
        let last = scanner.rest.dropLast()
        guard last.first.map(ASCII.digits.contains) == true,
            last.allSatisfy({ ASCII.digits.contains($0) || $0 == ASCII.point })
        else { return nil }
        return Double(Substring(last)).map { Double(seconds) + $0 }
    }

    /// `D days`, `D days HH:MM:SS.ffffff` or `HH:MM:SS.ffffff`; hours may be any number.
    private static func timedelta(_ text: Substring.UTF8View) -> Double? {
        var scanner = Scanner(rest: text)
        guard var hours = scanner.integer() else { return nil }
        var seconds = 0
        let hasDays = scanner.skip(" days") || scanner.skip(" day")
        if hasDays {
            let (days, overflows) = hours.multipliedReportingOverflow(by: 86_400)
            if overflows { return nil }
            if scanner.rest.isEmpty { return Double(days) }
            guard scanner.skip(" "), let number = scanner.integer() else { return nil }
            (seconds, hours) = (days, number)
        }
        guard scanner.skip(":"), var minutes = scanner.integer(), minutes < 60 else { return nil }
        var last = minutes
        // Without a fraction, a clock with one colon may as well have hours and minutes.
        if !hasDays, scanner.rest.first == ASCII.point {
            (hours, minutes) = (0, hours)
        } else {
            guard scanner.skip(":"), let number = scanner.integer(), number < 60 else { return nil }
            last = number
        }
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
