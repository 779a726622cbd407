import Foundation

/// Turns SVG into PNG with librsvg, and cairo and GLib which it brings along. They are opened when a PNG picture is first
/// asked for, and a build doesn't need them.
package struct SVGRenderer: Sendable {
    /// Opens librsvg; later calls return what the first one found.
    ///
    /// - Throws: ``SVGRenderingError`` if it isn't installed, with the package to install.
    package static func load() throws(SVGRenderingError) -> SVGRenderer { try loaded.get() }

    private static let loaded: Result<SVGRenderer, SVGRenderingError> = Result {
        () throws(SVGRenderingError) in try SVGRenderer()
    }

    private let newHandle:
        @convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    private let size:
        @convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> CInt
    private let render:
        @convention(c) (
            UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer?
        ) -> CInt
    private let releaseObject, freeError, destroySurface, destroyContext: ReleaseEntry
    private let createSurface: @convention(c) (CInt, CInt, CInt) -> UnsafeMutableRawPointer?
    private let surfaceStatus: @convention(c) (UnsafeMutableRawPointer) -> CInt
    private let createContext: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?
    private let writePNG: @convention(c) (UnsafeMutableRawPointer, WriteEntry, UnsafeMutableRawPointer?) -> CInt

    private init() throws(SVGRenderingError) {
        guard let library = dlopen(libraryName, RTLD_NOW | RTLD_LOCAL) else {
            throw SVGRenderingError(.noLibrary(dlerror().map { String(cString: $0) } ?? "\(libraryName) not found"))
        }
        // dlsym also searches the libraries that this one was linked with.
        func function<Entry>(_ name: String) throws(SVGRenderingError) -> Entry {
            guard let symbol = dlsym(library, name) else {
                throw SVGRenderingError(.noLibrary("\(libraryName) has no function \(name)"))
            }
            return unsafeBitCast(symbol, to: Entry.self)
        }
        newHandle = try function("rsvg_handle_new_from_data")
        size = try function("rsvg_handle_get_intrinsic_size_in_pixels")
        render = try function("rsvg_handle_render_document")
        releaseObject = try function("g_object_unref")
        freeError = try function("g_error_free")
        createSurface = try function("cairo_image_surface_create")
        surfaceStatus = try function("cairo_surface_status")
        destroySurface = try function("cairo_surface_destroy")
        createContext = try function("cairo_create")
        destroyContext = try function("cairo_destroy")
        writePNG = try function("cairo_surface_write_to_png_stream")
    }

    /// Draws a picture, light and on white.
    ///
    /// - Parameters:
    ///   - svg: the picture
    ///   - scale: pixels for each of the picture's own; 2 is enough for print
    /// - Returns: the bytes of a PNG file.
    /// - Throws: ``SVGRenderingError`` if it can't be read or drawn.
    package func png(of svg: String, scale: Double = 2) throws(SVGRenderingError) -> [UInt8] {
        var failure: UnsafeMutablePointer<GLibError>?
        let handle = Array(svg.utf8).withUnsafeBufferPointer { newHandle($0.baseAddress, $0.count, &failure) }
        guard let handle else { throw SVGRenderingError(.malformed(message(of: failure))) }
        defer { releaseObject(handle) }

        var (width, height) = (0.0, 0.0)
        let isSized = size(handle, &width, &height) != 0
        (width, height) = ((width * scale).rounded(.up), (height * scale).rounded(.up))
        let sides = 1...Double(SVGRenderingError.Reason.longestSide)
        guard isSized, sides.contains(width), sides.contains(height) else {
            throw SVGRenderingError(.badSize(width: width, height: height))
        }

        guard let surface = createSurface(argb32, CInt(width), CInt(height)) else {
            throw SVGRenderingError(.cairo(status: -1))
        }
        defer { destroySurface(surface) }
        guard surfaceStatus(surface) == 0 else { throw SVGRenderingError(.cairo(status: surfaceStatus(surface))) }
        guard let context = createContext(surface) else { throw SVGRenderingError(.cairo(status: -1)) }
        defer { destroyContext(context) }

        var viewport = Viewport(x: 0, y: 0, width: width, height: height)
        guard render(handle, context, &viewport, &failure) != 0 else {
            throw SVGRenderingError(.malformed(message(of: failure)))
        }
        let written = WrittenBytes()
        let status = writePNG(surface, append, Unmanaged.passUnretained(written).toOpaque())
        guard status == 0 else { throw SVGRenderingError(.cairo(status: status)) }
        return written.bytes
    }

    /// GLib's message for a failure, which is freed.
    private func message(of failure: UnsafeMutablePointer<GLibError>?) -> String {
        guard let failure else { return "unknown error" }
        defer { freeError(failure) }
        return failure.pointee.message.map { String(cString: $0) } ?? "unknown error"
    }
}

/// The library's name since librsvg 2.40; the functions asked for came by 2.52.
private let libraryName = "librsvg-2.so.2"

/// CAIRO_FORMAT_ARGB32.
private let argb32: CInt = 0

/// What cairo has written so far.
private final class WrittenBytes {
    var bytes: [UInt8] = []
}

private func append(closure: UnsafeMutableRawPointer?, data: UnsafePointer<UInt8>?, length: CUnsignedInt) -> CInt {
    guard let closure, let data else { return 0 }
    Unmanaged<WrittenBytes>.fromOpaque(closure).takeUnretainedValue()
        .bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
    return 0
}

/// GError.
private struct GLibError {
    var domain: UInt32
    var code: CInt
    var message: UnsafeMutablePointer<CChar>?
}

/// RsvgRectangle.
private struct Viewport {
    var x, y, width, height: Double
}

private typealias ReleaseEntry = @convention(c) (UnsafeMutableRawPointer) -> Void
private typealias WriteEntry =
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, CUnsignedInt) -> CInt
