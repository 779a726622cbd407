import Foundation

/// Maps values to places along an axis, evenly.
struct LinearScale {
    let domain: ClosedRange<Double>
    /// The first is where the domain's lower bound lies.
    let range: (Double, Double)

    func callAsFunction(_ value: Double) -> Double {
        let width = domain.upperBound - domain.lowerBound
        let share = width > 0 ? (value - domain.lowerBound) / width : 0
        return range.0 + share * (range.1 - range.0)
    }

    /// Round values across the domain, at most about `count`.
    func ticks(_ count: Int) -> [Double] {
        let step = Self.step(domain, count)
        guard step > 0, step.isFinite else { return [domain.lowerBound] }
        // What rounding may take from a tick at the end.
        let slack = step * 1e-9
        let first = ((domain.lowerBound - slack) / step).rounded(.up)
        let last = ((domain.upperBound + slack) / step).rounded(.down)
        guard first <= last, last - first < 1000 else { return [domain.lowerBound] }
        return (0...Int(last - first)).map { (first + Double($0)) * step }
    }

    /// What stands at a tick: as many decimals as the ticks differ in.
    func label(_ tick: Double, count: Int) -> String { NumberText.at(tick, step: Self.step(domain, count)) }

    /// The distance of round ticks: 1, 2 or 5 times a power of ten.
    private static func step(_ domain: ClosedRange<Double>, _ count: Int) -> Double {
        let rough = (domain.upperBound - domain.lowerBound) / Double(max(1, count))
        guard rough > 0, rough.isFinite else { return 0 }
        let power = pow(10, floor(log10(rough)))
        return power * ([1, 2, 5].first { $0 * power >= rough * (1 - 1e-9) } ?? 10)
    }
}

/// Maps positive values to places along an axis by their logarithm.
struct LogScale {
    let domain: ClosedRange<Double>
    let range: (Double, Double)

    /// From below the smallest of `values` to above the largest, at bounds of 1, 2 or 5 times a power of ten. Values
    /// that are not positive are skipped.
    init(_ values: [Double], range: (Double, Double)) {
        let positive = values.filter { $0 > 0 && $0.isFinite }
        let low = (positive.min() ?? 1) / 1.5
        let high = (positive.max() ?? 10) * 1.5
        domain = Self.round(low, up: false)...max(Self.round(high, up: true), Self.round(low, up: false) * 10)
        self.range = range
    }

    func callAsFunction(_ value: Double) -> Double {
        range.0 + log(value / domain.lowerBound) / log(domain.upperBound / domain.lowerBound) * (range.1 - range.0)
    }

    /// Powers of ten, with 2 and 5 times them where the domain has fewer than three.
    var ticks: [Double] {
        let factors: [Double] = log10(domain.upperBound / domain.lowerBound) < 2.5 ? [1, 2, 5] : [1]
        return powers.flatMap { power in factors.map { $0 * power } }.filter(isInside)
    }

    /// 1 … 9 times the powers of ten.
    var fineTicks: [Double] {
        powers.flatMap { power in (1...9).map { Double($0) * power } }.filter(isInside)
    }

    private var powers: [Double] {
        let first = Int(floor(log10(domain.lowerBound)))
        let last = Int(ceil(log10(domain.upperBound)))
        return (first...last).map { pow(10, Double($0)) }
    }

    private func isInside(_ value: Double) -> Bool {
        value >= domain.lowerBound * (1 - 1e-9) && value <= domain.upperBound * (1 + 1e-9)
    }

    private static func round(_ value: Double, up: Bool) -> Double {
        let bounded = min(max(value, 1e-30), 1e30)
        let power = pow(10, floor(log10(bounded)))
        let candidates = [1, 2, 5, 10].map { $0 * power }
        return up
            ? candidates.first { $0 >= bounded * (1 - 1e-9) } ?? bounded
            : candidates.last { $0 <= bounded * (1 + 1e-9) } ?? bounded
    }
}

/// Numbers as people read them.
package enum NumberText {
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

    /// In thousands, millions or billions, such as `94.4 M`.
    static func counted(_ value: Double) -> String {
        for (unit, name) in [(1e9, " G"), (1e6, " M"), (1e3, " k")] where abs(value) >= unit {
            return short(value / unit) + name
        }
        return short(value)
    }

    /// What flows along an arrow: `[frames, channels]`, or `[channels]` where time has been averaged out.
    static func shape(_ frames: Int?, _ channels: Int) -> String {
        "[\([frames, channels].compactMap { $0 }.map(grouped).joined(separator: ", "))]"
    }

    /// With commas between the thousands, such as `80,000`.
    package static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "−" : "") + text
    }
}
