import Testing

@testable import Charts

@Suite struct SVGRenderingTests {
    @Test(arguments: [("a.svg", PictureFormat.svg), ("b/c.d.PNG", .png), ("/x.y/z.Svg", .svg)])
    func `the end of the name tells the form`(path: String, format: PictureFormat) throws {
        #expect(try PictureFormat(path: path) == format)
    }

    @Test(arguments: ["a", "a.pdf", "svg", "x.png/y", ""])
    func `other names are refused`(path: String) {
        #expect(throws: SVGRenderingError(.unknownFormat, file: path)) { try PictureFormat(path: path) }
        #expect(
            SVGRenderingError(.unknownFormat, file: path).description.hasSuffix(
                ": a picture is written as .svg or .png"))
    }

    @Test func `SVG is written as it is`() throws {
        #expect(try PictureFormat.svg.bytes(of: "<svg/>") == Array("<svg/>".utf8))
    }

    @Test func `a missing library is one line that names the package`() {
        let text = SVGRenderingError(.noLibrary("not found")).description
        #expect(text.contains("librsvg2-2") && text.contains(".svg") && !text.contains("\n"))
    }

    static let renderer = try? SVGRenderer.load()

    @Test(.enabled(if: renderer != nil, "librsvg isn't installed"))
    func `a chart becomes a PNG of twice its size`() throws {
        let drawing = SampleCharts.attention(heads: 2, frames: 49).drawing
        let png = try #require(Self.renderer).png(of: drawing.svg)
        #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func number(at place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(number(at: 16) == Int((2 * drawing.width).rounded(.up)))
        #expect(number(at: 20) == Int((2 * drawing.height).rounded(.up)))
    }

    @Test(.enabled(if: renderer != nil, "librsvg isn't installed"))
    func `what is no picture is refused`() throws {
        let renderer = try #require(Self.renderer)
        #expect(throws: SVGRenderingError.self) { try renderer.png(of: "<svg") }
        #expect(throws: SVGRenderingError.self) { try renderer.png(of: "") }
        let svg = SampleCharts.attention(heads: 1, frames: 1).svg
        for scale in [0, -1, 1e6, .nan, .infinity] {
            #expect(throws: SVGRenderingError.self) { try renderer.png(of: svg, scale: scale) }
        }
    }
}
