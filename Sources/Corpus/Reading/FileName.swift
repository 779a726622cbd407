/// What a line of a table or a list may call a file.
enum FileName {
    /// Why this name can't be meant, as what its line does; nil where it can.
    static func failure(_ name: String) -> String? {
        if name == "-" { return "names standard input, which only an argument can" }
        if name.utf8.contains(0) { return "has a NUL character, which no file name can have" }
        return nil
    }
}
