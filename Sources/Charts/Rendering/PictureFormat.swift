import CZlib

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
        case .png: Self.marked(png: try SVGRenderer.load().png(of: svg))
        }
    }

    // MARK: Who drew it

    /// A comment at the beginning of every picture as SVG.
    static let svgMark = "<!-- emotion-cli -->"

    /// A chunk of text, as the PNG specification has it for the name of the program, after the first chunk.
    private static let pngMark: [UInt8] = {
        let chunk = Array("tEXtSoftware\0emotion-cli".utf8)
        let checksum = chunk.withUnsafeBufferPointer {
            UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count))
        }
        return bigEndian(UInt32(chunk.count - 4)) + chunk + bigEndian(checksum)
    }()

    /// The signature and the header chunk.
    private static let pngHeadSize = 8 + 25

    /// How many bytes ``isOwn(_:)`` needs.
    package static let markedSize = 256

    /// Whether a file that begins so is a picture, in either form, that this program drew.
    package static func isOwn(_ beginning: [UInt8]) -> Bool {
        let lines = beginning.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
        if lines.count > 1, lines[1].elementsEqual(svgMark.utf8) { return true }
        return beginning.dropFirst(pngHeadSize).starts(with: pngMark)
    }

    private static func marked(png: [UInt8]) -> [UInt8] {
        png.prefix(pngHeadSize) + pngMark + png.dropFirst(pngHeadSize)
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
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
