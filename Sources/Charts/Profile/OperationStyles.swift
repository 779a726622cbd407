/// A colour and a texture for each kind of operation: kin share the colour.
struct OperationStyles {
    struct Style: Hashable {
        let paint: Paint
        let texture: Texture
    }

    /// The kinds, in the order of their first appearance.
    let operations: [String]
    private let styles: [String: Style]

    private static let other = Style(paint: .grey, texture: .dotted)

    /// The kinds of a wav2vec 2.0 network look the same in every picture; others get what is left, in their order, and
    /// share one style where nothing is.
    init(_ names: [String]) {
        var operations: [String] = []
        for name in names where !operations.contains(name) { operations.append(name) }
        var styles: [String: Style] = [:]
        for name in operations {
            if let style = Self.style(named: name), !styles.values.contains(style) { styles[name] = style }
        }
        let hues: [Paint] = [.blue, .orange, .green, .purple, .sky, .vermillion, .yellow, .grey]
        var free = Texture.allCases.flatMap { texture in hues.map { Style(paint: $0, texture: texture) } }
        free.removeAll { style in styles.values.contains(style) || style == Self.other }
        for name in operations where styles[name] == nil {
            styles[name] = free.isEmpty ? Self.other : free.removeFirst()
        }
        self.operations = operations
        self.styles = styles
    }

    subscript(operation: String) -> Style { styles[operation] ?? Self.other }

    private static func style(named name: String) -> Style? {
        let letters = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
        let (paint, texture): (Paint, Texture)
        switch letters {
        case "convolution", "conv": (paint, texture) = (.blue, .plain)
        case "positionalconvolution", "positionalconv", "positionalconvgelu":
            (paint, texture) = (.blue, .striped)
        case "norm", "layernorm": (paint, texture) = (.purple, .plain)
        case "normgelu", "normandgelu", "convolutionnorm", "convnorm": (paint, texture) = (.purple, .striped)
        case "attentionnorm": (paint, texture) = (.purple, .dotted)
        case "gelu": (paint, texture) = (.yellow, .striped)
        case "projection", "linear": (paint, texture) = (.blue, .dotted)
        case "q", "query": (paint, texture) = (.sky, .plain)
        case "k", "key": (paint, texture) = (.sky, .striped)
        case "v", "value": (paint, texture) = (.sky, .dotted)
        case "packing", "packkv": (paint, texture) = (.grey, .plain)
        case "scores": (paint, texture) = (.orange, .plain)
        case "softmax": (paint, texture) = (.yellow, .plain)
        case "context": (paint, texture) = (.orange, .striped)
        case "out", "output", "attentionoutput": (paint, texture) = (.vermillion, .plain)
        case "ffn1", "ffn1gelu", "feedforward1", "feedforwardintermediate": (paint, texture) = (.green, .plain)
        case "ffn2", "feedforward2", "feedforwardoutput": (paint, texture) = (.green, .striped)
        case "head": (paint, texture) = (.vermillion, .striped)
        case "pooling", "mean", "meanovertime": (paint, texture) = (.grey, .striped)
        default: return nil
        }
        return Style(paint: paint, texture: texture)
    }
}

extension Drawing {
    /// Draws a box in an operation's colour and texture.
    mutating func swatch(_ style: OperationStyles.Style, in box: Box) {
        rectangle(box, fill: style.paint, stroke: .background, strokeWidth: 0.6)
        texture(style.texture, in: box)
    }

    /// Draws a point in an operation's colour and texture.
    mutating func mark(_ style: OperationStyles.Style, at centre: Point, radius: Double) {
        circle(centre, radius: radius, fill: style.paint, stroke: .ink, width: 0.8)
        texture(style.texture, at: centre, radius: radius)
    }
}
