/// Text from a file, fit for a line of a message: whatever would break the line or move the cursor is escaped, and what
/// is beyond `longest` characters gives way to an ellipsis.
public func printable(_ text: String, longest: Int = .max) -> String {
    let scalars = text.unicodeScalars
    let line = String.UnicodeScalarView(scalars.prefix(longest).flatMap(escaped))
    return String(line) + (scalars.dropFirst(longest).isEmpty ? "" : "…")
}

private func escaped(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        Array(scalar.escaped(asASCII: true).unicodeScalars)
    default: [scalar]
    }
}
