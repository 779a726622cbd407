/// The form of a picture's file, by the end of its name.
package enum PictureFormat: String, Sendable, CaseIterable {
    case svg, png

    /// - Throws: ``SVGRenderingError`` if `path` ends in neither `.svg` nor `.png`.
    package init(path: String) throws(SVGRenderingError) {
        let end = path.split(separator: "/").last?.split(separator: ".").dropFirst().last ?? ""
        guard let format = PictureFormat(rawValue: end.lowercased()) else {
            throw SVGRenderingError(.unknownFormat, file: path)
        }
        self = format
    }

    /// Writes a picture in this form.
    ///
    /// - Parameter svg: the picture as SVG
    /// - Returns: the bytes of its file.
    /// - Throws: ``SVGRenderingError`` if PNG is asked for and can't be made.
    package func bytes(of svg: String) throws(SVGRenderingError) -> [UInt8] {
        switch self {
        case .svg: Array(svg.utf8)
        case .png: try SVGRenderer.load().png(of: svg)
        }
    }
}

/// Why a picture can't be written as asked.
package struct SVGRenderingError: Error, Equatable, CustomStringConvertible {
    /// The picture's file; nil if its name is not at fault.
    package let file: String?
    package let reason: Reason

    init(_ reason: Reason, file: String? = nil) {
        self.file = file
        self.reason = reason
    }

    package var description: String { file.map { "\($0): \(reason)" } ?? "\(reason)" }

    /// What was wrong, and what would be right.
    package enum Reason: Equatable, Sendable, CustomStringConvertible {
        /// librsvg can't be opened, or lacks a function.
        case noLibrary(String)
        case unknownFormat
        /// librsvg couldn't read the SVG.
        case malformed(String)
        /// Wider or higher than cairo can draw, or not a size.
        case badSize(width: Double, height: Double)
        /// cairo couldn't draw or write; its status code.
        case cairo(status: Int32)

        package var description: String {
            switch self {
            case .noLibrary(let reason):
                "a .png picture needs librsvg, which can't be opened (\(reason)); on Debian: apt-get install "
                    + "librsvg2-2, or ask for a .svg file"
            case .unknownFormat: "a picture is written as .svg or .png"
            case .malformed(let reason): "the picture can't be read as SVG: \(reason)"
            case .badSize(let width, let height):
                "a picture of \(width) × \(height) pixels can't be drawn; sides of 1 to \(Self.longestSide) can"
            case .cairo(let status): "the picture can't be drawn as PNG (cairo's status \(status)); ask for a .svg file"
            }
        }

        /// The longest side, in pixels, that cairo's image surfaces have.
        static let longestSide = 32767
    }
}
