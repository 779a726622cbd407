/// How a format lays out its chunks: each has a name, a size and content.
struct ChunkLayout {
    /// The name of the chunk with the audio.
    var audio = "data"
    var firstChunk = 12
    var nameSize = 4
    var sizeSize = 4
    var bigEndian = false
    /// Chunks start at multiples of this.
    var alignment = 2
    /// Whether a chunk's size counts its name and size too.
    var countsHeader = false

    static let riff = ChunkLayout()
    static let rf64 = ChunkLayout()
    static let rifx = ChunkLayout(bigEndian: true)
    static let aiff = ChunkLayout(audio: "SSND", bigEndian: true)
    static let svx = ChunkLayout(audio: "BODY", bigEndian: true)
    static let coreAudio = ChunkLayout(firstChunk: 8, sizeSize: 8, bigEndian: true, alignment: 1)
    /// Names are GUIDs that begin with RIFF's names.
    static let wave64 = ChunkLayout(firstChunk: 40, nameSize: 16, sizeSize: 8, alignment: 8, countsHeader: true)

    var headerSize: Int { nameSize + sizeSize }

    func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }
}

/// Audio in one of a file's chunks: WAV, RF64, Wave64, AIFF, CAF, 8SVX.
struct ChunkedAudio {
    let view: FileView
    let layout: ChunkLayout

    private struct Chunk {
        let name: String
        let content: Int
        let size: UInt64
    }

    /// More than any recording has, so that a file of empty ones is not walked to its end.
    private static let mostChunks = 1 << 16

    func extent() throws(AudioError.Reason) -> AudioExtent {
        var offset = layout.firstChunk
        // In a 64-bit WAV file, an earlier chunk has the size.
        var largeSize: (place: Int, size: UInt64)?
        for _ in 0..<Self.mostChunks {
            guard let chunk = try chunk(at: offset) else { return AudioExtent() }
            if chunk.name == layout.audio { return try extent(of: chunk, largeSize) }
            if chunk.name == "ds64", let size = try view.integer(8, at: chunk.content + 8, bigEndian: false) {
                largeSize = (chunk.content + 8, size)
            }
            guard chunk.size <= UInt64(view.byteCount) else { return AudioExtent() }
            offset = layout.aligned(chunk.content + Int(chunk.size))
        }
        throw .damagedHeader("no audio in the first \(Self.mostChunks) chunks")
    }

    private func chunk(at offset: Int) throws(AudioError.Reason) -> Chunk? {
        let header = try view.bytes(layout.headerSize, at: offset)
        guard header.count == layout.headerSize else { return nil }
        let field = header[layout.nameSize...]
        var size = (layout.bigEndian ? Array(field) : field.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
        if layout.countsHeader { size -= min(size, UInt64(layout.headerSize)) }
        return Chunk(
            name: String(decoding: header.prefix(4), as: UTF8.self), content: offset + layout.headerSize, size: size)
    }

    private func extent(
        of chunk: Chunk, _ largeSize: (place: Int, size: UInt64)?
    ) throws(AudioError.Reason) -> AudioExtent {
        let available = max(0, view.byteCount - chunk.content)
        let isLarge = layout.sizeSize == 4 && chunk.size == UInt64(UInt32.max) && largeSize != nil
        let size = isLarge ? largeSize?.size ?? 0 : chunk.size
        if AudioExtent.isPlaceholder(size, available: available) {
            return toTheEnd(chunk, largeSize?.place, isConvention: size >= 0x7F00_0000)
        }
        let declared = Int(clamping: size)
        var extent = AudioExtent()
        guard declared <= available else {
            extent.length = LengthFinding(unit: .bytes, declared: declared, found: available)
            // libsndfile refuses it otherwise.
            if layout.audio == ChunkLayout.coreAudio.audio, layout.sizeSize == 8, layout.bigEndian {
                extent.patches = toTheEnd(chunk, nil, isConvention: true).patches
            }
            return extent
        }
        let tail = try tail(from: chunk.content + declared)
        extent.next = tail.next
        guard tail.further > 0 else { return extent }
        if declared == 0 { return toTheEnd(chunk, largeSize?.place, isConvention: false) }
        if let end = try wrappedEnd(chunk, declared) {
            return toTheEnd(chunk, largeSize?.place, isConvention: false, end: end)
        }
        extent.length = LengthFinding(unit: .bytes, declared: declared, found: declared, further: tail.further)
        extent.end = view.byteCount - tail.further
        return extent
    }

    /// All that follows is audio.
    private func toTheEnd(_ chunk: Chunk, _ largeSize: Int?, isConvention: Bool, end: Int? = nil) -> AudioExtent {
        var extent = AudioExtent()
        let end = end ?? view.byteCount
        let found = end - chunk.content
        // On a pipe, there is no other way to say it.
        if !(isConvention && view.file.isStream) {
            extent.length = LengthFinding(unit: .bytes, declared: nil, found: found)
        }
        extent.end = end
        func field(_ value: UInt64, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
            return layout.bigEndian ? bytes.reversed() : bytes
        }
        let place = chunk.content - layout.sizeSize
        if let largeSize {
            extent.patches = [(largeSize, field(UInt64(found), 8)), (place, field(UInt64(UInt32.max), 4))]
        } else if layout.sizeSize == 8 {
            let size = UInt64(found + (layout.countsHeader ? layout.headerSize : 0))
            extent.patches = [(place, field(size, 8))]
        } else if layout.audio == ChunkLayout.riff.audio {
            // libsndfile takes this for a file that was not closed, and reads to its end, however far that is.
            extent.patches = [(4, field(8, 4)), (place, field(0, 4))]
        } else {
            extent.patches = [(place, field(UInt64(min(found, Int(Int32.max))), 4))]
        }
        return extent
    }

    // MARK: Behind the audio

    /// Where audio ends whose length has lost its bits from the 33rd on.
    private func wrappedEnd(_ chunk: Chunk, _ declared: Int) throws(AudioError.Reason) -> Int? {
        guard layout.sizeSize == 4, layout.audio == ChunkLayout.riff.audio else { return nil }
        var end = chunk.content + declared + 1 << 32
        while end <= view.byteCount {
            if end == view.byteCount { return end }
            let tail = try tail(from: end)
            if tail.further == 0, tail.next == nil { return end }
            end += 1 << 32
        }
        return nil
    }

    /// How many bytes from an offset on are neither chunks nor tags nor zeros up to the end, and where another recording
    /// begins.
    private func tail(from start: Int) throws(AudioError.Reason) -> (further: Int, next: Int?) {
        var offset = start
        let beginning = try view.bytes(12, at: 0)
        var chunks = 0
        while offset < view.byteCount, chunks < Self.mostChunks {
            chunks += 1
            // Some writers leave out the padding.
            let places = [layout.aligned(offset), offset]
            var isKnown = false
            for place in places {
                if try isRecording(at: place, like: beginning) { return (0, place) }
                if let end = try end(ofChunkAt: place) {
                    offset = end
                    isKnown = true
                    break
                }
                let tag = try MetadataTag.end(
                    of: view.range.lowerBound + place, in: ByteWindow(view.file, end: view.range.upperBound))
                if tag > view.range.lowerBound + place {
                    offset = tag - view.range.lowerBound
                    isKnown = true
                    break
                }
            }
            if isKnown { continue }
            return try view.isZero(from: offset) ? (0, nil) : (view.byteCount - offset, nil)
        }
        return (max(0, view.byteCount - offset), nil)
    }

    /// Whether the file's beginning comes again: its name, another size, its form.
    private func isRecording(at offset: Int, like beginning: [UInt8]) throws(AudioError.Reason) -> Bool {
        guard offset > 0, layout.sizeSize == 4, beginning.count == 12 else { return false }
        let bytes = try view.bytes(12, at: offset)
        return bytes.count == 12 && bytes[..<4] == beginning[..<4] && bytes[8...] == beginning[8...]
    }

    /// Chunks that may be cut short without any loss of audio.
    private static let known: Set = [
        "LIST", "list", "id3 ", "ID3 ", "bext", "cue ", "fact", "iXML", "PEAK", "smpl", "inst", "DISP", "JUNK", "junk",
        "PAD ", "FLLR", "afsp", "axml", "chna", "plst", "levl", "NAME", "ANNO", "AUTH", "APPL", "MARK", "COMT", "info",
    ]

    private func end(ofChunkAt offset: Int) throws(AudioError.Reason) -> Int? {
        guard let chunk = try chunk(at: offset) else { return nil }
        let name = try view.bytes(4, at: offset)
        guard let first = name.first, name.allSatisfy({ (0x20...0x7E).contains($0) }), first != 0x20 else { return nil }
        if chunk.size > UInt64(view.byteCount - chunk.content) {
            return Self.known.contains(chunk.name) ? view.byteCount : nil
        }
        return chunk.content + Int(chunk.size)
    }
}
