import Foundation
import FoundationXML
import Testing

@testable import Charts

/// What holds for every chart, whatever it is of.
@Suite struct DrawingTests {
    @Test(arguments: SampleCharts.all)
    func `is well-formed and says what it shows`(chart: SampleCharts.Named) throws {
        let drawing = chart.drawing()
        let outline = try #require(XMLOutline(drawing.svg))
        #expect(outline.root == "svg")
        #expect(outline.viewBox == "0 0 \(SVGText.number(drawing.width)) \(SVGText.number(drawing.height))")
        #expect(outline.texts["title"]?.first == drawing.title)
        #expect(outline.texts["desc"]?.first == drawing.description && !drawing.description.isEmpty)
        #expect(outline.texts["text"] ?? [] == drawing.labels.map(\.text))
        #expect(drawing.svg.contains("prefers-color-scheme: dark"))
        #expect(drawing.svg.firstMatch(of: /["ML ]-?(nan|inf)\b/) == nil)
    }

    @Test(arguments: SampleCharts.all)
    func `labels lie inside`(chart: SampleCharts.Named) {
        let drawing = chart.drawing()
        let page = Box(x: 0, y: 0, width: drawing.width, height: drawing.height)
        for label in drawing.labels { #expect(page.contains(label.box), "\(label)") }
    }

    @Test(arguments: SampleCharts.all)
    func `labels lie apart`(chart: SampleCharts.Named) {
        let labels = chart.drawing().labels
        for (index, label) in labels.enumerated() {
            for other in labels[(index + 1)...] where label.box.overlaps(other.box) {
                Issue.record("\(label) lies over \(other)")
            }
        }
    }

    @Test(arguments: SampleCharts.all)
    func `is the same each time`(chart: SampleCharts.Named) {
        #expect(chart.drawing().svg == chart.drawing().svg)
    }

    @Test func `text is escaped`() throws {
        let text = "<b> & \"c\" 'd' \u{1}\u{FFFE} é 情"
        let series = TimelineChart.Series(name: text, windows: [])
        let chart = TimelineChart(title: text, waveform: Waveform(samples: []), series: [series])
        let outline = try #require(XMLOutline(chart.svg))
        let expected = "<b> & \"c\" 'd' \u{FFFD}\u{FFFD} é 情"
        #expect(outline.texts["title"] == [expected])
        // As the picture's heading and as the series' name; the second has less room.
        #expect(outline.texts["text"]?.contains(expected) == true)
    }

    @Test(arguments: [
        (0, "0"), (-0.001, "0"), (1.5, "1.5"), (-1.25, "-1.25"), (-0.5, "-0.5"), (3.999, "4"), (0.01, "0.01"),
        (.nan, "0"), (.infinity, "0"), (1e300, "1000000000"),
    ])
    func `lengths are short and finite`(value: Double, text: String) {
        #expect(SVGText.number(value) == text)
    }
}

/// The elements of an SVG file with text in them, and its root.
private final class XMLOutline: NSObject, XMLParserDelegate {
    private(set) var root: String?
    private(set) var viewBox: String?
    /// By the element's name, in order.
    private(set) var texts: [String: [String]] = [:]
    private var text = ""

    /// Nil where it isn't well-formed.
    init?(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if root == nil { (root, viewBox) = (name, attributes["viewBox"]) }
        text = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if ["title", "desc", "text"].contains(name) { texts[name, default: []].append(text) }
        text = ""
    }
}
