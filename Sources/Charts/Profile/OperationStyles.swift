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
        var styles = Self.known.filter { operations.contains($0.key) }
        var free = Texture.allCases.flatMap { texture in Self.kin.map { Style(paint: $0.paint, texture: texture) } }
        free.removeAll { style in styles.values.contains(style) || style == Self.other }
        for name in operations where styles[name] == nil {
            styles[name] = free.isEmpty ? Self.other : free.removeFirst()
        }
        self.operations = operations
        self.styles = styles
    }

    subscript(operation: String) -> Style { styles[operation] ?? Self.other }

    /// By the names that a profile gives the operations of a wav2vec 2.0 network.
    private static let known = kin.reduce(into: [String: Style]()) { known, kin in
        for (name, texture) in zip(kin.names, Texture.allCases) {
            known[name] = Style(paint: kin.paint, texture: texture)
        }
    }

    /// Plain, striped and dotted.
    private static let kin: [(paint: Paint, names: [String])] = [
        (.blue, ["convolution", "positional conv + GELU", "linear"]),
        (.orange, ["scores", "context"]),
        (.green, ["ffn1 + GELU", "ffn2"]),
        (.purple, ["norm", "norm + GELU", "attention norm"]),
        (.sky, ["q", "k", "v"]),
        (.vermillion, ["out", "head"]),
        (.yellow, ["softmax"]),
        (.gray, ["pack k, v", "mean over time"]),
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
