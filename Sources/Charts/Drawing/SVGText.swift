import Foundation

/// Text and numbers as they stand in an SVG file.
enum SVGText {
    /// Text as XML holds it; characters that XML 1.0 can't hold become �.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n", "\r": escaped.append(" ")
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// A length with at most `decimals` decimals and no trailing zeros; 0 where it is no number.
    static func number(_ value: Double, decimals: Int = 2) -> String {
        // Far outside every picture.
        let limit = 1e9
        guard value.isFinite else { return "0" }
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((min(max(value, -limit), limit) * Double(scale)).rounded())
        let (whole, part) = (abs(scaled) / scale, abs(scaled) % scale)
        guard part > 0 else { return "\(scaled < 0 ? "-" : "")\(whole)" }
        let digits = String(String(scale + part).dropFirst())
        let trimmed = digits.prefix(digits.count - digits.reversed().prefix { $0 == "0" }.count)
        return "\(scaled < 0 ? "-" : "")\(whole).\(trimmed)"
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
