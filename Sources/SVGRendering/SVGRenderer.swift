import Foundation

/// Turns SVG into PNG with librsvg and cairo, which are opened when they are first needed: no part of a build, and only
/// PNG pictures ask for them.
public struct SVGRenderer: Sendable {
    private let library: Librsvg

    /// Opens librsvg; later calls return what the first one found.
    ///
    /// - Throws: ``SVGRenderingError`` where it isn't installed, with the package to install.
    public static func load() throws(SVGRenderingError) -> SVGRenderer {
        SVGRenderer(library: try Librsvg.loaded.get())
    }

    /// Draws a picture, light and on white.
    ///
    /// - Parameters:
    ///   - svg: the picture
    ///   - scale: pixels for each of the picture's own; 2 is enough for print
    /// - Returns: the bytes of a PNG file.
    /// - Throws: ``SVGRenderingError`` where it can't be read or drawn.
    public func png(of svg: String, scale: Double = 2) throws(SVGRenderingError) -> [UInt8] {
        try library.png(of: Array(svg.utf8), scale: scale)
    }
}

/// The form of a picture's file, by the end of its name.
public enum PictureFormat: String, Sendable, CaseIterable {
    case svg, png

    /// - Throws: ``SVGRenderingError`` where `path` ends in neither `.svg` nor `.png`.
    public init(path: String) throws(SVGRenderingError) {
        let end = path.split(separator: "/").last?.split(separator: ".").dropFirst().last ?? ""
        guard let format = PictureFormat(rawValue: end.lowercased()) else { throw .unknownFormat(path: path) }
        self = format
    }

    /// Writes a picture in this form.
    ///
    /// - Parameter svg: the picture as SVG
    /// - Returns: the bytes of its file.
    /// - Throws: ``SVGRenderingError`` where PNG is asked for and can't be made.
    public func bytes(of svg: String) throws(SVGRenderingError) -> [UInt8] {
        switch self {
        case .svg: Array(svg.utf8)
        case .png: try SVGRenderer.load().png(of: svg)
        }
    }
}
