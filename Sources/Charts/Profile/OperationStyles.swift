/// A colour and a texture for each kind of operation: kin share the colour.
struct OperationStyles {
    struct Style: Hashable {
        let paint: Paint
        let texture: Texture
    }

    /// The kinds, in the order of their first appearance.
    let operations: [String]
    private let styles: [String: Style]

    private static let other = Style(paint: .gray, texture: .dotted)

    /// The ``known`` kinds look the same in every picture; others get the styles that are left, in their order, and share
    /// one when none is left.
    init(_ names: [String]) {
        var operations: [String] = []
        for name in names where !operations.contains(name) { operations.append(name) }
        var styles: [String: Style] = [:]
        for name in operations {
            styles[name] = Self.known[name]
        }
        let hues: [Paint] = [.blue, .orange, .green, .purple, .sky, .vermillion, .yellow, .gray]
        var free = Texture.allCases.flatMap { texture in hues.map { Style(paint: $0, texture: texture) } }
        free.removeAll { style in styles.values.contains(style) || style == Self.other }
        for name in operations where styles[name] == nil {
            styles[name] = free.isEmpty ? Self.other : free.removeFirst()
        }
        self.operations = operations
        self.styles = styles
    }

    subscript(operation: String) -> Style { styles[operation] ?? Self.other }

    /// By the names that a profile gives the operations of a wav2vec 2.0 network.
    private static let known: [String: Style] = [
        "convolution": Style(paint: .blue, texture: .plain),
        "norm + GELU": Style(paint: .purple, texture: .striped),
        "norm": Style(paint: .purple, texture: .plain),
        "linear": Style(paint: .blue, texture: .dotted),
        "positional conv + GELU": Style(paint: .blue, texture: .striped),
        "attention norm": Style(paint: .purple, texture: .dotted),
        "q": Style(paint: .sky, texture: .plain),
        "k": Style(paint: .sky, texture: .striped),
        "v": Style(paint: .sky, texture: .dotted),
        "pack k, v": Style(paint: .gray, texture: .plain),
        "scores": Style(paint: .orange, texture: .plain),
        "softmax": Style(paint: .yellow, texture: .plain),
        "context": Style(paint: .orange, texture: .striped),
        "out": Style(paint: .vermillion, texture: .plain),
        "ffn1 + GELU": Style(paint: .green, texture: .plain),
        "ffn2": Style(paint: .green, texture: .striped),
        "mean over time": Style(paint: .gray, texture: .striped),
        "head": Style(paint: .vermillion, texture: .striped),
    ]
}

extension Drawing {
    /// Draws a box in an operation's colour and texture.
    mutating func swatch(_ style: OperationStyles.Style, in box: Box) {
        rectangle(box, fill: style.paint, stroke: .background, strokeWidth: 0.6)
        texture(style.texture, in: box)
    }

    /// Draws a point in an operation's colour and texture.
    mutating func mark(_ style: OperationStyles.Style, at center: Point, radius: Double) {
        circle(center, radius: radius, fill: style.paint, stroke: .ink, width: 0.8)
        texture(style.texture, at: center, radius: radius)
    }
}
