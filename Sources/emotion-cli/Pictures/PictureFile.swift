import Charts
import Files

/// A file for a picture, `.svg` or `.png`.
struct PictureFile {
    private let path: String
    private let format: PictureFormat

    /// - Throws: `SVGRenderingError` if the name ends in neither, or a `.png` can't be made here: before any work.
    init(_ path: String) throws {
        self.path = path
        format = try PictureFormat(path: path)
        if format == .png { _ = try SVGRenderer.load() }
    }

    /// Writes the picture; the file appears whole, or an older one stays.
    func write(_ svg: String) throws {
        let bytes = try format.bytes(of: svg)
        do throws(FileError) {
            let file = try OutputFile(path: path)
            try file.write(bytes.span.bytes)
            try file.commit()
        } catch {
            throw OutputFailure(path, error)
        }
    }
}
