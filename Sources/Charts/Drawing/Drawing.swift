/// A picture as it is being drawn, and its text as SVG 1.1.
///
/// Lengths are in pixels, y grows downwards. Colours stand in attributes as they are on white, so that a tool which
/// reads no style sheet shows a light picture; the style sheet only changes them where the reader prefers dark. What is
/// drawn where is kept too (``labels``), so that a test can ask whether labels lie apart.
struct Drawing {
    let width: Double
    let height: Double
    /// What the picture shows, for those who can't see it.
    let title: String
    let description: String

    /// The labels drawn so far.
    private(set) var labels: [Label] = []
    private var body: [String] = []
    private var definitions: [String] = []
    private var paints: [String: Paint] = [:]

    /// A line of text and where it lies, by ``TextMetrics``.
    struct Label {
        let text: String
        let box: Box
    }

    init(width: Double, height: Double, title: String, description: String) {
        self.width = width
        self.height = height
        self.title = title
        self.description = description
        rectangle(Box(x: 0, y: 0, width: width, height: height), fill: .background)
    }

    mutating func rectangle(
        _ box: Box, fill: Paint?, stroke: Paint? = nil, strokeWidth: Double = 1, radius: Double = 0, dash: String? = nil
    ) {
        let rounded = radius > 0 ? " rx=\"\(SVGText.number(radius))\"" : ""
        body.append(
            "<rect \(Self.place(box))\(rounded)"
                + "\(colors(fill: fill, stroke: stroke, width: strokeWidth, dash: dash))/>")
    }

    mutating func line(from start: Point, to end: Point, stroke: Paint, width: Double = 1, dash: String? = nil) {
        path([.move(start), .line(end)], stroke: stroke, width: width, dash: dash)
    }

    /// Draws a straight line with a head at its end.
    mutating func arrow(from start: Point, to end: Point) {
        let length = ((end.x - start.x) * (end.x - start.x) + (end.y - start.y) * (end.y - start.y)).squareRoot()
        guard length > 0 else { return }
        let (dx, dy) = ((end.x - start.x) / length, (end.y - start.y) / length)
        let (long, broad) = (6.0, 3.2)
        let foot = Point(x: end.x - dx * long, y: end.y - dy * long)
        line(from: start, to: foot, stroke: .ink, width: 1.2)
        path(
            [
                .move(end), .line(Point(x: foot.x - dy * broad, y: foot.y + dx * broad)),
                .line(Point(x: foot.x + dy * broad, y: foot.y - dx * broad)), .close,
            ], fill: .ink)
    }

    mutating func path(
        _ steps: [PathStep], fill: Paint? = nil, stroke: Paint? = nil, width: Double = 1, dash: String? = nil,
        opacity: Double = 1
    ) {
        guard !steps.isEmpty else { return }
        let faded = opacity < 1 ? " opacity=\"\(SVGText.number(opacity))\"" : ""
        body.append(
            "<path d=\"\(steps.map(\.text).joined())\"\(colors(fill: fill, stroke: stroke, width: width, dash: dash))"
                + " stroke-linejoin=\"round\"\(faded)/>")
    }

    mutating func circle(
        _ center: Point, radius: Double, fill: Paint?, stroke: Paint? = nil, width: Double = 1, opacity: Double = 1
    ) {
        let faded = opacity < 1 ? " opacity=\"\(SVGText.number(opacity))\"" : ""
        body.append(
            "<circle cx=\"\(SVGText.number(center.x))\" cy=\"\(SVGText.number(center.y))\""
                + " r=\"\(SVGText.number(radius))\"\(colors(fill: fill, stroke: stroke, width: width))\(faded)/>")
    }

    /// Writes one line of text, upwards where `turned`; `place.y` is where its letters' middle lies.
    mutating func text(
        _ text: String, at place: Point, anchor: Anchor = .start, size: Double = 11, bold: Bool = false,
        paint: Paint = .ink, turned: Bool = false
    ) {
        guard !text.isEmpty else { return }
        labels.append(
            Label(
                text: text,
                box: TextMetrics.box(of: text, at: place, anchor: anchor, size: size, bold: bold, turned: turned)))
        // From the middle of the letters to their base line: half of a capital's height.
        let base = 0.36 * size
        let (x, y) = turned ? (place.x + base, place.y) : (place.x, place.y + base)
        let turn = turned ? " transform=\"rotate(-90 \(SVGText.number(x)) \(SVGText.number(y)))\"" : ""
        body.append(
            "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" font-size=\"\(SVGText.number(size))\""
                + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"")
                + (bold ? " font-weight=\"bold\"" : "")
                + "\(colors(fill: paint, stroke: nil))\(turn)>\(SVGText.escaped(text))</text>")
    }

    /// Draws a line from the top of `plot` to its bottom, and its number below.
    mutating func gridLine(x: Double, _ number: String, in plot: Box) {
        line(from: Point(x: x, y: plot.y), to: Point(x: x, y: plot.bottom), stroke: .grid)
        text(number, at: Point(x: x, y: plot.bottom + 12), anchor: .middle, size: 10, paint: .muted)
    }

    /// Draws a line from the left of `plot` to its right, and its number before it.
    mutating func gridLine(y: Double, _ number: String, gap: Double, in plot: Box) {
        line(from: Point(x: plot.x, y: y), to: Point(x: plot.right, y: y), stroke: .grid)
        text(number, at: Point(x: plot.x - gap, y: y), anchor: .end, size: 10, paint: .muted)
    }

    /// Writes the picture's title and, under it, a line in less weight, both cut to the picture's width.
    mutating func heading(_ line: String = "", margin: Double) {
        for (text, y, size) in [(title, 26.0, 16.0), (line, 48, 12)] {
            let isTitle = size > 12
            self.text(
                TextMetrics.fitted(text, into: width - 2 * margin, size: size, bold: isTitle),
                at: Point(x: margin, y: y), size: size, bold: isTitle, paint: isTitle ? .ink : .muted)
        }
    }

    /// Draws a PNG picture over all of `box`, its pixels as squares.
    mutating func image(png: [UInt8], in box: Box) {
        body.append(
            "<image \(Self.place(box)) preserveAspectRatio=\"none\" image-rendering=\"optimizeSpeed\""
                + " style=\"image-rendering:pixelated\" xlink:href=\"data:image/png;base64,\(SVGText.base64(png))\"/>")
    }

    /// Draws a texture over what `box` holds.
    mutating func texture(_ texture: Texture, in box: Box) {
        guard define(texture) else { return }
        body.append("<rect \(Self.place(box)) fill=\"url(#\(texture.rawValue))\"/>")
    }

    /// Draws a texture over a circle.
    mutating func texture(_ texture: Texture, at center: Point, radius: Double) {
        guard define(texture) else { return }
        body.append(
            "<circle cx=\"\(SVGText.number(center.x))\" cy=\"\(SVGText.number(center.y))\""
                + " r=\"\(SVGText.number(radius))\" fill=\"url(#\(texture.rawValue))\"/>")
    }

    /// False for none.
    private mutating func define(_ texture: Texture) -> Bool {
        guard let pattern = texture.pattern else { return false }
        if !definitions.contains(pattern) { definitions.append(pattern) }
        return true
    }

    /// The whole picture as a file's text.
    var svg: String {
        let dark = paints.keys.sorted().compactMap { paints[$0] }.map { paint in
            ".f-\(paint.name){fill:\(paint.dark)}.s-\(paint.name){stroke:\(paint.dark)}"
        }
        let size = "\(SVGText.number(width))\" height=\"\(SVGText.number(height))"
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            \(PictureFormat.svgMark)
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" \
            width="\(size)" viewBox="0 0 \(SVGText.number(width)) \(SVGText.number(height))" role="img" \
            aria-labelledby="title desc" font-family="\(TextMetrics.fontFamily)">
            <title id="title">\(SVGText.escaped(title))</title>
            <desc id="desc">\(SVGText.escaped(description))</desc>
            <style type="text/css">@media (prefers-color-scheme: dark){\(dark.joined())}</style>
            <defs>\(definitions.joined())</defs>
            \(body.joined(separator: "\n"))
            </svg>

            """
    }

    private mutating func colors(fill: Paint?, stroke: Paint?, width: Double = 1, dash: String? = nil) -> String {
        var classes: [String] = []
        var text = " fill=\"\(fill?.light ?? "none")\""
        if let fill {
            paints[fill.name] = fill
            classes.append("f-\(fill.name)")
        }
        if let stroke {
            paints[stroke.name] = stroke
            classes.append("s-\(stroke.name)")
            text += " stroke=\"\(stroke.light)\" stroke-width=\"\(SVGText.number(width))\""
        }
        if let dash { text += " stroke-dasharray=\"\(dash)\"" }
        return text + (classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"")
    }

    private static func place(_ box: Box) -> String {
        "x=\"\(SVGText.number(box.x))\" y=\"\(SVGText.number(box.y))\""
            + " width=\"\(SVGText.number(box.width))\" height=\"\(SVGText.number(box.height))\""
    }
}
