import Foundation

/// Which end of a line of text stands at its place.
enum Anchor: String {
    case start, middle, end
}

/// How much room text takes, without asking a font.
///
/// The widths are those of DejaVu Sans, wider than the other system fonts that a picture may be shown in, so that labels
/// which lie apart by this estimate do so in all of them.
enum TextMetrics {
    /// Single quotes: it stands in an attribute.
    static let fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

    /// Widths of the characters from space to ~, in thousandths of the font's size.
    private static let widths = [
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636,
        636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656,
        557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613,
        635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818,
        592, 592, 525, 636, 337, 636, 838,
    ]
    /// Beyond those.
    private static let otherWidths: [Unicode.Scalar: Int] = ["·": 380, "–": 500, "²": 401, "√": 637, "µ": 636]
    private static let widest = 1000
    private static let boldness = 1.15

    /// The width of a line of text in pixels, at a font size in pixels.
    static func width(of text: String, size: Double, bold: Bool = false) -> Double {
        let thousandths = text.unicodeScalars.reduce(0) { sum, scalar in
            let index = Int(scalar.value) - 32
            return sum + (widths.indices.contains(index) ? widths[index] : otherWidths[scalar] ?? widest)
        }
        return Double(thousandths) / 1000 * size * (bold ? boldness : 1)
    }

    /// Where a line of text lies whose letters' middle is at the height of `place`.
    static func box(
        of text: String, at place: Point, anchor: Anchor, size: Double, bold: Bool = false, turned: Bool = false
    ) -> Box {
        let (length, height) = (width(of: text, size: size, bold: bold), size * 1.1)
        let before =
            switch anchor {
            case .start: 0.0
            case .middle: length / 2
            case .end: length
            }
        return turned
            ? Box(x: place.x - height / 2, y: place.y - (length - before), width: height, height: length)
            : Box(x: place.x - before, y: place.y - height / 2, width: length, height: height)
    }

    /// The text, its end left out where it is wider than `room`.
    static func fitted(_ text: String, into room: Double, size: Double, bold: Bool = false) -> String {
        guard width(of: text, size: size, bold: bold) > room else { return text }
        var kept = text
        while !kept.isEmpty, width(of: kept + "…", size: size, bold: bold) > room { kept.removeLast() }
        return kept.isEmpty ? "" : kept + "…"
    }

    /// The text in lines no wider than `room`, broken between words; a longer word loses its end.
    static func lines(_ text: String, into room: Double, size: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, width(of: "\(last) \(word)", size: size) <= room {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(fitted(String(word), into: room, size: size))
            }
        }
        return lines
    }
}

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

    /// A length with at most `decimals` decimals and no trailing zeros; 0 if it is not a number.
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
