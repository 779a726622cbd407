/// Finds MPEG audio in a file: bare, behind tags or junk, or as the content of a WAV file.
enum MPEGLocation {
    /// Within which frames must begin, in bytes behind the tags.
    private static let searchLength = 1 << 16

    /// What other containers begin with; there may be MPEG frames in them, but no row from the beginning.
    private static let otherContainers = [
        "RIFF", "RIFX", "RF64", "riff", "FORM", "caff", ".snd", "dns.", "OggS", "fLaC", "NIST_1A", "Creative Voice",
        "wvpk", "MThd", "MAC ", "PK", "%PDF", "FLV", "\u{1A}E", "SWF", "FWS", "CWS", "Rar!",
    ]

    /// Frames where a file begins, behind its tags, or in a WAV file; nil for other files.
    static func frames(in file: InputFile) throws(AudioError.Reason) -> MPEGFrames? {
        let bytes = ByteWindow(file)
        if try bytes.has("RIFF", at: 0) { return try wave(bytes, file) }
        return try MPEGFrames(bytes, at: MetadataTag.end(of: 0, in: bytes), count: 2)
    }

    /// Frames behind bytes that are neither frames nor tags; nil for other files. Samples of other formats may look like
    /// frames, so a file must be none of them.
    static func framesBehindJunk(in file: InputFile) throws(AudioError.Reason) -> MPEGFrames? {
        let bytes = ByteWindow(file)
        let start = try MetadataTag.end(of: 0, in: bytes)
        for container in otherContainers where try bytes.has(container, at: start) { return nil }
        // MP4.
        if try bytes.has("ftyp", at: start + 4) { return nil }
        if let frames = try search(bytes, from: start) { return frames }
        // A tag may say too large a size.
        return start > 0 ? try search(bytes, from: 0) : nil
    }

    /// The first row of frames; longer than elsewhere, as anything may lie before it.
    private static func search(_ bytes: ByteWindow, from start: Int) throws(AudioError.Reason) -> MPEGFrames? {
        var place = start
        while let next = try bytes.first(0xFF, from: place), next < start + searchLength {
            if let frames = try MPEGFrames(bytes, at: next, count: 3) { return frames }
            place = next + 1
        }
        return nil
    }

    /// The content of a WAV file whose format is MPEG audio.
    private static func wave(_ bytes: ByteWindow, _ file: InputFile) throws(AudioError.Reason) -> MPEGFrames? {
        func little(_ count: Int, at offset: Int) throws(AudioError.Reason) -> Int? {
            let field = try bytes.bytes(count, at: offset)
            return field.count == count ? field.reversed().reduce(0) { $0 << 8 | Int($1) } : nil
        }
        var isMPEG = try bytes.has("RMP3", at: 8)
        var offset = 12
        while let size = try little(4, at: offset + 4) {
            let content = offset + 8
            if try bytes.has("fmt ", at: offset) {
                // Layers I and II, and layer III.
                let tag = try little(2, at: content)
                isMPEG = tag == 0x50 || tag == 0x55
                if !isMPEG { return nil }
            }
            if try bytes.has("data", at: offset) {
                guard isMPEG else { return nil }
                // Otherwise the writer didn't know.
                let isKnown = size > 0 && size <= file.byteCount - content
                let audio = ByteWindow(file, end: isKnown ? content + size : .max)
                let start = try MetadataTag.end(of: content, in: audio)
                if let frames = try MPEGFrames(audio, at: start, count: 2) { return frames }
                return try search(audio, from: content)
            }
            offset = content + size + size % 2
        }
        return nil
    }
}
