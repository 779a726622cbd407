/// Why a picture can't be written as asked.
public enum SVGRenderingError: Error, Equatable, CustomStringConvertible {
    /// librsvg can't be opened, or lacks a function.
    case noLibrary(reason: String)
    case unknownFormat(path: String)
    /// librsvg couldn't read the SVG.
    case malformed(reason: String)
    /// Wider or higher than cairo can draw, or not a size.
    case badSize(width: Double, height: Double)
    /// cairo couldn't draw or write; its status code.
    case cairo(status: Int32)

    public var description: String {
        switch self {
        case .noLibrary(let reason):
            "a .png picture needs librsvg, which can't be opened (\(reason)); on Debian: apt-get install librsvg2-2, or"
                + " ask for a .svg file"
        case .unknownFormat(let path): "\(path): a picture is written as .svg or .png"
        case .malformed(let reason): "the picture can't be read as SVG: \(reason)"
        case .badSize(let width, let height):
            "a picture of \(width) × \(height) pixels can't be drawn; sides of 1 to \(Self.longestSide) can"
        case .cairo(let status): "the picture can't be drawn as PNG (cairo's status \(status)); ask for a .svg file"
        }
    }

    /// The longest side, in pixels, that cairo's image surfaces have.
    static let longestSide = 32767
}
