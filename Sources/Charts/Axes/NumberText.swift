import Foundation

/// Numbers as people read them.
enum NumberText {
    /// With three significant digits, such as `0.0123`, `4.56` and `789`; larger ones in full.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        guard value != 0 else { return "0" }
        let size = abs(value)
        if size < 1e-4 || size >= 1e7 { return String(format: "%.2g", value) }
        return decimals(value, max(0, 2 - Int(floor(log10(size)))))
    }

    static func decimals(_ value: Double, _ count: Int) -> String {
        value.isFinite ? String(format: "%.\(count)f", value).replacing("-", with: "−") : "–"
    }

    /// A tick's number, with as many decimals as ticks `step` apart need.
    static func at(_ value: Double, step: Double) -> String {
        guard step > 0, step.isFinite else { return short(value) }
        if step < 1e-6 || abs(value) >= 1e9 { return short(value) }
        return decimals(abs(value) < step / 2 ? 0 : value, max(0, -Int(floor(log10(step * (1 + 1e-9))))))
    }

    /// With at most three significant digits and no trailing zeros, such as `42` and `12.4`.
    static func plain(_ value: Double) -> String {
        let text = short(value)
        guard text.contains("."), !text.contains("e") else { return text }
        let zeros = text.reversed().prefix { $0 == "0" }.count
        let trimmed = text.dropLast(zeros)
        return String(trimmed.last == "." ? trimmed.dropLast() : trimmed)
    }

    /// A round number, in as few digits as it takes.
    static func trimmed(_ value: Double) -> String { SVGText.number(value, decimals: 6) }

    /// In thousands, millions or billions, such as `94.4 M`.
    static func counted(_ value: Double) -> String {
        for (unit, name) in [(1e9, " G"), (1e6, " M"), (1e3, " k")] where abs(value) >= unit {
            return short(value / unit) + name
        }
        return short(value)
    }

    /// With commas between the thousands, such as `80,000`.
    static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "−" : "") + text
    }
}
