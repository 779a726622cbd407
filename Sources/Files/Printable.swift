/// Text from a file, made safe for a line of a message: what would break the line or move the cursor is escaped, and an
/// ellipsis replaces what lies beyond `longest` characters.
package func printable(_ text: String, longest: Int = .max) -> String {
    let scalars = text.unicodeScalars
    let line = String.UnicodeScalarView(scalars.prefix(longest).flatMap(escaped))
    return String(line) + (scalars.dropFirst(longest).isEmpty ? "" : "…")
}

/// A name from a file in quotation marks, made safe for a message and cut to what fits in a line.
package func quoted(_ name: String) -> String { "'\(printable(name, longest: 120))'" }

private func escaped(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        Array(scalar.escaped(asASCII: true).unicodeScalars)
    default: [scalar]
    }
}
