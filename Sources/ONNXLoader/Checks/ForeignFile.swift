/// What a file is that was given as a model but isn't one.
enum ForeignFile {
    /// A guess from the first bytes, put as the end of a message; nil where they say nothing.
    static func guess(_ start: [UInt8]) -> String? {
        func begins(with text: String) -> Bool { start.starts(with: text.utf8) }
        if begins(with: "PK\u{3}\u{4}") {
            return "it is a zip archive; unpack it and give the .onnx file in it"
        }
        if begins(with: "version https://git-lfs") {
            return "it is a Git LFS pointer, which stands for a file that was not fetched; run 'git lfs pull'"
        }
        if start.starts(with: [0x1F, 0x8B]) {
            return "it is compressed with gzip; unpack it first"
        }
        if begins(with: "GGUF") || start.dropFirst(8).starts(with: "{\"".utf8) {
            return "it holds weights without a graph (GGUF or safetensors); export the model to ONNX"
        }
        if start.dropFirst(4).starts(with: "ORTM".utf8) {
            return "it is in ONNX Runtime's own format; give the .onnx file it was made from"
        }
        guard start.allSatisfy({ (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) || $0 >= 0x80 }) else {
            return nil
        }
        let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace }
        return text.hasPrefix("<")
            ? "it is a web page or an XML file, perhaps an error message saved in place of a download"
            : "it is a text file"
    }
}
