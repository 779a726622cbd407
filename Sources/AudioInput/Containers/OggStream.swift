/// What an Ogg file holds: one or several recordings, chained one behind the other, and what is wrong with its pages.
struct OggStream {
    /// Where the recordings lie in the file.
    private(set) var links: [Range<Int>] = []
    /// Whether the last one says that it ends.
    private(set) var hasEnd = false
    /// How many stretches are missing or damaged, and the first of them, in seconds.
    private(set) var damage: (count: Int, first: Double)?
    private(set) var length: LengthFinding?

    /// Nil for other files.
    init?(_ file: InputFile) throws(AudioError.Reason) {
        let bytes = ByteWindow(file)
        guard try bytes.has("OggS", at: 0) else { return nil }
        var pages = OggPages(bytes)
        var start = 0
        var isInHeader = true
        // Of the stream that came first in the link: its rate, its next page, and the time of its last one.
        var stream: UInt32?
        var rate = 48_000.0
        var number: UInt32 = 0
        var time = 0.0
        var timeOfLinks = 0.0
        var endOfLast = 0
        while let page = try pages.next() {
            if page.isFirst, !isInHeader, !page.isDamaged {
                links.append(start..<page.offset)
                (start, stream, hasEnd) = (page.offset, nil, false)
                timeOfLinks += time
                time = 0
            }
            isInHeader = page.isFirst
            if stream == nil {
                stream = page.stream
                number = page.number
                rate = try Self.rate(bytes, page)
            }
            var isMissing = false
            if page.stream == stream {
                isMissing = page.number != number
                number = page.number &+ 1
                hasEnd = page.isLast
            }
            if page.isDamaged || isMissing { damage = ((damage?.count ?? 0) + 1, damage?.first ?? timeOfLinks + time) }
            if page.stream == stream, let position = page.position, position >= 0 { time = Double(position) / rate }
            endOfLast = page.offset + page.byteCount
        }
        links.append(start..<file.byteCount)
        if let cut = pages.cut {
            // How many pages are missing behind it, nobody knows.
            length = LengthFinding(
                unit: .bytes, declared: endOfLast + cut.declared, found: endOfLast + cut.found, isNearEnd: false)
        } else if pages.further > 0 {
            length = LengthFinding(unit: .bytes, declared: endOfLast, found: endOfLast, further: pages.further)
        }
    }

    /// Opens what it holds.
    func audio(in file: InputFile) throws(AudioError.Reason) -> any AudioFile {
        var extent = AudioExtent()
        extent.length = length
        var notices: [AudioNotice] = []
        if let damage { notices.append(.damagedFrames(count: damage.count, first: damage.first)) }
        if !hasEnd, length == nil { notices.append(.noEndMark) }
        if links.count > 1 { notices.append(.joined(count: links.count)) }
        if links.count == 1 { return try SoundFile(FileView(file, links[0]), extent, notices: notices) }
        let parts = links.map { FileView(file, $0) }
        return try ChainedFile(parts.map { ($0, nil) }, whole: extent, notices: notices)
    }

    /// Of the first page of a link, in positions a second.
    private static func rate(_ bytes: ByteWindow, _ page: OggPages.Page) throws(AudioError.Reason) -> Double {
        let packet = Array(try bytes.bytes(64, at: page.offset + 28))
        guard packet.count >= 16, packet.starts(with: [1] + Array("vorbis".utf8)) else { return 48_000 }
        let rate = packet[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
        return rate > 0 ? Double(rate) : 48_000
    }
}

extension InputFile {
    /// Nil if it is no Ogg file. The pages are looked at once.
    func oggStream() throws(AudioError.Reason) -> OggStream? {
        if let known = knownOggStream { return known }
        let stream = try OggStream(self)
        knownOggStream = stream
        return stream
    }
}
