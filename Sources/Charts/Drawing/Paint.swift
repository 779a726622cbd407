/// A colour on a light and on a dark background.
struct Paint: Hashable {
    /// In the style sheet's class names.
    let name: String
    let light: String
    let dark: String

    static let background = Paint(name: "background", light: "#ffffff", dark: "#0d1117")
    /// Text, and lines as strong as text.
    static let ink = Paint(name: "ink", light: "#1f2328", dark: "#e6edf3")
    /// Text of less weight.
    static let muted = Paint(name: "muted", light: "#57606a", dark: "#9aa4af")
    static let grid = Paint(name: "grid", light: "#e3e6ea", dark: "#2a313a")
    static let frame = Paint(name: "frame", light: "#8c959f", dark: "#6b7480")
    /// Boxes that hold text.
    static let panel = Paint(name: "panel", light: "#f6f8fa", dark: "#161b22")
    static let wave = Paint(name: "wave", light: "#8c959f", dark: "#7d8792")

    // Okabe and Ito's colours, which can be distinguished with any colour vision (jfly.uni-koeln.de/color); on dark,
    // the darker ones are lifted.
    static let orange = Paint(name: "orange", light: "#e69f00", dark: "#e69f00")
    static let sky = Paint(name: "sky", light: "#56b4e9", dark: "#56b4e9")
    static let green = Paint(name: "green", light: "#009e73", dark: "#1db588")
    static let yellow = Paint(name: "yellow", light: "#f0e442", dark: "#f0e442")
    static let blue = Paint(name: "blue", light: "#0072b2", dark: "#2b8fd6")
    static let vermillion = Paint(name: "vermillion", light: "#d55e00", dark: "#e8701a")
    static let purple = Paint(name: "purple", light: "#cc79a7", dark: "#d48ab4")
    static let gray = Paint(name: "grey", light: "#999999", dark: "#8b949e")
}

/// What lies over a colour to distinguish it from another use of the same.
enum Texture: String, CaseIterable {
    case plain, striped, dotted

    /// Its definition in an SVG file. Black at half strength shows on every colour it is laid over.
    var pattern: String? {
        switch self {
        case .plain: nil
        case .striped:
            "<pattern id=\"striped\" patternUnits=\"userSpaceOnUse\" width=\"5\" height=\"5\""
                + " patternTransform=\"rotate(45)\">"
                + "<rect width=\"1.6\" height=\"5\" fill=\"#000000\" fill-opacity=\"0.45\"/></pattern>"
        case .dotted:
            "<pattern id=\"dotted\" patternUnits=\"userSpaceOnUse\" width=\"4\" height=\"4\">"
                + "<rect width=\"1.7\" height=\"1.7\" fill=\"#000000\" fill-opacity=\"0.5\"/></pattern>"
        }
    }
}
